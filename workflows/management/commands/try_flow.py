"""Tells scenarios to a flow and says how they come out."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from core.commands import content_of
from workflows.engine.scenarios import load_scenarios
from workflows.flow_commands import FlowCommand, live_or_file
from workflows.presenters import trying_page
from workflows.presenters.trying_page import Story


class Command(FlowCommand):
    """Exit code 0: every scenario came out as told. 1: some did not. 2: it could not be tried."""

    help = (
        "Tell scenarios to a flow: the live version of a flow, or a draft in a file. Says for every step "
        "what followed and whether that is what the scenario says must follow. Writes nothing. Exit codes: 0 every "
        "scenario came out as told; 1 some did not; 2 it could not be tried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", metavar="FLOW_OR_FILE", help="the key of a flow, or a flow file")
        parser.add_argument("scenarios", help="the file of scenarios")
        super().add_arguments(parser)

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        spec, conditions = live_or_file(options["flow"])
        file = load_scenarios(content_of(options["scenarios"]))
        told = trying_page.stories(spec, file.scenarios, conditions)
        for story in told:
            self._tell(story)
        self.say(f"{trying_page.sentence(told)}.")
        report = {"flow": options["flow"], "scenarios": [asdict(story) | {"as_told": story.as_told} for story in told]}
        return report, not all(story.as_told for story in told)

    def _tell(self, story: Story) -> None:
        self.say(f"{'as told ' if story.as_told else 'NOT SO  '} {story.name}")
        if story.routing:
            self.say(f"    {story.routing}")
        for line in story.lines:
            if not line.as_told:
                self.say(f"    {line.number}. {line.what}: expected {line.expected}; {line.found}")
