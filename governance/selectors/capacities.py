"""Whom an account may act for, from the staff lists, the lead grants and what upper layers know."""

import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, DateTimeField, F, QuerySet, UUIDField

from core import clock
from governance.acting import Capacity, capacity_sources, learner
from governance.actors import Actor, reference
from governance.enums import URGENT_SETTINGS, ActorKind, RoleKey
from governance.models import Organisation, StaffListEntry, User
from governance.selectors.fact_rows import as_day
from governance.selectors.grants import live_lead_grants, opens_administration
from governance.selectors.notices import unread_of
from governance.selectors.prepared import Prepared, Slot


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


def actor_by_email(email: str, role: RoleKey) -> Actor | None:
    """Whoever has that address, acting in a role they hold now; None when there is nobody, or not in that role."""
    user = User.objects.filter(email=email.lower()).first()
    held = [capacity.actor for capacity in current_capacities_of(user)] if user else []
    return next((actor for actor in held if actor.role == role), None)


def _rows(**conditions: Slot) -> QuerySet:
    newest_first = (F("ends_on").desc(nulls_first=True), "-starts_on", "pk")
    return (
        StaffListEntry.objects.filter(user=Slot("user", BigIntegerField()), **conditions)
        .order_by(*newest_first)
        .annotate(
            _admits=opens_administration(Slot("user", BigIntegerField()), Slot("at", DateTimeField())),
            _unread=unread_of(Slot("user", BigIntegerField())),
        )
        .values_list(
            *("pk", "public_id", "role", "organisation", "organisation__name", "organisation__care_setting"),
            *("starts_on", "ends_on", "suspended_at", "_admits", "_unread"),
        )
    )


_ALL = Prepared(_rows)
_CHOSEN = Prepared(lambda: _rows(public_id=Slot("entry", UUIDField())))
_LED = Prepared(
    lambda: live_lead_grants(Slot("user", BigIntegerField()), Slot("at", DateTimeField())).select_related(
        "content_object"
    )
)


def _entries(user: User, chosen: str = "") -> list[Capacity]:
    today = clock.today()
    try:
        asked = {"user": user.pk, "at": clock.now()}
        rows = _CHOSEN.all(**asked, entry=UUID(chosen)) if chosen else _ALL.all(**asked)
    except ValueError:  # a session that was written by hand
        rows = []
    return [_listed(user, today, *row) for row in rows]


def _listed(
    user: User,
    today: datetime.date,
    pk: int,
    public_id: Any,
    role_key: str,
    organisation_id: int,
    organisation_name: str,
    care_setting: str,
    starts_on: Any,
    ends_on: Any,
    suspended_at: Any,
    admits: Any,
    unread: int | None,
) -> Capacity:
    role, last = RoleKey(role_key), as_day(ends_on)
    actor = Actor(
        kind=ActorKind.STAFF,
        label=f"{role} {reference(user.public_id)}",
        user_id=user.pk,
        entry_id=pk,
        organisation_id=organisation_id,
        role=role,
        urgent_care=care_setting in URGENT_SETTINGS,
        admin_by_grant=bool(admits),
    )
    begun = (as_day(starts_on) or today) <= today
    current = begun and suspended_at is None and (last is None or last >= today)
    return Capacity(f"entry:{UUID(str(public_id))}", role.label, organisation_name, actor, current, unread or 0)


def _led(user: User) -> list[Capacity]:
    return [_leading(user, row.content_object) for row in _LED.models(user=user.pk, at=clock.now())]


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
