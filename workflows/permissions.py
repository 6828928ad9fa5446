"""Who: in which relation an actor stands to a case, and who shapes, signs and reads flows."""

import datetime
from typing import Any

from core.exceptions import Absent, NotAllowed
from governance import gate
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import Action, RoleKey
from governance.helping import DESK, LEAD
from workflows import policies
from workflows.engine.spec import ANY_ROLE, ActorRule, Scope, Transition
from workflows.models import FlowCase, FlowTask, FlowVersionApproval
from workflows.registry import GuardContext, Subject
from workflows.relations import acting_as, matches
from workflows.selectors import votes

_SIGNATORIES = {
    FlowVersionApproval.Capacity.CLINICAL_SAFETY: RoleKey.CLINICAL_SAFETY_OFFICER,
    FlowVersionApproval.Capacity.INFORMATION_GOVERNANCE: RoleKey.IG_OFFICER,
}


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
    ids, parts, reasons = _standing(actor, case, subject, transition, now)
    ctx = GuardContext(
        actor=actor,
        case=case,
        subject=subject,
        transition=transition,
        now=now,
        shown_sha256=shown_sha256,
        decider_ids=ids,
        parts=parts,
        exemption=exemption,
        memo={} if memo is None else memo,
    )
    if reasons:
        return ctx, reasons
    reasons = [*_gate_reasons(ctx), *policies.obstacles(ctx), *_decided_reasons(ctx)]
    return ctx, list({reason.code: reason for reason in reversed(reasons)}.values())[::-1]


def _standing(
    actor: Actor, case: FlowCase, subject: Subject, transition: Transition, now: datetime.datetime
) -> tuple[frozenset[int], frozenset[int], list[Reason]]:
    """The users who would thereby decide, the numbers of the rules that fit, and why the actor is none of those the
    step is for.
    """
    person, reasons = acting_as(actor, now)
    ids = frozenset(user_id for user_id in (actor.user_id, person.user_id) if user_id is not None)
    rules = enumerate(transition.actors)
    parts = frozenset(number for number, rule in rules if matches(rule, person, case, subject))
    follows = bool(transition.on_event) and not transition.actors
    if not reasons and not parts and not follows:
        text = f"Only {who_words(transition.actors, case.owner.name)} can do this"
        reasons = [Reason("not-yours", text)]
    return ids, parts, reasons


def round_of(ctx: GuardContext) -> votes.Round:
    """How far the step in `ctx` has come without its actor."""
    if ctx.transition.quorum and "given" not in ctx.memo:
        ctx.memo["given"] = votes.given(ctx.case)
    return votes.round_of(ctx.case, ctx.subject, ctx.transition, ctx.memo.get("given"))


def _decided_reasons(ctx: GuardContext) -> list[Reason]:
    """Why the actor's decision would add nothing to those there are, where the step takes several."""
    if not ctx.transition.quorum:
        return []
    so_far, vote = round_of(ctx), votes.offered(ctx)
    if so_far.has_heard(vote):
        text = f"You have decided on this. It waits for {so_far.needed - so_far.heard} more"
        return [Reason("decided", text, "A colleague who has not decided on it")]
    if so_far.adds(vote):
        return []
    if ctx.transition.quorum.organisations:
        return [Reason("place-heard", "Your organisation has decided on this", "Somebody at another organisation")]
    return [Reason("part-decided", "Your part of this is decided", "Those whose part is not decided")]


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
    role = "" if rule.role == ANY_ROLE else with_article(rule.role)
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
        return f"{need.people} {_plural(rules[0].role)}{where}{place}"
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


def leads(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor keeps the staff list of the organisation they act for."""
    if actor.organisation_id is None or actor.organisation_id != organisation_id:
        return False
    return gate.decide(actor, Action.STAFF_LIST_MANAGE).allowed


def check_user_can_assign(actor: Actor, task: FlowTask) -> None:
    """Raise Absent unless it is the actor's task to give away: they have it in hand, or lead the organisation."""
    gate.check(actor, Action.TASK_READ)
    has_it = actor.user_id is not None and task.claimed_by_id == actor.user_id
    if not (has_it and actor.organisation_id == task.organisation_id) and not leads(actor, task.organisation_id):
        raise Absent


def check_user_can_delegate_for(actor: Actor, user_id: int) -> None:
    """Raise NotAllowed unless the decisions are the actor's own to hand over, or they lead the organisation."""
    gate.check(actor, Action.TASK_READ)
    if actor.user_id != user_id and not leads(actor, actor.organisation_id):
        reason = Reason("not-yours", "Only your organisation's lead can do this for somebody else", LEAD)
        raise NotAllowed(Decision(False, reasons=(reason,)))


def check_user_can_read_team(actor: Actor) -> None:
    """Raise NotAllowed unless the actor leads the organisation they act for."""
    gate.check(actor, Action.TASK_READ)
    gate.check(actor, Action.STAFF_LIST_MANAGE)


def check_user_can_shape_flows(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may write definitions and put signed versions to use."""
    gate.check(actor, Action.FLOW_DESIGN)


def check_user_can_read_flows(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may see the register of flows."""
    gate.check(actor, Action.FLOW_READ)


def capacity_in(role: str) -> str:
    """The capacity in which a role signs, or an empty text."""
    return next((str(capacity) for capacity, known in _SIGNATORIES.items() if known == role), "")


def capacity_of(actor: Actor) -> str:
    """The capacity in which the actor signs flow versions, or an empty text."""
    return capacity_in(str(actor.role))


def check_user_can_sign(actor: Actor, capacity: str) -> None:
    """Raise NotAllowed unless the actor signs in that capacity: clinical safety or information governance."""
    gate.check(actor, Action.FLOW_SIGN_OFF)
    if capacity_of(actor) != capacity:
        label = FlowVersionApproval.Capacity(capacity).label.lower()
        raise NotAllowed(Decision(False, reasons=(Reason("capacity", f"You do not sign for {label}", DESK),)))


def check_user_can_confirm_moves(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may be the second person of a move of cases: a clinical lead, or whoever
    answers for clinical safety.
    """
    signs = capacity_of(actor) == FlowVersionApproval.Capacity.CLINICAL_SAFETY
    gate.check(actor, Action.FLOW_SIGN_OFF if signs else Action.FLOW_DESIGN)


_PERSONAL = {
    Scope.SUBMITTER: "whoever sent it",
    Scope.AUTHOR: "whoever wrote it",
    Scope.PATIENT_OR_PROXY: "the person or somebody who acts for them",
    Scope.NAMED_USER: "whoever has the task",
}


def with_article(role: str) -> str:
    """The same with "a" or "an" before it."""
    label = role_words(role)
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def role_words(role: str) -> str:
    """A role in the middle of a sentence; one the service no longer has goes by its key."""
    label = RoleKey(role).label if role in RoleKey.values else role.replace("_", " ")
    return label if role == RoleKey.CALDICOTT_GUARDIAN else label[0].lower() + label[1:]


def _plural(role: str) -> str:
    return role_words(role) if role == RoleKey.CARE_HOME else f"{role_words(role)}s"
