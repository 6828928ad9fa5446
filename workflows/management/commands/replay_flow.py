"""Asks another version of a flow about the decisions of the last weeks."""

import datetime
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.exceptions import ForewordError
from workflows import catalogue, policies
from workflows.engine.loading import load_file, load_spec
from workflows.engine.reading import SpecError
from workflows.engine.replay_report import Report
from workflows.engine.spec import Spec
from workflows.models import FlowDefinition
from workflows.presenters import replay_page
from workflows.selectors import replays

FINE, REFUSED, NOT_DONE = 0, 1, 2


class Command(BaseCommand):
    """Exit code 0: nothing would be refused. 1: something would. 2: it could not be asked."""

    help = (
        "Ask another version of a flow, or a draft in a file, what it would have said to the decisions of the last "
        "weeks: which it would have refused and why, which steps it does not have, and what cannot be asked because it "
        "was not kept. Writes nothing. Exit codes: 0 no decision would be refused and every step exists; 1 some would "
        "be, or are missing; 2 it could not be asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", help="the key of the flow whose cases are looked at")
        parser.add_argument("--against", required=True, metavar="FILE_OR_VERSION", help="a flow file or a version")
        parser.add_argument("--days", type=int, default=replays.DAYS, help="how far back (default: %(default)s)")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the result")

    def handle(self, *args: Any, **options: Any) -> None:
        definition = FlowDefinition.objects.filter(key=options["flow"]).first()
        if definition is None:
            raise _impossible(f"There is no flow with the key {options['flow']}")
        if options["days"] < 1:
            raise _impossible("--days must be 1 or more")
        spec = _spec(definition, options["against"])
        since = clock.now() - datetime.timedelta(days=options["days"])
        report = replays.replayed(definition, catalogue.rules_of(spec), since=since)
        if options["report"] == "json":
            self.stdout.write(json.dumps(_plain(report, spec), ensure_ascii=False, indent=2))
        else:
            self._print(report, spec)
        if not report.finds_nothing:
            raise SystemExit(REFUSED)

    def _print(self, report: Report, spec: Spec) -> None:
        self.stdout.write(f"{replay_page.sentence(report)}.")
        parts = {
            "Would be refused": replay_page.refused(report, spec),
            "Steps that do not exist there": replay_page.lost(report, spec),
            "What cannot be asked": replay_page.unasked(report, spec),
        }
        for head, lines in parts.items():
            if lines:
                self.stdout.write(f"\n{head}:")
            for line in lines:
                self.stdout.write(f"  {line.step}: {line.words} ({line.number})")
        for row in replay_page.listed([*report.listed, *report.lost_listed], report, spec):
            self.stdout.write(f"{row.case}  {row.at:%Y-%m-%d}  {row.step}: {row.words}")


def _plain(report: Report, spec: Spec) -> dict[str, Any]:
    kinds = {"refused": replay_page.refused, "lost": replay_page.lost, "unasked": replay_page.unasked}
    listed = replay_page.listed([*report.listed, *report.lost_listed], report, spec)
    return {
        "cases": report.cases,
        "decisions": report.decisions,
        "would_be_refused": report.refused_decisions,
        "would_stand": report.sure,
        "would_stand_as_far_as_can_be_said": report.stood.total() - report.sure,
        **{
            name: [{"step": line.step, "why": line.words, "decisions": line.number} for line in lines(report, spec)]
            for name, lines in kinds.items()
        },
        "listed": [{"case": row.case, "step": row.step, "at": str(row.at), "why": row.words} for row in listed],
    }


def _spec(definition: FlowDefinition, against: str) -> Spec:
    """The flow of a version's number or of a file."""
    try:
        if against.isdigit():
            version = definition.versions.filter(number=int(against)).first()
            if version is None:
                raise _impossible(f"{definition.key} has no version {against}")
            return policies.spec_of(version)
        return load_spec(load_file(Path(against).read_bytes()).spec)
    except (SpecError, ForewordError) as error:
        raise _impossible(str(error)) from None
    except OSError:
        raise _impossible(f"There is no file {against} that can be read") from None


def _impossible(text: str) -> CommandError:
    return CommandError(text, returncode=NOT_DONE)
