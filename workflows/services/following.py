"""What is recorded elsewhere moves the case: a signature on governance's page, a plan withdrawn, a day that passed.

There is one direction: the record is made by the service that owns it, and the case follows in the same transaction.
So nothing is done past the flow (when it forbids the step, the record is not made either), and nothing twice.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from core import clock, events
from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.services import audit
from workflows import policies, registry
from workflows.engine.spec import Spec, StateKind
from workflows.happenings import Happening, happenings
from workflows.models import FlowCase
from workflows.selectors import definitions
from workflows.services import cases, history, tasks
from workflows.services.locking import lock_case
from workflows.services.taking import Step, take


def subscribe(name: str, happening: Happening) -> None:
    """Make a happening known to flows, and have cases follow it."""
    if name in happenings:
        return
    happenings.add(name, happening)
    if happening.topic and happening.later:
        events.after_commit(happening.topic, subscriber=f"flows {name}")(_told(name))
    elif happening.topic:
        events.transactional(happening.topic)(_told(name))


def _told(name: str) -> Callable[[Any], None]:
    return partial(_follow_all, name)


def _follow_all(name: str, event: Any) -> None:
    by = event.by or Actor.job("flows")
    for subject_id in happenings.get(name).find(event.payload):
        follow(by=by, happening=name, subject_id=subject_id, now=clock.now())


@transaction.atomic
def follow(*, by: Actor, happening: str, subject_id: UUID, now: datetime.datetime) -> FlowCase | None:
    """Move the open case of a subject by what was just recorded of it; gives the case, if there is one.

    Opens a case where the happening opens one and a flow is in use for the kind. Raises NotAllowed when the flow does
    not accept this recording from the actor, Refused when it knows the happening but not now: the caller's record is
    undone with it.
    """
    rule = happenings.get(happening)
    rows = FlowCase.objects.filter(subject_kind=rule.subject_kind, subject_id=subject_id, closed_at=None)
    case = rows.first()
    if case is not None:
        return _follow(by, rule, happening, lock_case(case.pk), now)
    if rule.opens and definitions.in_use_for(rule.subject_kind):
        return cases.open_case(by=by, subject_kind=rule.subject_kind, subject_id=subject_id, now=now)
    return None


def _follow(by: Actor, rule: Happening, happening: str, case: FlowCase, now: datetime.datetime) -> FlowCase:
    if case.closed_at is not None:
        return case
    spec = policies.spec_of(case.version)
    step = spec.upon(happening, case.state)
    if step is not None:
        subject = registry.subjects.get(case.subject_kind).lock(case.subject_id)
        _take(Step(by, case, subject, spec, step, "", now))
    elif rule.ends:
        _end(by, case, spec, happening, rule.ends, now)
    elif any(other.on_event == happening for other in spec.transitions):
        label = spec.state(case.state).label
        raise Refused(f"Its flow does not expect this now. It stands at: {label}. Nothing was recorded")
    return case


def _take(step: Step) -> None:
    try:
        take(step, shown_sha256=step.subject.content_sha256)
    except NotAllowed as refusal:
        codes = [str(reason.code) for reason in refusal.decision.reasons]
        audit.record_refusal(by=step.by, action=f"flow.{step.transition.key}", target=step.case, codes=codes)
        raise


def _end(by: Actor, case: FlowCase, spec: Spec, happening: str, outcome: str, now: datetime.datetime) -> None:
    """Close a case where it stands: what it was about is over."""
    state = spec.state(case.state)
    tasks.leave_state(case=case, state=state, target=replace(state, kind=StateKind.FINAL, pauses=False), now=now)
    case.closed_at, case.outcome, case.due_at = now, outcome, None
    case.save(update_fields=["closed_at", "outcome", "due_at"])
    detail = {"event": happening, "outcome": outcome, "state": case.state}
    history.append(by=by, case=case, kind="ended", detail=detail, now=now)
    audit.record(by=by, action="flow.ended", target=case, detail=detail)
