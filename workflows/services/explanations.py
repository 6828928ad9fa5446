"""Why can I not, and who can? Answered by the same guards that decide, without touching anything."""

from dataclasses import dataclass
from typing import Any

from core import clock
from governance.actors import Actor
from governance.decisions import Reason
from workflows import permissions, policies, registry
from workflows.engine.lint import EXEMPTION_GUARD, publishes
from workflows.engine.spec import ANY_ROLE, PERSONAL_SCOPES, QUEUED_SCOPES, ActorRule, Scope, Spec, State, Transition
from workflows.models import FlowCase
from workflows.policies import EARLIER_DECIDER_GUARD
from workflows.registry import Subject
from workflows.selectors import people, votes


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
    """Some people a step is for. `holders` counts those who hold the role there now and did not write or decide on
    the subject where that bars; it is None for people who are not counted (whoever sent it, the person). `elsewhere`
    says that they are at an organisation of the care team.
    """

    words: str
    role: str
    organisation_id: int | None
    holders: int | None
    elsewhere: bool = False

    @property
    def is_vacant(self) -> bool:
        """Nobody can do it: the organisation has to list somebody. It never falls to whoever sent it."""
        return self.holders == 0


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
    barred = subject.author_ids if _bars_authors(case, spec, step) else frozenset()
    barred |= votes.round_of(case, subject, step).deciders | _deciders_barred(case, step)
    found = [who for rule in step.actors for who in _who(case, subject, rule, barred)]
    return [who for who in found if not (who.elsewhere and who.is_vacant)] or found


def who_must_act(case: FlowCase) -> list[WhoCan]:
    """Whom the case waits for in its state, and how many of them may act on this subject; where nobody can, also those
    who may take the same steps and can.
    """
    spec = policies.spec_of(case.version)
    subject = registry.subjects.get(case.subject_kind).load(case.subject_id)
    barred = authors_barred(case, spec, subject)
    barred = barred.union(*(_deciders_barred(case, step) for step in _publishing(case, spec)))
    state = spec.state(case.state)
    several = any(step.quorum for step in spec.out_of(case.state))
    asked = votes.asked_still(case) if several else None
    found = [who for rule in state.waits_for for who in _who(case, subject, rule, barred, asked)]
    if found and all(who.is_vacant for who in found):
        found += [
            who for rule in others(spec, state) for who in _who(case, subject, rule, barred, asked) if who.holders
        ]
    return [who for who in found if asked is None or (who.role, who.organisation_id) in asked]


def others(spec: Spec, state: State) -> list[ActorRule]:
    """Whom a state does not wait for though they may take the steps of those it waits for: asked where none of those
    can.
    """
    asked = set(state.waits_for)
    steps = [step for step in spec.out_of(state.key) if asked & set(step.actors)]
    rules = dict.fromkeys(rule for step in steps for rule in step.actors if rule.scope in QUEUED_SCOPES)
    return [rule for rule in rules if rule not in asked]


def authors_barred(case: FlowCase, spec: Spec, subject: Subject) -> frozenset[int]:
    """The authors, where having written the subject keeps from deciding on it in the case's state."""
    barred = any(_bars_authors(case, spec, step) for step in _publishing(case, spec))
    return subject.author_ids if barred else frozenset()


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


def _publishing(case: FlowCase, spec: Spec) -> list[Transition]:
    return [step for step in spec.out_of(case.state) if publishes(step, dict(registry.effects.items()))]


def _deciders_barred(case: FlowCase, step: Transition) -> frozenset[int]:
    """Who has decided on the case, where each of its decisions has to be another person's."""
    return people.deciders(case) if step.uses_guard(EARLIER_DECIDER_GUARD) else frozenset()


def _bars_authors(case: FlowCase, spec: Spec, step: Transition) -> bool:
    guards = [registry.guards.get(use.name) for use in step.guards if use.name in registry.guards]
    exempt = step.uses_guard(EXEMPTION_GUARD) and bool(policies.signed_exemption(case.version, spec))
    alone_barred = publishes(step, dict(registry.effects.items())) and not exempt
    return step.four_eyes or alone_barred or any(guard.bars_authors for guard in guards)


def _who(
    case: FlowCase, subject: Subject, rule: ActorRule, barred: frozenset[int], asked: votes.Asked = None
) -> list[WhoCan]:
    words = permissions.rule_words(rule, case.owner.name)
    if rule.role == ANY_ROLE or rule.scope in PERSONAL_SCOPES:
        return [WhoCan(words, rule.role, None, None)]
    places = {
        Scope.OWNER_ORG: lambda: [case.owner_id],
        Scope.SHARING_ORG: lambda: sorted(subject.sharing_organisation_ids),
        Scope.HOST: people.host_ids,
    }[rule.scope]()
    done = {place: (asked or {}).get((rule.role, place), frozenset()) for place in places}
    counted = {place: _count(rule.role, place, barred | done[place]) for place in places}
    if rule.scope is Scope.SHARING_ORG:
        named = people.organisation_names(places)
        return [WhoCan(_elsewhere(rule, named[place]), rule.role, place, counted[place], True) for place in places]
    return [WhoCan(words, rule.role, place, counted[place]) for place in places]


def _elsewhere(rule: ActorRule, place: str) -> str:
    """Somebody of the care team, with the name of their organisation: they have to be found there."""
    return f"{permissions.rule_words(ActorRule(rule.role, Scope.OWNER_ORG), place)} (care team)"


def _count(role: str, organisation_id: int, barred: frozenset[int]) -> int:
    entries = people.holders(organisation_id=organisation_id, role=role, now=clock.now())
    return entries.exclude(user_id__in=barred).values("user_id").distinct().count()
