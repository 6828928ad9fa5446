"""The `worker` command."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core.jobs.worker import WorkerProcess


class Command(BaseCommand):
    """Runs jobs, schedules and the relay until told to stop; `serve` starts one, more may run beside it."""

    help = "Run background work: jobs, schedules, the relay of events"
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--poll", type=float, default=0.5, help="seconds between looks at an empty queue")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(WorkerProcess(poll_seconds=options["poll"]).run())
