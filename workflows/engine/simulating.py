"""Telling a scenario to a flow: what would happen at each step. Nothing is read or written.

The same questions in the same order as when a case is moved: is there such a step, is there a reason, is everything
ticked, whose step is it, what do gate and guards say, and are these enough people? The guards whose answer is in the
story are asked here; the others say what the story declares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.lint_deciding import UNCHANGED_GUARD
from workflows.engine.quorum import Ballot, Vote, adds, heard, last_words, needed
from workflows.engine.replaying import EARLIER_GUARD, Rules
from workflows.engine.scenarios import Person, Scenario, Step
from workflows.engine.spec import ANY_ROLE, ActorRule, ReasonRule, Scope, StateKind, Transition

PATIENT_ROLES = frozenset({"patient", "delegate"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened at one step: the state it led to, the codes with which it was refused, or how many more decisions
    it waits for; and whether that is what the story says must follow. `label` is the step's in the flow.
    """

    step: Step
    label: str
    state: str = ""
    refusals: tuple[str, ...] = ()
    awaits: int = 0

    @property
    def as_told(self) -> bool:
        if self.step.happens:
            return True
        if self.step.refused:
            return self.step.refused in self.refusals
        if self.step.waits_for_more:
            return not self.refusals and self.awaits == self.step.waits_for_more
        return not self.refusals and not self.awaits and self.state == self.step.leads_to


@dataclass
class _Case:
    """The case in the story so far; `texts` grows with each change, by the items that changed."""

    state: str
    opened_by: str = ""
    is_open: bool = False
    texts: list[frozenset[str]] = field(default_factory=list)
    sent: int = 0
    ballots: list[Ballot] = field(default_factory=list)
    deciders: set[str] = field(default_factory=set)

    @property
    def now(self) -> int:
        """The number of the text as it stands."""
        return len(self.texts)

    def changed(self, since: int, step: Transition) -> bool:
        """Whether anything that the step calls significant has changed since a text."""
        counted = set(step.significant)
        return any(not items or not counted or items & counted for items in self.texts[since:])


def simulate(rules: Rules, scenario: Scenario) -> list[Outcome]:
    """What happens at each step of the story, in order. A refused step changes nothing; the story goes on."""
    case = _Case(rules.spec.start.key)
    if rules.spec.opening is None:
        first = next((step.who for step in scenario.steps if step.who), "")
        case.opened_by, case.is_open = scenario.opened_by or first, True
    return [_happen(rules, scenario, case, step) for step in scenario.steps]


def _happen(rules: Rules, scenario: Scenario, case: _Case, step: Step) -> Outcome:
    if step.happens:
        case.texts.append(frozenset(step.items))
        return Outcome(step, "", state=case.state)
    transition = _transition(rules, case, step)
    if transition is None:
        return Outcome(step, step.does or step.records, state=case.state, refusals=(_nowhere(rules, case, step),))
    if not case.is_open:
        case.opened_by = step.instead_of or step.who
    refusals = tuple(dict.fromkeys(_refusals(rules, scenario, case, step, transition)))
    if refusals:
        return Outcome(step, transition.label, state=case.state, refusals=refusals)
    awaits = _decide(scenario, case, step, transition)
    return Outcome(step, transition.label, state=case.state, awaits=awaits)


def _transition(rules: Rules, case: _Case, step: Step) -> Transition | None:
    if step.records and not case.is_open:
        opening = rules.spec.opening
        return opening if opening and opening.on_event == step.records else None
    if step.records:
        return rules.spec.upon(step.records, case.state)
    found = rules.spec.transition(step.does, case.state)
    return found if found and not found.on_event and found.on_open is not case.is_open else None


def _nowhere(rules: Rules, case: _Case, step: Step) -> str:
    """Why there is no such step: the case is over, or this is not expected where it stands."""
    if rules.spec.state(case.state).kind is StateKind.FINAL:
        return "case-closed"
    return "not-expected" if step.records else "no-such-step"


def _refusals(rules: Rules, scenario: Scenario, case: _Case, step: Step, to: Transition) -> Iterator[str]:
    """The codes of all that stands in the way, in the order in which they are found."""
    if found := list(_weigh(rules, scenario, case, step, to)):
        yield from found
    elif to.reason is ReasonRule.REQUIRED and not step.reason and not to.on_open:
        yield "reason-missing"
    elif to.checklist and step.leaves_unticked:
        yield "not-ticked"


def _weigh(rules: Rules, scenario: Scenario, case: _Case, step: Step, to: Transition) -> Iterator[str]:
    if step.instead_of and step.instead_of not in scenario.person(step.who).stands_in_for:
        yield "no-delegation"
        return
    if not _parts(scenario, case, step, to) and not (to.on_event and not to.actors):
        yield "not-yours"
        return
    fails = {**scenario.fails, **step.fails}
    if to.action in fails:
        yield fails[to.action]
    yield from _obstacles(rules, scenario, case, step, to, fails)
    yield from _decided(scenario, case, step, to)


def _obstacles(
    rules: Rules, scenario: Scenario, case: _Case, step: Step, to: Transition, fails: dict[str, str]
) -> Iterator[str]:
    alone = any(scenario.person(name).wrote for name in _deciders(step))
    exempt = bool(rules.spec.exemption) and scenario.exemption_signed
    own_name = exempt and to.uses_guard(EXEMPTION_GUARD) and not step.instead_of
    publishing = any(use.name in rules.publishing for use in to.effects)
    if alone and (to.four_eyes or (publishing and not own_name)):
        yield "author"
    for use in to.guards:
        if use.name in fails:
            yield fails[use.name]
        elif alone and use.name in rules.barring:
            yield "author"
        elif alone and use.name == EXEMPTION_GUARD and not exempt:
            yield "no-exemption"
        elif use.name == EARLIER_GUARD and case.deciders & _deciders(step):
            yield "earlier-decider"
        elif use.name == UNCHANGED_GUARD and case.is_open and case.changed(case.sent, to):
            yield "changed-since-sent"


def _decided(scenario: Scenario, case: _Case, step: Step, to: Transition) -> Iterator[str]:
    """Why this decision would add nothing to those there are, where the step takes several."""
    if not to.quorum:
        return
    votes, vote = _votes(case, to), _vote(scenario, case, step, to)
    if any(vote.people & other.people for other in votes):
        yield "decided"
    elif not adds(to.quorum, votes, vote):
        yield "place-heard" if to.quorum.organisations else "part-decided"


def _decide(scenario: Scenario, case: _Case, step: Step, to: Transition) -> int:
    """Count the decision; how many more it takes. With none, the case goes on."""
    vote = _vote(scenario, case, step, to)
    votes = [*_votes(case, to), vote]
    missing = max(needed(to.quorum, len(to.actors)) - heard(to.quorum, votes), 0) if to.quorum else 0
    if case.is_open:
        case.deciders |= _deciders(step)
    case.is_open = True
    if missing:
        case.ballots.append(Ballot(to.key, str(case.now), vote))
    else:
        case.state, case.sent, case.ballots = to.target, case.now, []
    return missing


def _votes(case: _Case, to: Transition) -> list[Vote]:
    """What was decided on the step and still counts: on a text that has not significantly changed."""
    mine = [ballot for ballot in last_words(case.ballots) if ballot.step == to.key]
    return [ballot.vote for ballot in mine if not case.changed(int(ballot.sha256), to)]


def _vote(scenario: Scenario, case: _Case, step: Step, to: Transition) -> Vote:
    actor = scenario.person(step.who) if step.who else None
    side = {"the person"} if actor and actor.role in PATIENT_ROLES else set()
    place = actor.organisation if actor else ""
    return Vote(frozenset(_deciders(step) | side), place, _parts(scenario, case, step, to))


def _deciders(step: Step) -> set[str]:
    return {step.who, step.instead_of} - {""}


def _parts(scenario: Scenario, case: _Case, step: Step, to: Transition) -> frozenset[int]:
    """The numbers of the rules that fit whoever decides: the actor, or the colleague for whom they do."""
    if not step.who:
        return frozenset()
    person = scenario.person(step.instead_of or step.who)
    return frozenset(n for n, rule in enumerate(to.actors) if _fits(rule, person, scenario, case))


def _fits(rule: ActorRule, person: Person, scenario: Scenario, case: _Case) -> bool:
    if rule.role not in (ANY_ROLE, person.role):
        return False
    if rule.scope is Scope.PATIENT_OR_PROXY:
        return person.role in PATIENT_ROLES and person.is_person
    if person.role in PATIENT_ROLES or not person.organisation:
        return False
    return {
        Scope.OWNER_ORG: person.organisation == scenario.owner,
        Scope.SHARING_ORG: person.organisation in scenario.care_team,
        Scope.HOST: bool(scenario.host) and person.organisation == scenario.host,
        Scope.SUBMITTER: person.name == case.opened_by,
        Scope.AUTHOR: person.wrote,
        Scope.NAMED_USER: person.has_task,
    }[rule.scope]
