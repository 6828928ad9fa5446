"""Who: in which relation an actor stands to a case, and who shapes, signs and reads flows."""

import datetime
from dataclasses import dataclass
from typing import Any

from core.exceptions import Absent, NotAllowed
from governance import gate
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import Action, ActorKind, RoleKey
from workflows import policies
from workflows.engine.spec import ANY_ROLE, ActorRule, Scope, Transition
from workflows.models import FlowCase, FlowTask, FlowVersionApproval
from workflows.registry import GuardContext, Subject
from workflows.selectors import people

_SIGNATORIES = {
    FlowVersionApproval.Capacity.CLINICAL_SAFETY: RoleKey.CLINICAL_SAFETY_OFFICER,
    FlowVersionApproval.Capacity.INFORMATION_GOVERNANCE: RoleKey.IG_OFFICER,
}


@dataclass(frozen=True)
class _Person:
    """Whose relation to the case is looked at: the actor's own, or that of the colleague they stand in for."""

    user_id: int | None
    organisation_id: int | None
    roles: frozenset[str]
    is_patient_side: bool


def weigh(
    actor: Actor,
    case: FlowCase,
    subject: Subject,
    transition: Transition,
    *,
    now: datetime.datetime,
    exemption: str,
    shown_sha256: str | None = None,
    memo: dict[str, Any] | None = None,
) -> tuple[GuardContext, list[Reason]]:
    """Everything that keeps the actor from the step: whom it is for, the gate, the guards. None left means go.

    Those the step is not for are told only that. `memo` shares what was asked of governance between steps.
    """
    ids, reasons = _standing(actor, case, subject, transition, now)
    ctx = GuardContext(
        actor=actor,
        case=case,
        subject=subject,
        transition=transition,
        now=now,
        shown_sha256=shown_sha256,
        decider_ids=ids,
        exemption=exemption,
        memo={} if memo is None else memo,
    )
    if reasons:
        return ctx, reasons
    reasons = [*_gate_reasons(ctx), *policies.obstacles(ctx)]
    return ctx, list({reason.code: reason for reason in reversed(reasons)}.values())[::-1]


def _standing(
    actor: Actor, case: FlowCase, subject: Subject, transition: Transition, now: datetime.datetime
) -> tuple[frozenset[int], list[Reason]]:
    """The users who would thereby decide, and why the actor is none of those the step is for."""
    person, reasons = _acting_as(actor, now)
    ids = frozenset(user_id for user_id in (actor.user_id, person.user_id) if user_id is not None)
    if not reasons and not any(_matches(rule, person, case, subject) for rule in transition.actors):
        text = f"Only {who_words(transition.actors, case.owner.name)} can do this"
        reasons = [Reason("not-yours", text, "The people named")]
    return ids, reasons


def _gate_reasons(ctx: GuardContext) -> list[Reason]:
    """What the access gate says against the step, when the flow names the action it amounts to."""
    if not ctx.transition.action:
        return []
    action = Action(ctx.transition.action)
    decision = gate.decide(ctx.actor, action, ctx.subject.gate_subject, facts=ctx.present_facts)
    return [] if decision.allowed else [reason for reason in decision.reasons if reason.blocks]


def who_words(rules: tuple[ActorRule, ...], owner: str) -> str:
    """The people a step is for, as the middle of a sentence: "a doctor at Riverside Practice or whoever sent
    it".
    """
    return " or ".join(dict.fromkeys(rule_words(rule, owner) for rule in rules))


def rule_words(rule: ActorRule, owner: str) -> str:
    """One role in its relation to a case of the organisation named `owner`, in words."""
    role = "" if rule.role == ANY_ROLE else _with_article(RoleKey(rule.role))
    if rule.scope in _PERSONAL:
        return f"{_PERSONAL[rule.scope]}, as {role}" if role else _PERSONAL[rule.scope]
    return f"{role} {_place_words(rule.scope, owner)}"


def quorum_words(transition: Transition, owner: str) -> str:
    """Who has to decide, all of them: "2 doctors at Riverside Practice", "2 people of different organisations, each
    …", "a doctor at Riverside Practice and a clinician at Riverside Practice".
    """
    need, rules = transition.quorum, transition.actors
    if need is None:
        return who_words(rules, owner)
    if need.each:
        return " and ".join(rule_words(rule, owner) for rule in rules)
    where = " of different organisations" if need.organisations else ""
    if len(rules) == 1 and rules[0].scope not in _PERSONAL:
        place = "" if need.organisations else f" {_place_words(rules[0].scope, owner)}"
        return f"{need.people} {_plural(RoleKey(rules[0].role))}{where}{place}"
    return f"{need.people} different people{where}, each {who_words(rules, owner)}"


def _place_words(scope: Scope, owner: str) -> str:
    return {
        Scope.OWNER_ORG: f"at {owner}",
        Scope.SHARING_ORG: "at an organisation of the care team",
        Scope.HOST: "at the host of the service",
    }[scope]


def check_user_can_take_task(actor: Actor, task: FlowTask) -> None:
    """Raise Absent unless the task waits in the actor's own inbox."""
    if actor.organisation_id != task.organisation_id or actor.role != task.role:
        raise Absent
    gate.check(actor, Action.TASK_READ)


def check_user_can_read_tasks(actor: Actor) -> None:
    """Raise NotAllowed unless the actor has an inbox: they are on the staff list of an open organisation."""
    gate.check(actor, Action.TASK_READ)


def check_user_can_shape_flows(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may write definitions and put signed versions to use."""
    gate.check(actor, Action.FLOW_DESIGN)


def check_user_can_read_flows(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may see the register of flows."""
    gate.check(actor, Action.FLOW_READ)


def capacity_of(actor: Actor) -> str:
    """The capacity in which the actor signs flow versions, or an empty text."""
    return next((str(capacity) for capacity, role in _SIGNATORIES.items() if role == actor.role), "")


def check_user_can_sign(actor: Actor, capacity: str) -> None:
    """Raise NotAllowed unless the actor signs in that capacity: clinical safety or information governance."""
    gate.check(actor, Action.FLOW_SIGN_OFF)
    if capacity_of(actor) != capacity:
        label = FlowVersionApproval.Capacity(capacity).label.lower()
        raise NotAllowed(Decision(False, reasons=(Reason("capacity", f"You do not sign for {label}"),)))


def _acting_as(actor: Actor, now: datetime.datetime) -> tuple[_Person, list[Reason]]:
    roles = frozenset({str(actor.role)}) if actor.role else frozenset()
    patient_side = actor.kind in (ActorKind.PERSON, ActorKind.DELEGATE)
    oneself = _Person(actor.user_id, actor.organisation_id, roles, patient_side)
    if actor.kind != ActorKind.STAFF or not actor.on_behalf_of:
        return oneself, []
    principal = _live_delegation(actor, now)
    if principal is None:
        text = "You may not decide for this colleague today: there is no delegation to you that covers it"
        return oneself, [Reason("no-delegation", text, "Your organisation lead")]
    place = actor.organisation_id or 0
    roles = people.roles_of(user_id=principal, organisation_id=place, now=now)
    return _Person(principal, place, roles, False), []


def _live_delegation(actor: Actor, now: datetime.datetime) -> int | None:
    """The colleague the actor stands in for, when that colleague (or their lead) said so for this time and
    place.
    """
    if not actor.on_behalf_of.isdigit() or actor.user_id is None or actor.organisation_id is None:
        return None
    principal = int(actor.on_behalf_of)
    live = people.may_stand_in(
        from_user_id=principal, to_user_id=actor.user_id, organisation_id=actor.organisation_id, now=now
    )
    return principal if live else None


def _matches(rule: ActorRule, person: _Person, case: FlowCase, subject: Subject) -> bool:
    return rule.role in person.roles | {ANY_ROLE} and _in_scope(rule.scope, person, case, subject)


def _in_scope(scope: Scope, person: _Person, case: FlowCase, subject: Subject) -> bool:
    if person.user_id is None:
        return False
    if scope is Scope.PATIENT_OR_PROXY:
        return person.is_patient_side and person.user_id in subject.person_user_ids
    place = person.organisation_id
    if person.is_patient_side or place is None:
        return False
    return {
        Scope.OWNER_ORG: lambda: place == case.owner_id,
        Scope.SHARING_ORG: lambda: place in subject.sharing_organisation_ids,
        Scope.HOST: lambda: place in people.host_ids(),
        Scope.SUBMITTER: lambda: person.user_id == case.opened_by_id,
        Scope.AUTHOR: lambda: person.user_id in subject.author_ids,
        Scope.NAMED_USER: lambda: people.has_task(user_id=person.user_id, case=case, organisation_id=place),
    }[scope]()


_PERSONAL = {
    Scope.SUBMITTER: "whoever sent it",
    Scope.AUTHOR: "whoever wrote it",
    Scope.PATIENT_OR_PROXY: "the person or somebody who acts for them",
    Scope.NAMED_USER: "whoever has the task",
}


def _with_article(role: RoleKey) -> str:
    label = _lower(role)
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _lower(role: RoleKey) -> str:
    named_after_somebody = role == RoleKey.CALDICOTT_GUARDIAN
    return role.label if named_after_somebody else role.label[0].lower() + role.label[1:]


def _plural(role: RoleKey) -> str:
    return _lower(role) if role == RoleKey.CARE_HOME else f"{_lower(role)}s"
