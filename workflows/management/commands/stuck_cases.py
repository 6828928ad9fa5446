"""List the cases that nobody can move."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from workflows.services.stuck import Problem, stuck


class Command(BaseCommand):
    """Exit code 0: every open case can go on. 1: some cannot."""

    help = (
        "List every open case that nobody can move as things stand, with the reason: its subject is gone, nobody "
        "holds the role it waits for, whoever took the task has left, a reminder was missed. Names nobody. Exit "
        "codes: 0 every open case can go on, 1 some cannot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text", help="how to print the cases")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [_row(problem) for problem in stuck(clock.now())]
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            for row in rows:
                self.stdout.write(
                    f"{row['case']}  {row['code']}  {row['flow']} at {row['organisation']}, in “{row['state']}” "
                    f"since {row['since']}: {row['text']}"
                )
            self.stdout.write(f"{len({row['case'] for row in rows})} cases cannot go on.")
        if rows:
            raise SystemExit(1)


def _row(problem: Problem) -> dict[str, str]:
    case = problem.case
    return {
        "case": str(case.public_id),
        "code": problem.code,
        "flow": f"{case.version.definition.key} v{case.version.number}",
        "organisation": case.owner.ods_code,
        "state": case.state,
        "since": case.opened_at.isoformat(timespec="minutes"),
        "text": problem.text,
    }
