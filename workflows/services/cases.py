"""Opening a case and taking its steps: one commit path, on which nobody can cheat.

A step locks the case, looks again at everything it depends on, and writes decision, event, effects and audit
in one transaction. Of two people who decide at once exactly one wins; the other is told what changed.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from core.exceptions import Conflict, NotAllowed
from governance.actors import Actor
from governance.decisions import Decision
from governance.services import audit
from workflows import permissions, policies, registry
from workflows.engine.spec import Spec, StateKind, Transition
from workflows.models import FlowCase, FlowDecision, FlowVersion
from workflows.registry import EffectContext, GuardContext, Subject
from workflows.selectors import definitions
from workflows.services import history, tasks
from workflows.services.explanations import TransitionView, WhoCan, explain, who_can, who_must_act
from workflows.services.locking import lock_case

__all__ = ["TransitionView", "WhoCan", "explain", "fire", "open_case", "who_can", "who_must_act"]


@dataclass(frozen=True)
class _Step:
    """A step about to be taken, with all it depends on."""

    by: Actor
    case: FlowCase
    subject: Subject
    spec: Spec
    transition: Transition
    reason: str
    now: datetime.datetime


def open_case(*, by: Actor, subject_kind: str, subject_id: UUID, now: datetime.datetime) -> FlowCase:
    """Put a subject on the live version of the flow it takes and take that flow's opening step.

    Raises Refused when no flow applies, Conflict when a case of the subject is open already, NotAllowed with
    reasons when the opening step is not the actor's or a guard stands in the way.
    """
    subject = registry.subjects.get(subject_kind).load(subject_id)
    version = definitions.for_subject(subject)
    spec = policies.spec_of(version)
    with _refusals_recorded(by, "flow.opened", (subject_kind, str(subject_id))), transaction.atomic():
        case = _insert(by, subject, version, spec.start.key, now)
        if spec.opening:
            _take(_Step(by, case, subject, spec, spec.opening, "", now), shown_sha256=subject.content_sha256)
        else:
            tasks.enter_state(case=case, state=spec.start, now=now)
            case.save(update_fields=["entered_at", "due_at"])
    return case


def fire(
    *,
    by: Actor,
    case: FlowCase,
    transition: str,
    shown_sha256: str,
    expected_state: str,
    reason: str = "",
    now: datetime.datetime,
) -> FlowDecision:
    """Take a step of a case, as `by`, on what was shown to them.

    Raises Conflict when the case moved on or its subject changed since it was shown, NotAllowed with every
    reason when the step is not theirs or a guard stands in the way, Refused for an unknown step or a missing
    reason. A refusal for want of a right stays in the audit trail though nothing else does. `case` is brought
    up to date.
    """
    with _refusals_recorded(by, f"flow.{transition[:40]}", case), transaction.atomic():
        return _fire(by, case, transition, shown_sha256, expected_state, reason, now)


@contextmanager
def _refusals_recorded(by: Actor, action: str, target: audit.Target) -> Iterator[None]:
    """Keep in the audit trail that the block was refused, and why, though the block itself is undone."""
    try:
        yield
    except NotAllowed as refusal:
        codes = [str(reason.code) for reason in refusal.decision.reasons]
        audit.record_refusal(by=by, action=action, target=target, codes=codes)
        raise


def _fire(
    by: Actor,
    case: FlowCase,
    key: str,
    shown_sha256: str,
    expected_state: str,
    reason: str,
    now: datetime.datetime,
) -> FlowDecision:
    locked = lock_case(case.pk)
    spec = policies.spec_of(locked.version)
    policies.check_is_where_expected(locked, spec, expected_state)
    kind = registry.subjects.get(locked.subject_kind)
    subject = kind.lock(locked.subject_id)
    if subject.content_sha256 != shown_sha256:
        message = "This changed after you opened it, so your decision was not recorded"
        raise Conflict(message, kind.changes_since(subject, shown_sha256, by))
    transition = policies.transition_from(locked, spec, key)
    tidy = policies.check_reason(transition, reason)
    decision = _take(_Step(by, locked, subject, spec, transition, tidy, now), shown_sha256=shown_sha256)
    for name in ("state", "entered_at", "due_at", "closed_at", "outcome", "subject_sha256"):
        setattr(case, name, getattr(locked, name))
    return decision


def _insert(by: Actor, subject: Subject, version: FlowVersion, state: str, now: datetime.datetime) -> FlowCase:
    """The new case with its first event; Conflict when the subject has an open one."""
    case = FlowCase(
        version=version,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_sha256=subject.content_sha256,
        owner_id=subject.owner_id,
        state=state,
        opened_at=now,
        entered_at=now,
        opened_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise Conflict("This is already waiting for a decision. Nothing was sent a second time") from None
    detail = {
        "flow": version.definition.key,
        "version": version.number,
        "version_sha256": version.sha256,
        "subject_sha256": subject.content_sha256,
        "to_state": state,
    }
    history.append(by=by, case=case, kind="opened", detail=detail, now=now)
    audit.record(by=by, action="flow.opened", target=case, detail=detail)
    return case


def _take(step: _Step, *, shown_sha256: str) -> FlowDecision:
    """Check rights and guards, then write everything; the caller holds the case's lock."""
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
    decision = _decide(step, ctx)
    _move(step)
    decision.made = _run_effects(step, decision, ctx)
    detail = {
        "transition": decision.transition,
        "from_state": decision.from_state,
        "to_state": decision.to_state,
        "subject_sha256": decision.sha256,
        "decision_sha256": history.digest_of(decision),
    }
    history.append(by=step.by, case=step.case, kind="decided", detail=detail, now=step.now)
    audit.record(by=step.by, action=f"flow.{step.transition.key}", target=step.case, detail=detail)
    return decision


def _decide(step: _Step, ctx: GuardContext) -> FlowDecision:
    evidence = {
        "guards": [use.name for use in step.transition.guards],
        "opening": step.transition.on_open,
        "alone": ctx.alone and not step.transition.on_open,
    }
    if evidence["alone"] and ctx.exemption:
        evidence["exemption"] = ctx.exemption
    return FlowDecision.objects.create(
        case=step.case,
        transition=step.transition.key,
        from_state=step.transition.source,
        to_state=step.transition.target,
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


def _move(step: _Step) -> None:
    """The case in its new state, its old tasks and timers put away, the new ones set."""
    target = step.spec.state(step.transition.target)
    source = step.spec.state(step.transition.source)
    kept = tasks.leave_state(case=step.case, state=source, target=target, now=step.now)
    step.case.state = target.key
    step.case.subject_sha256 = step.subject.content_sha256
    if target.kind is StateKind.FINAL:
        step.case.closed_at, step.case.outcome, step.case.due_at = step.now, target.outcome, None
    else:
        tasks.enter_state(case=step.case, state=target, now=step.now, kept=kept)
    step.case.save(update_fields=["state", "entered_at", "subject_sha256", "closed_at", "outcome", "due_at"])


def _run_effects(step: _Step, decision: FlowDecision, ctx: GuardContext) -> dict[str, Any]:
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
