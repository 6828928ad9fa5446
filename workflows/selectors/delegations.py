"""Who is away and who stands in, as far as it concerns a viewer."""

import datetime
from dataclasses import replace
from uuid import UUID

from django.db.models import Q, QuerySet

from core import clock
from core.exceptions import Absent
from governance.actors import Actor
from governance.models import User
from workflows import permissions
from workflows.models import FlowDelegation
from workflows.selectors import people


def coming(viewer: Actor, now: datetime.datetime | None = None) -> QuerySet[FlowDelegation]:
    """Those that count now or later at the viewer's organisation: all of them for its lead, else one's own."""
    rows = FlowDelegation.objects.filter(
        organisation_id=viewer.organisation_id or 0, ended_at=None, ends_at__gt=now or clock.now()
    )
    if not permissions.leads(viewer, viewer.organisation_id):
        rows = rows.filter(Q(from_user=viewer.user_id) | Q(to_user=viewer.user_id))
    return rows.select_related("from_user", "to_user").order_by("starts_at", "pk")


def one(viewer: Actor, public_id: UUID) -> FlowDelegation:
    """One of them; Absent when there is none."""
    found = coming(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def standing_in(viewer: Actor, now: datetime.datetime | None = None) -> list[FlowDelegation]:
    """Those by which the viewer decides for colleagues at this moment."""
    if viewer.user_id is None or viewer.organisation_id is None or viewer.on_behalf_of:
        return []
    rows = people.delegations(now or clock.now()).filter(to_user=viewer.user_id, organisation=viewer.organisation_id)
    return list(rows.select_related("from_user").order_by("starts_at", "pk"))


def acting_for(viewer: Actor, public_id: str) -> Actor:
    """The viewer as they decide for the colleague of a delegation to them; themself for an empty one. Absent when
    there is no such delegation now.
    """
    if not public_id:
        return viewer
    for row in standing_in(viewer):
        if str(row.public_id) == public_id:
            return replace(viewer, on_behalf_of=str(row.from_user_id))
    raise Absent


def colleagues(viewer: Actor, now: datetime.datetime | None = None) -> list[User]:
    """Everybody on the staff list of the viewer's organisation today, by name."""
    listed = people.listed(now or clock.now()).filter(organisation_id=viewer.organisation_id or 0)
    rows = User.objects.filter(pk__in=listed.values("user_id"))
    return list(rows.order_by("last_name", "first_name", "pk"))
