"""Scenarios as they came out, in words: for the page and the command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import catalogue
from workflows.engine.scenarios import Scenario, Step
from workflows.engine.simulating import Outcome, simulate
from workflows.engine.spec import Spec
from workflows.happenings import happenings
from workflows.selectors.definitions import applies

REFUSALS = {
    "not-yours": "the step is not for them",
    "no-delegation": "this colleague has not put their decisions in their hands",
    "author": "they wrote it, or part of it",
    "no-exemption": "they wrote it, and the exemption is not signed",
    "earlier-decider": "they decided on it before",
    "changed-since-sent": "it has changed since it was sent",
    "reason-missing": "a reason has to be given",
    "not-ticked": "not everything in the list is ticked",
    "no-such-step": "there is no such step here",
    "not-expected": "this is not expected here",
    "case-closed": "the case is over",
    "decided": "they have decided on this already",
    "place-heard": "their organisation has decided already",
    "part-decided": "their part is decided already",
}
CHANGED = "It is changed"


@dataclass(frozen=True)
class Line:
    """One step of a story: what was done, what had to follow, what did."""

    number: int
    what: str
    when: str
    expected: str
    found: str
    as_told: bool


@dataclass(frozen=True)
class Story:
    """One scenario as it came out. `routing` says when its facts would not have taken this flow."""

    name: str
    about: str
    routing: str
    lines: tuple[Line, ...]

    @property
    def as_told(self) -> bool:
        return not self.routing and all(line.as_told for line in self.lines)

    @property
    def has_times(self) -> bool:
        return any(line.when for line in self.lines)


def stories(spec: Spec, scenarios: Iterable[Scenario], conditions: Mapping[str, Any]) -> list[Story]:
    """Every scenario told to a flow that subjects take under these conditions (none: whenever no other applies)."""
    rules = catalogue.rules_of(spec)
    return [_story(spec, scenario, simulate(rules, scenario), conditions) for scenario in scenarios]


def sentence(told: list[Story]) -> str:
    """ "5 of 6 scenarios came out as told"."""
    well = sum(story.as_told for story in told)
    return f"{well} of {len(told)} {'scenario' if len(told) == 1 else 'scenarios'} came out as told"


def refusal_words(codes: Iterable[str]) -> str:
    """Codes in words; one that only the story knows stands as it is."""
    return "refused: " + "; ".join(REFUSALS.get(code, code) for code in codes)


def _story(spec: Spec, scenario: Scenario, outcomes: list[Outcome], conditions: Mapping[str, Any]) -> Story:
    routing = ""
    if conditions and not applies(conditions, scenario.facts):
        wanted = " and ".join(f"{name} is {value}" for name, value in sorted(conditions.items()))
        routing = f"These facts would not take this flow, which applies when {wanted}"
    lines = (_line(spec, number, outcome) for number, outcome in enumerate(outcomes, start=1))
    return Story(scenario.name, scenario.about, routing, tuple(lines))


def _line(spec: Spec, number: int, outcome: Outcome) -> Line:
    step = outcome.step
    return Line(
        number=number,
        what=_what(step, outcome.label),
        when=f"{step.at:%-d %B %Y, %H:%M}" if step.at else "",
        expected=_expected(spec, step),
        found=_found(spec, outcome),
        as_told=outcome.as_told,
    )


def _what(step: Step, label: str) -> str:
    if step.happens:
        return f"{CHANGED}: {', '.join(step.items)}" if step.items else CHANGED
    who = step.who or "The service"
    stead = f", instead of {step.instead_of}" if step.instead_of else ""
    reason = f", giving the reason “{step.reason}”" if step.reason else ""
    if step.records:
        return f"{who} records {_recorded(step.records)}"
    return f"{who}{stead}: {label}{reason}"


def _recorded(name: str) -> str:
    """What is recorded, in the words of whoever registered it."""
    return f"“{happenings.get(name).label}”" if name in happenings else name


def _expected(spec: Spec, step: Step) -> str:
    if step.refused:
        return refusal_words([step.refused])
    if step.waits_for_more:
        return _waits(step.waits_for_more)
    return _state(spec, step.leads_to) if step.leads_to else ""


def _found(spec: Spec, outcome: Outcome) -> str:
    if outcome.refusals:
        return refusal_words(outcome.refusals)
    return _waits(outcome.awaits) if outcome.awaits else _state(spec, outcome.state)


def _waits(number: int) -> str:
    return f"waits for {number} more"


def _state(spec: Spec, key: str) -> str:
    labels = {state.key: state.label for state in spec.states}
    return f"it is at “{labels[key]}”" if key in labels else f"it is at “{key}”, a state this flow does not have"
