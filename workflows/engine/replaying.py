"""What another version of a flow would have said to decisions that were taken, asked only what was kept of them.

To each question there are three answers: the decision would have stood, it would have been refused, or nobody can say,
because what the rule looks at (consent, training, a staff list) was of that day and is not kept with the decision. The
third is never turned into one of the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.lint_deciding import UNCHANGED_GUARD
from workflows.engine.past import Past, PastCase, Question
from workflows.engine.quorum import Vote, heard, needed
from workflows.engine.replay_standing import fits, standing
from workflows.engine.spec import ReasonRule, Spec, Transition

__all__ = ["Past", "PastCase", "Question", "Rules", "Verdict", "replay"]

EARLIER_GUARD = "not_earlier_decider"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the other version says to one decision: codes of the refusals, and what it could not be asked.

    `lost` marks a decision for which there is no step there; `stands_in` is then where the case would be.
    """

    case: str
    past: Past
    refusals: tuple[str, ...] = ()
    unasked: tuple[Question, ...] = ()
    lost: bool = False
    stands_in: str = ""


@dataclass(frozen=True)
class Rules:
    """A version to ask: its flow, the effects that publish and the guards that keep authors out."""

    spec: Spec
    publishing: frozenset[str] = frozenset()
    barring: frozenset[str] = frozenset({"not_author"})


@dataclass
class _Walk:
    """How far the decisions of one case have come in the other version."""

    stands_in: str
    votes: list[Vote] = field(default_factory=list)
    earlier: list[Past] = field(default_factory=list)


def replay(rules: Rules, case: PastCase) -> Iterator[Verdict]:
    """A verdict on every decision of the case that is wanted, up to the first for which the other version has no step.

    A decision that would have been refused is taken as made, so that those after it are asked too.
    """
    walk = _Walk(rules.spec.start.key)
    for past in case.decisions:
        _follow(walk, past)
        step = rules.spec.transition(past.transition, past.from_state)
        if step is None or walk.stands_in != past.from_state:
            yield Verdict(case.ref, past, lost=True, stands_in=walk.stands_in)
            return
        refusals, unasked = _judge(rules, step, past, case, walk)
        if past.counted:
            yield Verdict(case.ref, past, tuple(refusals), tuple(dict.fromkeys(unasked)))
        walk.earlier.append(past)
        if not past.awaits:
            walk.stands_in, walk.votes = step.target, []


def _follow(walk: _Walk, past: Past) -> None:
    """Where the case stands before a decision: moved to another version in between, it began there anew."""
    last = walk.earlier[-1] if walk.earlier else None
    if last is None and not past.opening:
        walk.stands_in = past.from_state
    if last and not last.awaits and last.to_state != past.from_state:
        walk.stands_in, walk.votes = past.from_state, []


def _judge(rules: Rules, step: Transition, past: Past, case: PastCase, walk: _Walk) -> tuple[list[str], list[Question]]:
    refusals: list[str] = []
    unasked: list[Question] = []
    asked = (
        *_reason(step, past),
        *standing(step, past, case),
        *_alone(rules, step, past),
        *_guards(rules, step, past, walk.earlier),
        *_quorum(step, past, case, walk),
    )
    for found in asked:
        if isinstance(found, Question):
            unasked.append(found)
        elif found not in refusals:
            refusals.append(found)
    return refusals, unasked


def _reason(step: Transition, past: Past) -> Iterator[str | Question]:
    if step.reason is ReasonRule.REQUIRED and not past.reason:
        asked_then = past.step is not None and past.step.reason is not ReasonRule.NONE
        yield "reason-missing" if asked_then else Question("reason")
    if set(step.checklist) - past.ticked:
        yield Question("checklist")


def _alone(rules: Rules, step: Transition, past: Past) -> Iterator[str | Question]:
    """Nobody decides alone on what they wrote, unless the version carries the exemption it would be signed with."""
    exempt = step.uses_guard(EXEMPTION_GUARD) and bool(rules.spec.exemption) and not past.on_behalf_of
    publishing = any(use.name in rules.publishing for use in step.effects)
    barred = step.four_eyes or any(step.uses_guard(name) for name in rules.barring) or (publishing and not exempt)
    if past.opening and barred:
        yield Question("authors")
    elif past.alone and barred:
        yield "author"
    elif past.alone and step.uses_guard(EXEMPTION_GUARD) and not exempt:
        yield "no-exemption"


def _guards(rules: Rules, step: Transition, past: Past, earlier: Sequence[Past]) -> Iterator[str | Question]:
    if step.action and (past.step is None or past.step.action != step.action):
        yield Question("gate", step.action)
    sent = [other.sha256 for other in earlier if not other.awaits]
    for use in step.guards:
        if use.name in rules.barring or use.name == EXEMPTION_GUARD:
            continue
        if use.name == EARLIER_GUARD:
            if any(past.people & other.people for other in earlier if not other.opening):
                yield "earlier-decider"
        elif use.name == UNCHANGED_GUARD and sent and not step.significant:
            if past.sha256 != sent[-1]:
                yield "changed-since-sent"
        elif past.step is None or use not in past.step.guards:
            yield Question("guard", use.name)


def _quorum(step: Transition, past: Past, case: PastCase, walk: _Walk) -> Iterator[str | Question]:
    """With the last decision of a round: were there enough of them for the other version?"""
    fitting = frozenset(n for n, rule in enumerate(step.actors) if fits(rule, past, case) is not False)
    walk.votes = [vote for vote in walk.votes if not vote.people & past.people]
    walk.votes.append(Vote(past.people, past.organisation, fitting))
    if step.quorum and not past.awaits and heard(step.quorum, walk.votes) < needed(step.quorum, len(step.actors)):
        yield "too-few"
