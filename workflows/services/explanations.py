"""Why can I not, and who can? Answered by the same guards that decide, without touching anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core import clock
from governance.actors import Actor
from governance.decisions import Reason
from workflows import permissions, policies, registry
from workflows.engine.lint import publishes
from workflows.engine.spec import ANY_ROLE, PERSONAL_SCOPES, QUEUED_SCOPES, ActorRule, Scope, Spec, State, Transition
from workflows.models import FlowCase
from workflows.registry import Subject
from workflows.selectors import able, people, votes
from workflows.selectors.able import Hindrance
from workflows.selectors.standing import Held


@dataclass(frozen=True)
class TransitionView:
    """A step as one actor sees it: allowed, or every reason why not. `needs_reason` is none, optional or
    required; `publishes` says that its effects make something public; `checklist` is what has to be ticked; `heard` of
    the `needed` people have decided.
    """

    key: str
    label: str
    allowed: bool
    reasons: tuple[Reason, ...]
    needs_reason: str = "none"
    confirm_text: str = ""
    publishes: bool = False
    checklist: tuple[str, ...] = ()
    heard: int = 0
    needed: int = 1
    bulk: bool = False


@dataclass(frozen=True)
class WhoCan:
    """Some people a step is for. `able` counts those who hold the role there and could take the step now; it is None
    for people who are not counted (whoever sent it, the person). `kept` counts those who hold it too, by what keeps
    them. `elsewhere` says that they are at an organisation of the care team.
    """

    words: str
    role: str
    organisation_id: int | None
    able: int | None
    kept: tuple[tuple[Hindrance, int], ...] = ()
    elsewhere: bool = False

    @property
    def is_vacant(self) -> bool:
        """Nobody can do it: the organisation has to list somebody. It never falls to whoever sent it."""
        return self.able == 0

    @property
    def needs_somebody(self) -> bool:
        """Nobody can, and nothing those who hold the role could do would change it."""
        return self.is_vacant and all(why is Hindrance.BARRED for why, _ in self.kept)


def explain(case: FlowCase, actor: Actor) -> list[TransitionView]:
    """Every step out of the case's state, as this actor sees it now; none when the case is closed."""
    if case.closed_at is not None:
        return []
    spec = policies.spec_of(case.version)
    subject = registry.subjects.get(case.subject_kind).load(case.subject_id)
    exemption = policies.signed_exemption(case.version, spec)
    memo: dict[str, Any] = {}
    return [_view(case, actor, subject, step, exemption, memo) for step in spec.out_of(case.state)]


def who_can(case: FlowCase, transition: str) -> list[WhoCan]:
    """Who may take a step out of the case's state, and how many of them there are at this moment. An organisation of
    the care team with nobody in the role is left out where others are named: it need not have any.
    """
    spec = policies.spec_of(case.version)
    step = policies.transition_from(case, spec, transition)
    subject = registry.subjects.get(case.subject_kind).load(case.subject_id)
    barred = able.bars_of(case, spec, [step], subject.author_ids).of([step])
    barred |= votes.round_of(case, subject, step).deciders
    held = Held(clock.now())
    found = [who for rule in step.actors for who in _who(case, subject, rule, [step], barred, held)]
    return [who for who in found if not (who.elsewhere and who.is_vacant)] or found


def who_must_act(case: FlowCase) -> list[WhoCan]:
    """Whom the case waits for in its state, and how many of them may act on this subject; where nobody can, also those
    who may take the same steps and can.
    """
    spec = policies.spec_of(case.version)
    subject = registry.subjects.get(case.subject_kind).load(case.subject_id)
    state, held = spec.state(case.state), Held(clock.now())
    several = any(step.quorum for step in spec.out_of(case.state))
    asked = votes.asked_still(case) if several else None

    def those(rules: Iterable[ActorRule]) -> Iterator[WhoCan]:
        for rule in rules:
            steps = able.steps_ahead(spec, case.state, rule.role)
            barred = able.bars_of(case, spec, steps, subject.author_ids).of(steps)
            yield from _who(case, subject, rule, steps, barred, held, asked)

    found = list(those(state.waits_for))
    if found and all(who.is_vacant for who in found):
        found += [who for who in those(others(spec, state)) if who.able]
    return [who for who in found if asked is None or (who.role, who.organisation_id) in asked]


def others(spec: Spec, state: State) -> list[ActorRule]:
    """Whom a state does not wait for though they may take the steps of those it waits for: asked where none of those
    can.
    """
    asked = set(state.waits_for)
    steps = [step for step in spec.out_of(state.key) if asked & set(step.actors)]
    rules = dict.fromkeys(rule for step in steps for rule in step.actors if rule.scope in QUEUED_SCOPES)
    return [rule for rule in rules if rule not in asked]


def _view(
    case: FlowCase, actor: Actor, subject: Subject, step: Transition, exemption: str, memo: dict[str, Any]
) -> TransitionView:
    ctx, reasons = permissions.weigh(actor, case, subject, step, now=clock.now(), exemption=exemption, memo=memo)
    so_far = permissions.round_of(ctx)
    return TransitionView(
        key=step.key,
        label=step.label,
        allowed=not reasons,
        reasons=tuple(reasons),
        needs_reason=str(step.reason),
        confirm_text=step.confirm_text,
        publishes=publishes(step, dict(registry.effects.items())),
        checklist=step.checklist,
        heard=so_far.heard,
        needed=so_far.needed,
        bulk=step.bulk,
    )


def _who(
    case: FlowCase,
    subject: Subject,
    rule: ActorRule,
    steps: list[Transition],
    barred: frozenset[int],
    held: Held,
    asked: votes.Asked = None,
) -> list[WhoCan]:
    words = permissions.rule_words(rule, case.owner.name)
    if rule.role == ANY_ROLE or rule.scope in PERSONAL_SCOPES:
        return [WhoCan(words, rule.role, None, None)]
    places = {
        Scope.OWNER_ORG: lambda: [case.owner_id],
        Scope.SHARING_ORG: lambda: sorted(subject.sharing_organisation_ids),
        Scope.HOST: people.host_ids,
    }[rule.scope]()
    held.ask([(place, rule.role) for place in places])
    elsewhere = rule.scope is Scope.SHARING_ORG
    named = people.organisation_names(places) if elsewhere else {}
    found = []
    for place in places:
        done = (asked or {}).get((rule.role, place), frozenset())
        tally = able.tally(held.by(place, rule.role), steps, barred | done)
        said = _elsewhere(rule, named[place]) if elsewhere else words
        found.append(WhoCan(said, rule.role, place, tally.able, tally.kept, elsewhere))
    return found


def _elsewhere(rule: ActorRule, place: str) -> str:
    """Somebody of the care team, with the name of their organisation: they have to be found there."""
    return f"{permissions.rule_words(ActorRule(rule.role, Scope.OWNER_ORG), place)} (care team)"
