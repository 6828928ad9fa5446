"""Tells scenarios to a flow and says how they come out."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import ForewordError
from workflows import policies
from workflows.engine.loading import load_file, load_spec
from workflows.engine.reading import SpecError
from workflows.engine.scenarios import load_scenarios
from workflows.engine.spec import Spec
from workflows.models import FlowDefinition
from workflows.presenters import trying_page
from workflows.presenters.trying_page import Story

NOT_AS_TOLD, NOT_DONE = 1, 2


class Command(BaseCommand):
    """Exit code 0: every scenario came out as told. 1: some did not. 2: it could not be tried."""

    help = (
        "Tell scenarios to a flow: the live version of a flow, or a draft in a file. Says for every step "
        "what followed and whether that is what the scenario says must follow. Writes nothing. Exit codes: 0 every "
        "scenario came out as told; 1 some did not; 2 it could not be tried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", metavar="FLOW_OR_FILE", help="the key of a flow, or a flow file")
        parser.add_argument("scenarios", help="the file of scenarios")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            spec, conditions = _flow(options["flow"])
            file = load_scenarios(_content(options["scenarios"]))
        except (SpecError, ForewordError) as error:
            raise _impossible(str(error)) from None
        told = trying_page.stories(spec, file.scenarios, conditions)
        for story in told:
            self._tell(story)
        self.stdout.write(f"{trying_page.sentence(told)}.")
        if not all(story.as_told for story in told):
            raise SystemExit(NOT_AS_TOLD)

    def _tell(self, story: Story) -> None:
        self.stdout.write(f"{'as told ' if story.as_told else 'NOT SO  '} {story.name}")
        if story.routing:
            self.stdout.write(f"    {story.routing}")
        for line in story.lines:
            if not line.as_told:
                self.stdout.write(f"    {line.number}. {line.what}: expected {line.expected}; {line.found}")


def _flow(named: str) -> tuple[Spec, Mapping[str, Any]]:
    """A flow and the conditions under which subjects take it: of the service by its key, else of a file."""
    definition = FlowDefinition.objects.filter(key=named).select_related("live_version").first()
    if definition and definition.live_version:
        return policies.spec_of(definition.live_version), definition.applies_when
    if definition:
        raise _impossible(f"No version of {named} is live. Give the file of a version")
    file = load_file(_content(named))
    return load_spec(file.spec), file.applies_when


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise _impossible(f"There is no flow with the key {path}, and no file that can be read") from None


def _impossible(text: str) -> CommandError:
    return CommandError(text, returncode=NOT_DONE)
