"""A replay in words: which decisions another version would have refused and why, and what could not be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows import permissions, registry
from workflows.engine.replay_report import Report, StepKey
from workflows.engine.replaying import Question, Verdict
from workflows.engine.spec import ANY_ROLE, ActorRule, Scope, Spec
from workflows.presenters.flows import OWNER

REFUSALS = {
    "not-yours": "It would not have been theirs to take",
    "author": "They decided on what they wrote, or part of it",
    "no-exemption": "They decided on what they wrote, and no exemption allows it",
    "earlier-decider": "They had decided on it before",
    "changed-since-sent": "It had changed since it was sent",
    "reason-missing": "They gave no reason",
    "too-few": "Too few people had decided",
}
_QUESTIONS = {
    "roles": "Which roles the colleague held for whom somebody decided: that is not kept",
    "authors": "Whether whoever sent it had written it: that is not kept of a sending",
    "reason": "Whether there would have been a reason: nobody was asked for one then",
    "checklist": "Whether everything in the list would have been ticked: it was not shown then",
}

_PLACES = {"sharing_org": "at an organisation of the care team", "host": "at the host of the service"}


@dataclass(frozen=True)
class Line:
    """One count: the step, what would have happened or could not be asked, and for how many decisions."""

    step: str
    words: str
    number: int


@dataclass(frozen=True)
class Listed:
    """One decision: the reference of its case, the step, when, and why."""

    case: str
    step: str
    at: object
    words: str


def sentence(report: Report) -> str:
    """ "120 cases, 240 decisions: 3 would be refused, 180 would stand, 57 would stand as far as can be said"."""
    stood = report.stood.total()
    parts = [f"{report.refused_decisions:,} would be refused", f"{report.sure:,} would stand"]
    parts.append(f"{stood - report.sure:,} would stand as far as can be said")
    return f"{_number(report.cases, 'case')}, {_number(report.decisions, 'decision')}: {', '.join(parts)}"


def refused(report: Report, spec: Spec) -> list[Line]:
    """Why decisions would be refused, the most frequent first."""
    return [Line(_step(key, spec, report.labels), refusal(code), n) for (key, code), n in report.refused.most_common()]


def unasked(report: Report, spec: Spec) -> list[Line]:
    """What cannot be asked of the past, and for how many decisions."""
    return [
        Line(_step(key, spec, report.labels), question(asked), n) for (key, asked), n in report.unasked.most_common()
    ]


def lost(report: Report, spec: Spec) -> list[Line]:
    """Steps that cases took and that do not exist where the case would be."""
    return [
        Line(_step(key, spec, report.labels), "There is no such step where the case would be", n)
        for key, n in report.lost.most_common()
    ]


def listed(verdicts: list[Verdict], report: Report, spec: Spec) -> list[Listed]:
    """Decisions one by one."""
    return [
        Listed(
            case=verdict.case,
            step=_step((verdict.past.from_state, verdict.past.transition), spec, report.labels),
            at=verdict.past.at,
            words=_lost(verdict, spec) if verdict.lost else ". ".join(refusal(code) for code in verdict.refusals),
        )
        for verdict in verdicts
    ]


def refusal(code: str) -> str:
    """A refusal's code in words."""
    return REFUSALS.get(code, code)


def question(asked: Question) -> str:
    """What cannot be asked, and why, in words."""
    if asked.kind == "guard":
        label = registry.guards.get(asked.name).label if asked.name in registry.guards else asked.name
        return f"“{label}”: it looks at the day of the decision, which is not kept"
    if asked.kind == "event":
        return f"Whether “{asked.name}” would have been recorded: nobody presses this step there"
    if asked.kind == "gate":
        return f"What the access gate would have said to {asked.name} on that day: that is not kept"
    if asked.kind == "scope":
        who = _PLACES.get(asked.name) or permissions.rule_words(ActorRule(ANY_ROLE, Scope(asked.name)), OWNER)
        return f"Whether they were {who} on that day: that is not kept"
    return _QUESTIONS[asked.kind]


def _lost(verdict: Verdict, spec: Spec) -> str:
    labels = {state.key: state.label for state in spec.states}
    return f"The case would be in “{labels.get(verdict.stands_in, verdict.stands_in)}”, where there is no such step"


def _step(key: StepKey, spec: Spec, labels: Mapping[StepKey, tuple[str, str]]) -> str:
    """A step as the other version calls it, else as people knew it."""
    source, transition = key
    step, state = labels.get(key, (transition, source))
    found = spec.transition(transition, source)
    names = {state.key: state.label for state in spec.states}
    return f"{found.label if found else step}, from “{names.get(source, state)}”"


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
