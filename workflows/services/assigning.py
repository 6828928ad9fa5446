"""Putting a task in somebody's hands: by whoever has it, or by the organisation's lead."""

import datetime

from django.db import transaction
from django.urls import reverse

from core.exceptions import Refused
from governance.actors import Actor, reference
from governance.models import StaffListEntry, User
from governance.services import audit, notifications
from workflows import permissions, policies
from workflows.models import FlowTask
from workflows.selectors import assigning
from workflows.services import tasks


@transaction.atomic
def assign(*, by: Actor, task: FlowTask, to: StaffListEntry, now: datetime.datetime) -> FlowTask:
    """Put an open task in the hands of somebody who holds its role there, and tell them.

    Absent when the task is not the actor's to give away, Conflict when it is done, Refused when the one chosen does
    not hold the role there, is barred as an author or has decided their part. Who holds a task does not keep
    colleagues from deciding, unless the flow says that only the holder may.
    """
    permissions.check_user_can_assign(by, task)
    locked = tasks.lock(task)
    permissions.check_user_can_assign(by, locked)
    if to not in assigning.may_get(locked, now):
        raise Refused("Choose somebody who has this role here, did not write it and has not decided on it", field="to")
    if locked.claimed_by_id == to.user_id:
        return locked
    tasks.hold(locked, to.user_id, now, by.user_id)
    detail = {"to": reference(to.user.public_id), "role": str(locked.role)}
    audit.record(by=by, action="task.assigned", target=locked, detail=detail)
    if to.user_id != by.user_id:
        _tell(by, locked, to.user)
    return locked


def _tell(by: Actor, task: FlowTask, user: User) -> None:
    label = policies.spec_of(task.case.version).state(task.state).label
    notifications.notify(
        user=user,
        topic="flow.assigned",
        text=f"A task was put in your hands: {label}",
        link=reverse("workflows:inbox"),
        by=by,
    )
