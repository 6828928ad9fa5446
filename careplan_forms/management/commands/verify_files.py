"""Compare every file of every plan with what its plan says of it: exit status 1 when one is lost or was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careplan_forms.services import plan_file_upkeep


class Command(BaseCommand):
    """Counts what it read and names, by reference, every file that does not fit."""

    help = (
        "Compare every file of every plan with what its plan says of it. Exit codes: 0 all fit, 1 some are lost or "
        "were changed, and are named by reference."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        read, damaged = 0, []
        for reference, fits in plan_file_upkeep.compared():
            read += 1
            if not fits:
                damaged.append(reference)
            if read % 1_000 == 0:
                self.stderr.write(f"{read} files read")
        self.stdout.write(f"files {read}, damaged {len(damaged)}")
        for reference in damaged:
            self.stdout.write(reference)
        if damaged:
            raise CommandError("Some files are lost or were changed.", returncode=1)
