"""Bring the audit events that wait on disk into the database, oldest first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.services import audit_spool


class Command(BaseCommand):
    """Safe to run at any moment, again and again."""

    help = (
        "Bring the audit events that wait on disk into the database, oldest first. Safe at any moment. Exit code 1: "
        "files on disk are not what was written."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = audit_spool.replay()
        self.stdout.write(f"{count} events brought in, {len(audit_spool.waiting())} still waiting")
        if audit_spool.damaged():
            raise CommandError(f"{len(audit_spool.damaged())} files are not what was written; keep them and look")
