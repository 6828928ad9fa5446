"""Reminders and escalations whose moment has come. Each fires once, however many workers look."""

import datetime
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.urls import reverse

from core.jobs.runs import describe
from governance.actors import Actor
from governance.models import User
from governance.services import audit, notifications
from workflows import policies
from workflows.engine.spec import State
from workflows.models import FlowCase, FlowTimer
from workflows.selectors import people
from workflows.services import clocks, history, tasks
from workflows.services.locking import lock_case

logger = structlog.get_logger("flows")


def fire_due(*, by: Actor, now: datetime.datetime, limit: int = 500) -> int:
    """Fire every timer due at `now`, each in its own transaction; returns how many fired.

    One that cannot fire (its flow no longer reads as signed, say) keeps none of the others waiting, and is tried
    again the next time. Those whose case went on before their moment came are cleared away. `limit` is how many are
    read at once.
    """
    due = clocks.live().filter(due_at__lte=now).order_by("pk")
    fired = last = 0
    while keys := list(due.filter(pk__gt=last).values_list("pk", "case_id")[:limit]):
        for timer_id, case_id in keys:
            try:
                fired += _fire(by, timer_id, case_id, now)
            except Exception as error:
                logger.error("timer did not fire", timer=timer_id, error=describe(error), exc_info=error)
        last = keys[-1][0]
    _clear(now)
    return fired


def _clear(now: datetime.datetime) -> None:
    """Delete the timers due at `now` that never fire. No case needs to be held: none comes back to a visit that is
    over. What another worker is clearing away is left to it.
    """
    over = clocks.overtaken().filter(due_at__lte=now).select_for_update(of=("self",), skip_locked=True)
    FlowTimer.objects.filter(pk__in=over.values("pk")).delete()


@transaction.atomic
def _fire(by: Actor, timer_id: int, case_id: int, now: datetime.datetime) -> bool:
    """Fire one timer; the case is locked first, as a decision does, so neither overtakes the other."""
    case = lock_case(case_id)
    timer = clocks.live().filter(pk=timer_id).first()
    if timer is None:
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
    users: dict[int, User] = {}
    for task in case.tasks.filter(closed_at=None).select_related("claimed_by"):
        kept = task.claimed_by if tasks.is_held(task, now) else None
        done = set(task.done_by.values_list("pk", flat=True))
        asked = [user for user in _holders(task.organisation_id, task.role, now) if user.pk not in done]
        found = [kept] if kept else asked
        users.update({user.pk: user for user in found})
    return _tell(by, case, timer, users.values(), f"A task still waits for you: {state.label}")


def _escalate(by: Actor, case: FlowCase, state: State, timer: FlowTimer, now: datetime.datetime) -> int:
    """Tell the role the flow names, at the owning organisation, that the deadline has passed."""
    users = _holders(case.owner_id, state.escalate_to, now)
    return _tell(by, case, timer, users, f"A task at {case.owner.name} is overdue: {state.label}")


def _tell(by: Actor, case: FlowCase, timer: FlowTimer, users: Iterable[User], text: str) -> int:
    return notifications.tell(
        users=users,
        topic=f"flow.{timer.kind}",
        text=text,
        link=reverse("workflows:inbox"),
        key=f"timer:{timer.pk}",
        about=("flow_case", str(case.public_id)),
        organisation_id=case.owner_id,
        by=by,
    )


def _holders(organisation_id: int, role: str, now: datetime.datetime) -> list[User]:
    entries = people.holders(organisation_id=organisation_id, role=role, now=now)
    return [entry.user for entry in entries.select_related("user")]
