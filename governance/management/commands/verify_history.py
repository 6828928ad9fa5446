"""Check what may never change: exit status 1 when anything in it was changed, removed, reordered or forged."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from governance.services import audit_spool, sealing, verification


class Command(BaseCommand):
    """Counts what it read and says every break."""

    help = (
        "Check the audit trail, the approved versions of every plan, what urgent care is shown of them and the history "
        "of every case, and say every break. Exit codes: 0 whole, 1 something was changed, removed, reordered or "
        "forged, 2 it cannot be read."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--seal", action="store_true", help="bring in what waits and seal everything first")

    def handle(self, *args: Any, seal: bool = False, **options: Any) -> None:
        try:
            report = self._verified(seal)
        except DatabaseError:
            sentence = (
                "The trail cannot be read, so nothing was checked. Look at the database: was “manage.py migrate” run?"
            )
            raise CommandError(sentence, returncode=2) from None
        checked = "".join(f"{name} {count}, " for name, count in report.checked.items())
        self.stdout.write(
            f"events {report.events}, sealed {report.sealed}, not sealed yet {report.events - report.sealed}, "
            f"seals {report.seals}, anchors {report.anchors}, waiting on disk {report.waiting}, "
            f"{checked}breaks {len(report.breaks)}"
        )
        for sentence in report.breaks:
            self.stdout.write(sentence)
        if not report.intact:
            raise CommandError("The history is broken.")

    def _verified(self, seal: bool) -> verification.Report:
        if seal:
            audit_spool.replay()
            sealing.seal_everything()
        return verification.verify()
