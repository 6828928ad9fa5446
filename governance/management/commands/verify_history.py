"""Check the audit trail: exit status 1 when anything in it was changed, removed, reordered or forged."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.services import audit_spool, sealing, verification


class Command(BaseCommand):
    """Counts what it read and says every break."""

    help = (
        "Check the audit trail and say every break. Exit codes: 0 whole, 1 something in it was changed, removed, "
        "reordered or forged."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--seal", action="store_true", help="bring in what waits and seal everything first")

    def handle(self, *args: Any, seal: bool = False, **options: Any) -> None:
        if seal:
            audit_spool.replay()
            sealing.seal_everything()
        report = verification.verify()
        self.stdout.write(
            f"events {report.events}, sealed {report.sealed}, not sealed yet {report.events - report.sealed}, "
            f"seals {report.seals}, anchors {report.anchors}, waiting on disk {report.waiting}, "
            f"breaks {len(report.breaks)}"
        )
        for sentence in report.breaks:
            self.stdout.write(sentence)
        if not report.intact:
            raise CommandError("The audit trail is broken.")
