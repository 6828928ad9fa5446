"""Whom an account may act for, from the staff lists, the lead grants and what upper layers know."""

import datetime

from django.db.models import F

from core import clock
from governance.acting import Capacity, capacity_sources, learner
from governance.actors import Actor, reference
from governance.enums import ActorKind, RoleKey
from governance.models import Organisation, StaffListEntry, User
from governance.selectors.grants import live_lead_grants


def capacities_of(user: User, wanted: str = "") -> list[Capacity]:
    """The capacities one request needs: that which the session chose (`wanted`), else the places on staff lists.

    One query for anybody on a list; who is on none is looked for among leads and people, and is a learner at last.
    """
    if wanted.startswith("entry:"):
        chosen = _entries(user, wanted.removeprefix("entry:"))
        if chosen:
            return chosen
    listed = _entries(user)
    if any(capacity.current for capacity in listed) and (not wanted or wanted.startswith("entry:")):
        return listed
    return [*listed, *_led(user), *_from_above(user)] or [learner(user)]


def current_capacities_of(user: User) -> list[Capacity]:
    """What the chooser offers: everything the account may act as now."""
    found = [*_entries(user), *_led(user), *_from_above(user)]
    return [capacity for capacity in found if capacity.current]


def _entries(user: User, public_id: str = "") -> list[Capacity]:
    rows = StaffListEntry.objects.filter(user=user.pk).select_related("organisation")
    if public_id:
        rows = rows.filter(public_id=public_id)
    newest_first = (F("ends_on").desc(nulls_first=True), "-starts_on", "pk")
    today = clock.today()
    return [_listed(user, row, today) for row in rows.order_by(*newest_first)]


def _listed(user: User, row: StaffListEntry, today: datetime.date) -> Capacity:
    role = RoleKey(row.role)
    actor = Actor(
        kind=ActorKind.STAFF,
        label=f"{role} {reference(user.public_id)}",
        user_id=user.pk,
        entry_id=row.pk,
        organisation_id=row.organisation_id,
        role=role,
        urgent_care=row.organisation.is_urgent_care,
    )
    over = row.ends_on is not None and row.ends_on < today
    current = not over and row.suspended_at is None and row.starts_on <= today
    return Capacity(f"entry:{row.public_id}", role.label, row.organisation.name, actor, current)


def _led(user: User) -> list[Capacity]:
    rows = live_lead_grants(user.pk, clock.now()).select_related("content_object")
    return [_leading(user, row.content_object) for row in rows]


def _leading(user: User, organisation: Organisation) -> Capacity:
    actor = Actor(
        kind=ActorKind.STAFF,
        label=f"{RoleKey.ORG_LEAD} {reference(user.public_id)}",
        user_id=user.pk,
        organisation_id=organisation.pk,
        role=RoleKey.ORG_LEAD,
    )
    return Capacity(f"lead:{organisation.public_id}", RoleKey.ORG_LEAD.label, organisation.name, actor)


def _from_above(user: User) -> list[Capacity]:
    return [capacity for source in capacity_sources for capacity in source(user)]
