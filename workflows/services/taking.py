"""Taking a step of a case that the caller has locked: rights, guards, decision, move, effects, history."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from core.exceptions import NotAllowed
from core.rows import update
from governance.actors import Actor
from governance.decisions import Decision
from governance.services import audit
from workflows import permissions, policies, registry
from workflows.engine.spec import Spec, StateKind, Transition
from workflows.models import FlowCase, FlowDecision
from workflows.registry import EffectContext, GuardContext, Subject
from workflows.selectors import votes
from workflows.services import history, tasks


@dataclass(frozen=True)
class Step:
    """A step about to be taken, with all it depends on. `ticked` are the texts of its checklist; None when nobody
    presses it: of whoever opens a case or records something elsewhere neither ticks nor a reason are asked.
    """

    by: Actor
    case: FlowCase
    subject: Subject
    spec: Spec
    transition: Transition
    reason: str
    now: datetime.datetime
    ticked: Collection[str] | None = None


def take(step: Step, *, shown_sha256: str) -> FlowDecision:
    """Check rights and guards, then what was given with it, then write everything; raises NotAllowed with every
    reason, Refused for what is missing.

    Where the flow asks for more decisions than there are with this one, it is kept and counted, and the case stays.
    """
    exemption = policies.signed_exemption(step.case.version, step.spec)
    ctx, reasons = permissions.weigh(
        step.by,
        step.case,
        step.subject,
        step.transition,
        now=step.now,
        exemption=exemption,
        shown_sha256=shown_sha256,
    )
    if reasons:
        raise NotAllowed(Decision(False, reasons=tuple(reasons)))
    if (ticked := step.ticked) is not None:
        step = replace(step, reason=policies.check_reason(step.transition, step.reason))
        policies.check_ticked(step.transition, ticked)
    counted = permissions.round_of(ctx).and_then(votes.offered(ctx))
    decision = _decide(step, ctx, counted)
    if decision.completed:
        _move(step)
        decision.made = _run_effects(step, decision, ctx)
    else:
        tasks.close_part(case=step.case, step=step.transition, counted=counted, now=step.now)
    _tell(step, decision)
    return decision


def _tell(step: Step, decision: FlowDecision) -> None:
    detail: dict[str, Any] = {
        "transition": decision.transition,
        "from_state": decision.from_state,
        "to_state": decision.to_state,
        "subject_sha256": decision.sha256,
        "decision_sha256": history.digest_of(decision),
    }
    if not decision.completed:
        detail["awaits"] = decision.awaits
    history.append(by=step.by, case=step.case, kind="decided", detail=detail, now=step.now)
    audit.record(by=step.by, action=f"flow.{step.transition.key}", target=step.case, detail=detail)


def _decide(step: Step, ctx: GuardContext, counted: votes.Round) -> FlowDecision:
    evidence = _evidence(step.transition, ctx, counted)
    return FlowDecision.objects.create(
        case=step.case,
        visit=step.case.visit,
        transition=step.transition.key,
        from_state=step.transition.source,
        to_state=step.transition.source if evidence.get("awaits") else step.transition.target,
        user_id_text="" if step.by.user_id is None else str(step.by.user_id),
        user_label=step.by.label[:120],
        on_behalf_of=step.by.on_behalf_of[:40],
        organisation_ref="" if step.by.organisation_id is None else str(step.by.organisation_id),
        role_at_time=str(step.by.role or ""),
        sha256=step.subject.content_sha256,
        reason=step.reason,
        evidence=evidence,
        at=step.now,
    )


def _evidence(step: Transition, ctx: GuardContext, counted: votes.Round) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        "guards": [use.name for use in step.guards],
        "opening": step.on_open,
        "alone": ctx.alone and not step.on_open,
        "parts": sorted(ctx.parts),
    }
    if evidence["alone"] and ctx.exemption:
        evidence["exemption"] = ctx.exemption
    if step.checklist:
        evidence["ticked"] = list(step.checklist)
    if step.quorum:
        evidence |= {"heard": counted.heard, "needed": counted.needed}
    if counted.heard < counted.needed:
        evidence["awaits"] = counted.needed - counted.heard
    return evidence


def _move(step: Step) -> None:
    """The case in its new state, its old tasks put away, new tasks and timers set."""
    target = step.spec.state(step.transition.target)
    source = step.spec.state(step.transition.source)
    kept = tasks.leave_state(case=step.case, state=source, target=target, now=step.now)
    step.case.enter(target.key)
    step.case.subject_sha256 = step.subject.content_sha256
    if target.kind is StateKind.FINAL:
        step.case.closed_at, step.case.outcome, step.case.due_at = step.now, target.outcome, None
    else:
        tasks.enter_state(case=step.case, state=target, now=step.now, kept=kept)
    changed = ("state", "visit", "subject_sha256", "closed_at", "outcome", "due_at")
    update(FlowCase, {"id": step.case.pk}, **{name: getattr(step.case, name) for name in changed})


def _run_effects(step: Step, decision: FlowDecision, ctx: GuardContext) -> dict[str, Any]:
    """Bring about what follows; gives what each effect made, by its name."""
    made: dict[str, Any] = {}
    for use in step.transition.effects:
        context = EffectContext(
            actor=step.by,
            case=step.case,
            subject=step.subject,
            decision=decision,
            now=step.now,
            params=dict(use.params),
            alone=ctx.alone,
            exemption=ctx.exemption if ctx.alone else "",
        )
        made[use.name] = registry.effects.get(use.name).run(context)
    return made
