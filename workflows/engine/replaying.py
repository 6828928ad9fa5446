"""What another version of a flow would have said to decisions that were taken, asked only what was kept of them.

To each question there are three answers: the decision would have stood, it would have been refused, or nobody can say,
because what the rule looks at (consent, training, a staff list, the care team) was of that day and is not kept with the
decision. The third is never turned into one of the others.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.lint_deciding import UNCHANGED_GUARD
from workflows.engine.quorum import Vote, heard, needed
from workflows.engine.spec import ANY_ROLE, ActorRule, ReasonRule, Scope, Spec, Transition

EARLIER_GUARD = "not_earlier_decider"
#: Roles of people who decide on their own care; anybody else's role rules their scope out.
PERSON_SIDE = frozenset({"", "patient", "delegate"})


@dataclass(frozen=True, slots=True)
class Past:
    """One decision as it was kept. `step` is what the version it was taken on said of it, where that is known, and
    `state_label` what it called the state;
    `awaits` how many more decisions the step waited for after this one; `counted` whether the answer is wanted.
    """

    transition: str
    from_state: str
    to_state: str
    at: datetime.datetime
    user: str = ""
    on_behalf_of: str = ""
    organisation: str = ""
    role: str = ""
    reason: str = ""
    sha256: str = ""
    alone: bool = False
    opening: bool = False
    ticked: frozenset[str] = frozenset()
    awaits: int = 0
    step: Transition | None = None
    state_label: str = ""
    counted: bool = True

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose decision it is."""
        return frozenset({self.user, self.on_behalf_of} - {""})


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with its decisions in the order they were taken."""

    ref: str
    owner: str
    opened_by: str
    decisions: Sequence[Past]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that cannot be asked of the past: `kind` is scope, roles, authors, reason, checklist, event, gate or
    guard, `name` which one.
    """

    kind: str
    name: str = ""


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
        *_standing(step, past, case),
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


def _standing(step: Transition, past: Past, case: PastCase) -> Iterator[str | Question]:
    """Whether the step is for whoever took it: one of the new rules fits, or none can, or it cannot be said."""
    if step.on_event and (past.step is None or past.step.on_event != step.on_event):
        yield Question("event", step.on_event)
        return
    if step.on_event and not step.actors:
        return
    fits = {rule: _fits(rule, past, case) for rule in step.actors}
    if any(fits.values()) or _was_let_in_by(fits, past, case):
        return
    unknown = [rule for rule, answer in fits.items() if answer is None]
    if not unknown:
        yield "not-yours"
    for rule in unknown:
        yield Question("roles") if past.on_behalf_of else Question("scope", str(rule.scope))


def _was_let_in_by(rules: Iterable[ActorRule], past: Past, case: PastCase) -> bool:
    """Whether whatever let the decider in then would let them in here: all that can have done so is here too."""
    if past.step is None:
        return False
    possible = {rule for rule in past.step.actors if _fits(rule, past, case) is not False}
    return bool(possible) and possible <= set(rules)


def _fits(rule: ActorRule, past: Past, case: PastCase) -> bool | None:
    """Whether the decider stood in that relation to the case; None when what was kept does not say."""
    role: bool | None = rule.role in (ANY_ROLE, past.role)
    if past.on_behalf_of and rule.role != ANY_ROLE:
        role = None
    if role is False:
        return False
    scope = _in_scope(rule.scope, past, case)
    return False if scope is False else None if None in (role, scope) else True


def _in_scope(scope: Scope, past: Past, case: PastCase) -> bool | None:
    if scope is Scope.OWNER_ORG:
        return past.organisation == case.owner
    if scope is Scope.SUBMITTER:
        return past.opening or (past.on_behalf_of or past.user) == case.opened_by
    if scope is Scope.AUTHOR and not past.opening:
        return (None if past.on_behalf_of else True) if past.alone else False
    if scope is Scope.PATIENT_OR_PROXY and past.role not in PERSON_SIDE:
        return False
    return None


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
    fitting = frozenset(n for n, rule in enumerate(step.actors) if _fits(rule, past, case) is not False)
    walk.votes = [vote for vote in walk.votes if not vote.people & past.people]
    walk.votes.append(Vote(past.people, past.organisation, fitting))
    if step.quorum and not past.awaits and heard(step.quorum, walk.votes) < needed(step.quorum, len(step.actors)):
        yield "too-few"
