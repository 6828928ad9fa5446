"""Asks another version of a flow about the decisions of the last weeks."""

import datetime
from argparse import ArgumentParser
from typing import Any

from core import clock
from core.commands import check_at_least_one
from workflows import catalogue
from workflows.engine.replay_report import Report
from workflows.engine.spec import Spec
from workflows.flow_commands import FlowCommand, flow_by_key, version_or_file
from workflows.presenters import replay_page
from workflows.selectors import replays


class Command(FlowCommand):
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
        super().add_arguments(parser)

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        definition = flow_by_key(options["flow"])
        check_at_least_one(options, "days")
        spec = version_or_file(definition, options["against"])
        since = clock.now() - datetime.timedelta(days=options["days"])
        report = replays.replayed(definition, catalogue.rules_of(spec), since=since)
        self._print(report, spec)
        return _plain(report, spec), not report.finds_nothing

    def _print(self, report: Report, spec: Spec) -> None:
        self.say(f"{replay_page.sentence(report)}.")
        parts = {
            "Would be refused": replay_page.refused(report, spec),
            "Steps that do not exist there": replay_page.lost(report, spec),
            "What cannot be asked": replay_page.unasked(report, spec),
        }
        for head, lines in parts.items():
            if lines:
                self.say(f"\n{head}:")
            for line in lines:
                self.say(f"  {line.step}: {line.words} ({line.number})")
        for row in replay_page.listed([*report.listed, *report.lost_listed], report, spec):
            self.say(f"{row.case}  {row.at:%Y-%m-%d}  {row.step}: {row.words}")


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
