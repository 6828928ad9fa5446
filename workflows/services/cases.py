"""Opening a case and taking its steps: one commit path, on which nobody can cheat.

A step locks the case, looks again at everything it depends on, and writes decision, event, effects and audit
in one transaction. Of two people who decide at once exactly one wins; the other is told what changed.
"""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction

from core.exceptions import Conflict, NotAllowed
from governance.actors import Actor
from governance.services import audit
from workflows import policies, registry
from workflows.engine.spec import Spec
from workflows.models import FlowCase, FlowDecision, FlowVersion
from workflows.registry import Subject
from workflows.selectors import definitions
from workflows.services import history, tasks
from workflows.services.explanations import TransitionView, WhoCan, explain, who_can, who_must_act
from workflows.services.locking import lock_case
from workflows.services.taking import Step, take

__all__ = ["TransitionView", "WhoCan", "explain", "fire", "open_case", "who_can", "who_must_act"]


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
            take(Step(by, case, subject, spec, spec.opening, "", now), shown_sha256=subject.content_sha256)
        else:
            tasks.enter_state(case=case, state=spec.start, now=now)
            case.save(update_fields=["due_at"])
    return case


def fire(
    *,
    by: Actor,
    case: FlowCase,
    transition: str,
    shown_sha256: str,
    expected_state: str,
    reason: str = "",
    ticked: Collection[str] = (),
    in_bulk: bool = False,
    now: datetime.datetime,
) -> FlowDecision:
    """Take a step of a case, as `by`, on what was shown to them; `ticked` are the texts of the step's checklist;
    `in_bulk` says that it is one of several taken at once.

    The decision that comes back has `completed`: whether it took the step. Where the flow asks for several people and
    this one is not the last, it is recorded, `awaits` says how many more it takes, the case stays where it is and no
    effect was run. `made` holds what the effects made, by their names, and is None when none were run.

    Raises Conflict when the case moved on or its subject changed since it was shown, NotAllowed with every
    reason when the step is not theirs, a guard stands in the way or they have decided already, Refused for an unknown
    step, a missing reason or a text not ticked. A refusal for want of a right stays in the audit trail though nothing
    else does. `case` is brought up to date.
    """
    with _refusals_recorded(by, f"flow.{transition[:40]}", case), transaction.atomic():
        locked, spec, subject = _as_shown(by, case, shown_sha256, expected_state)
        step = policies.transition_from(locked, spec, transition)
        policies.check_in_bulk(step, in_bulk)
        decision = take(Step(by, locked, subject, spec, step, reason, now, ticked), shown_sha256=shown_sha256)
    for name in ("state", "visit", "due_at", "closed_at", "outcome", "subject_sha256"):
        setattr(case, name, getattr(locked, name))
    return decision


@contextmanager
def _refusals_recorded(by: Actor, action: str, target: audit.Target) -> Iterator[None]:
    """Keep in the audit trail that the block was refused, and why, though the block itself is undone."""
    try:
        yield
    except NotAllowed as refusal:
        codes = [str(reason.code) for reason in refusal.decision.reasons]
        audit.record_refusal(by=by, action=action, target=target, codes=codes)
        raise


def _as_shown(by: Actor, case: FlowCase, shown_sha256: str, expected_state: str) -> tuple[FlowCase, Spec, Subject]:
    """The case, its flow and its subject, held, when all are still as they were shown; Conflict when they are not."""
    locked = lock_case(case.pk)
    spec = policies.spec_of(locked.version)
    policies.check_is_where_expected(locked, spec, expected_state)
    kind = registry.subjects.get(locked.subject_kind)
    subject = kind.lock(locked.subject_id)
    if subject.content_sha256 != shown_sha256:
        message = "This changed after you opened it, so your decision was not recorded"
        raise Conflict(message, kind.changes_since(subject, shown_sha256, by))
    return locked, spec, subject


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
