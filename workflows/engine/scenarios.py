"""Scenarios: short stories of a case that a clinical lead can read, with what must follow at every step.

They are written as JSON and read as strictly as a flow. What a story does not say is as it should be: guards let the
step pass, the access gate agrees, an exemption is signed, everything in a checklist is ticked.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workflows.engine.reading import NAME_LENGTH, TEXT_LENGTH, Reader, SpecError, read_json

SCENARIO_VERSION = 1
NAME_LIMIT = 120


class Happens(StrEnum):
    """What can happen beside people's steps."""

    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the story. `wrote` marks an author of the subject, `is_person` the one it is about or somebody who
    acts for them, `has_task` whoever has taken the task; `stands_in_for` names colleagues who put their decisions in
    this person's hands.
    """

    name: str
    role: str
    organisation: str = ""
    wrote: bool = False
    is_person: bool = False
    has_task: bool = False
    stands_in_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story: somebody `does` a step of the flow (for a colleague, when `instead_of` says so); or
    somebody, or the service by itself, `records` what the flow follows; or the subject changes. For the first two one
    of `leads_to`, `refused` and `waits_for_more` says what must follow.
    """

    who: str = ""
    does: str = ""
    records: str = ""
    happens: str = ""
    items: tuple[str, ...] = ()
    instead_of: str = ""
    at: datetime.datetime | None = None
    reason: str = ""
    leaves_unticked: bool = False
    fails: Mapping[str, str] = field(default_factory=dict)
    leads_to: str = ""
    refused: str = ""
    waits_for_more: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. `fails` maps a guard, or an action of the access gate, to the code with which it refuses."""

    name: str
    owner: str
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    care_team: tuple[str, ...] = ()
    host: str = ""
    opened_by: str = ""
    fails: Mapping[str, str] = field(default_factory=dict)
    exemption_signed: bool = True

    def person(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The stories of one flow."""

    flow: str
    scenarios: tuple[Scenario, ...]


def load_scenarios(content: bytes) -> ScenarioFile:
    """The stories in the bytes of a file; SpecError, with the place, when it holds none."""
    top = Reader(read_json(content), "file", {"scenario_version", "flow", "scenarios"})
    if top.value("scenario_version", int) != SCENARIO_VERSION:
        raise SpecError(f"file.scenario_version: only version {SCENARIO_VERSION} is understood")
    found = ScenarioFile(top.slug("flow"), top.rows("scenarios", _scenario, required=True))
    names = [scenario.name for scenario in found.scenarios]
    if not names or len(set(names)) < len(names):
        raise SpecError("file.scenarios: there must be at least one, and no two may have one name")
    return found


def _scenario(value: Any, path: str) -> Scenario:
    row = Reader(
        value,
        path,
        {
            *("name", "about", "facts", "owner", "care_team", "host", "opened_by", "people", "fails"),
            *("exemption_signed", "steps"),
        },
    )
    scenario = Scenario(
        name=row.text("name", required=True, limit=NAME_LIMIT),
        owner=row.text("owner", required=True, limit=NAME_LIMIT),
        people=row.rows("people", _person, required=True),
        steps=row.rows("steps", _step, required=True),
        about=row.text("about"),
        facts=row.value("facts", dict, {}),
        care_team=row.texts("care_team"),
        host=row.text("host", limit=NAME_LIMIT),
        opened_by=row.text("opened_by", limit=NAME_LIMIT),
        fails=_fails(row, path),
        exemption_signed=row.value("exemption_signed", bool, True),
    )
    _check_people(scenario, path)
    _check_time(scenario, path)
    return scenario


def _person(value: Any, path: str) -> Person:
    row = Reader(value, path, {"name", "role", "organisation", "wrote", "is_person", "has_task", "stands_in_for"})
    return Person(
        name=row.text("name", required=True, limit=NAME_LIMIT),
        role=row.text("role", required=True, limit=NAME_LENGTH),
        organisation=row.text("organisation", limit=NAME_LIMIT),
        wrote=row.value("wrote", bool, False),
        is_person=row.value("is_person", bool, False),
        has_task=row.value("has_task", bool, False),
        stands_in_for=row.texts("stands_in_for"),
    )


def _step(value: Any, path: str) -> Step:
    if isinstance(value, Mapping) and "happens" in value:
        row = Reader(value, path, {"happens", "items", "at"})
        return Step(happens=row.word("happens", Happens), items=row.texts("items"), at=_moment(row, path))
    row = Reader(
        value,
        path,
        {
            *("who", "does", "records", "instead_of", "at", "reason", "leaves_unticked", "fails"),
            *("leads_to", "refused", "waits_for_more"),
        },
    )
    step = Step(
        who=row.text("who", limit=NAME_LIMIT),
        does=row.text("does", limit=NAME_LENGTH),
        records=row.text("records", limit=NAME_LENGTH),
        instead_of=row.text("instead_of", limit=NAME_LIMIT),
        at=_moment(row, path),
        reason=row.text("reason", limit=TEXT_LENGTH),
        leaves_unticked=row.value("leaves_unticked", bool, False),
        fails=_fails(row, path),
        leads_to=row.text("leads_to", limit=NAME_LENGTH),
        refused=row.text("refused", limit=NAME_LENGTH),
        waits_for_more=row.number("waits_for_more", 0, 9),
    )
    if bool(step.does) == bool(step.records) or (step.does and not step.who):
        raise SpecError(f"{path}: say who does what, or what is recorded")
    if sum(map(bool, (step.leads_to, step.refused, step.waits_for_more))) != 1:
        raise SpecError(f"{path}: say what must follow, by one of leads_to, refused and waits_for_more")
    return step


def _moment(row: Reader, path: str) -> datetime.datetime | None:
    text = row.text("at", limit=NAME_LENGTH)
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise SpecError(f"{path}.at: this must be a moment, such as 2027-03-01T09:00") from None


def _fails(row: Reader, path: str) -> Mapping[str, str]:
    found = row.value("fails", dict, {})
    for name, code in found.items():
        if not isinstance(code, str) or not code.strip():
            raise SpecError(f"{path}.fails.{name}: this must be the code with which it refuses")
    return found


def _check_people(scenario: Scenario, path: str) -> None:
    names = [person.name for person in scenario.people]
    if len(set(names)) < len(names):
        raise SpecError(f"{path}.people: no two people may have one name")
    said = {scenario.opened_by, *(name for step in scenario.steps for name in (step.who, step.instead_of))}
    said |= {name for person in scenario.people for name in person.stands_in_for}
    if unknown := sorted(said - {"", *names}):
        raise SpecError(f"{path}: {unknown[0]!r} is nobody among the people")


def _check_time(scenario: Scenario, path: str) -> None:
    moments = [step.at for step in scenario.steps if step.at]
    if moments != sorted(moments):
        raise SpecError(f"{path}.steps: a step comes before the one above it")
