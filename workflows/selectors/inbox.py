"""What waits for a viewer: the open tasks of their role at their organisation."""

from uuid import UUID

from django.db.models import F, QuerySet

from core.exceptions import Absent
from governance.actors import Actor
from workflows.models import FlowTask


def tasks(viewer: Actor) -> QuerySet[FlowTask]:
    """The viewer's and their team's open tasks, the one due first at the top."""
    rows = FlowTask.objects.filter(
        organisation_id=viewer.organisation_id or 0, role=str(viewer.role or ""), closed_at=None
    ).select_related("case__version", "case__owner", "claimed_by")
    return rows.order_by(F("due_at").asc(nulls_last=True), "opened_at", "pk")


def mine(viewer: Actor) -> QuerySet[FlowTask]:
    """Those the viewer has taken."""
    return tasks(viewer).filter(claimed_by_id=viewer.user_id)


def nobodys(viewer: Actor) -> QuerySet[FlowTask]:
    """Those nobody has taken yet."""
    return tasks(viewer).filter(claimed_by_id=None)


def task(viewer: Actor, public_id: UUID) -> FlowTask:
    """One task that was ever in the viewer's inbox; Absent when there is none. The service says when it is done."""
    rows = FlowTask.objects.filter(organisation_id=viewer.organisation_id or 0, role=str(viewer.role or ""))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found
