"""Tasks that can be put in somebody's hands, and in whose."""

import datetime
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from core import clock
from core.exceptions import Absent
from governance.actors import Actor
from governance.models import StaffListEntry
from governance.selectors import staff
from workflows import permissions
from workflows.models import FlowTask
from workflows.selectors import inbox, people, tallies
from workflows.selectors.able import Hindrance
from workflows.selectors.standing import Held


def task(viewer: Actor, public_id: UUID) -> FlowTask:
    """One task the viewer may give away; Absent when there is none."""
    rows = FlowTask.objects.select_related("case__version", "organisation", "claimed_by")
    found = rows.filter(public_id=public_id, organisation_id=viewer.organisation_id or 0).first()
    if found is None:
        raise Absent
    permissions.check_user_can_assign(viewer, found)
    return found


def may_get(task: FlowTask, now: datetime.datetime | None = None) -> dict[StaffListEntry, Hindrance | None]:
    """The staff-list entries of those who can be given a task, with what would keep each from doing it today: they hold
    its role, and have neither written what it decides on nor done their part, where its flow asks for others.
    """
    now = now or clock.now()
    rows = people.holders(organisation_id=task.organisation_id, role=task.role, now=now).select_related("user")
    rows = staff.with_training(rows).order_by("user__last_name", "user__first_name", "pk")
    why = tallies.hindrances(task, Held(now))
    return {entry: why.get(entry.user_id) for entry in rows if why.get(entry.user_id) is not Hindrance.BARRED}


def chosen(viewer: Actor, public_ids: Sequence[UUID]) -> list[FlowTask]:
    """Those of these tasks that wait in the viewer's inbox."""
    rows = inbox.tasks(viewer).filter(public_id__in=public_ids)
    return list(rows.select_related("case__version__definition", "case__owner").order_by(*inbox.DUE_FIRST))


def of_organisation(viewer: Actor) -> QuerySet[FlowTask]:
    """Every open task of the organisation the viewer leads, the one due first at the top; none for others."""
    rows = FlowTask.objects.select_related("case__version", "claimed_by").filter(closed_at=None)
    if not permissions.leads(viewer, viewer.organisation_id):
        return rows.none()
    return rows.filter(organisation_id=viewer.organisation_id or 0).order_by(F("due_at").asc(nulls_last=True), "pk")
