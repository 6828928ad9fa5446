"""Reminders and escalations whose moment has come. Each fires once, however many workers look."""

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from governance.actors import Actor
from governance.models import StaffListEntry
from governance.services import audit, notifications
from workflows import policies
from workflows.engine.spec import State
from workflows.models import FlowCase, FlowTask, FlowTimer
from workflows.selectors import people
from workflows.services import history, tasks
from workflows.services.locking import lock_case


def fire_due(*, by: Actor, now: datetime.datetime, limit: int = 500) -> int:
    """Fire every timer due at `now`, each in its own transaction; returns how many fired."""
    due = FlowTimer.objects.filter(due_at__lte=now, fired_at=None, cancelled_at=None)
    keys = list(due.order_by("due_at", "pk").values_list("pk", "case_id")[:limit])
    return sum(_fire(by, timer_id, case_id, now) for timer_id, case_id in keys)


@transaction.atomic
def _fire(by: Actor, timer_id: int, case_id: int, now: datetime.datetime) -> bool:
    """Fire one timer; the case is locked first, as a decision does, so neither overtakes the other."""
    case = lock_case(case_id)
    timer = FlowTimer.objects.get(pk=timer_id)
    if timer.fired_at or timer.cancelled_at or case.closed_at:
        return False
    state = policies.spec_of(case.version).state(case.state)
    told = _remind(by, case, state, timer, now) if timer.kind == FlowTimer.Kind.REMINDER else 0
    told += _escalate(by, case, state, timer, now) if timer.kind == FlowTimer.Kind.ESCALATION else 0
    timer.fired_at = now
    timer.save(update_fields=["fired_at"])
    detail = {"timer": str(timer.kind), "state": case.state, "told": told}
    history.append(by=by, case=case, kind="timer", detail=detail, now=now)
    audit.record(by=by, action=f"flow.{timer.kind}", target=case, detail=detail)
    return True


def _remind(by: Actor, case: FlowCase, state: State, timer: FlowTimer, now: datetime.datetime) -> int:
    """Tell those whose turn it is: who took the task and still holds its role, else everybody it waits for."""
    told = 0
    for task in case.tasks.filter(closed_at=None).select_related("claimed_by"):
        kept = task.claimed_by if tasks.is_held(task, now) else None
        users = [kept] if kept else [entry.user for entry in _holders(task, now)]
        for user in users:
            notifications.notify(
                user=user,
                topic="flow.reminder",
                text=f"A task still waits for you: {state.label}",
                link=reverse("workflows:inbox"),
                key=f"timer:{timer.pk}",
                by=by,
            )
        told += len(users)
    return told


def _escalate(by: Actor, case: FlowCase, state: State, timer: FlowTimer, now: datetime.datetime) -> int:
    """Tell the role the flow names, at the owning organisation, that the deadline has passed."""
    entries = people.holders(organisation_id=case.owner_id, role=state.escalate_to, now=now)
    found = list(entries.select_related("user"))
    for entry in found:
        notifications.notify(
            user=entry.user,
            topic="flow.escalation",
            text=f"A task at {case.owner.name} is overdue: {state.label}"[:200],
            link=reverse("workflows:inbox"),
            key=f"timer:{timer.pk}",
            by=by,
        )
    return len(found)


def _holders(task: FlowTask, now: datetime.datetime) -> QuerySet[StaffListEntry]:
    entries = people.holders(organisation_id=task.organisation_id, role=task.role, now=now)
    return entries.select_related("user")
