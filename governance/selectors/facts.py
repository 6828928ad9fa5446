"""One query for everything the gate knows of an actor."""

import contextvars
import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery

from core import clock
from governance.actors import Actor
from governance.enums import ActorKind
from governance.facts import ActorFacts, EntryFact, OrganisationFact, SystemFact
from governance.models import StaffListEntry, SystemAccess, User
from governance.selectors.fact_rows import (
    agreements_from,
    as_day,
    as_moment,
    requirement_rows,
    requirements_from,
    with_agreements,
)
from governance.selectors.grants import live_lead_grants, opens_administration
from governance.selectors.prepared import Prepared, Slot

_remembered: contextvars.ContextVar[dict[tuple[Any, ...], ActorFacts] | None] = contextvars.ContextVar(
    "actor_facts", default=None
)


@contextmanager
def one_look() -> Iterator[None]:
    """While a page is only looked at, what `facts_for_a_look` reads of an actor holds for all that the page asks."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def facts_for_a_look(actor: Actor, *, with_grants: bool) -> ActorFacts:
    """The actor's facts now; those the same look has read already, judged at this moment. Nothing outlives the look."""
    known = _remembered.get()
    if known is None:
        return actor_facts(actor, with_grants=with_grants)
    key = (actor.kind, actor.user_id, actor.entry_id, actor.organisation_id, actor.client_id, with_grants)
    if key in known:
        return known[key].dated(clock.now())
    found = known[key] = actor_facts(actor, with_grants=with_grants)
    return found


def actor_facts(actor: Actor, at: datetime.datetime | None = None, *, with_grants: bool = True) -> ActorFacts:
    """The actor's facts at `at` (now). One query; a stranger and a job need none."""
    at = at or clock.now()
    today = clock.today(at)
    if actor.kind == ActorKind.SYSTEM:
        return _system_facts(actor, at, today)
    if actor.user_id is None:
        return ActorFacts(at=at, today=today)
    if actor.entry_id is not None:
        return _entry_facts(actor, at, today, with_grants)
    if actor.organisation_id is not None:
        return _lead_facts(actor, at, today)
    active = User.objects.filter(pk=actor.user_id).values_list("is_active", flat=True).first()
    return ActorFacts(at=at, today=today, account_active=active)


_KEY, _MOMENT = BigIntegerField(), DateTimeField()
_ORGANISATION = ("pk", "name", "care_setting", "closed_on", "suspended_at")


def _organisation_columns(key: str) -> list[str]:
    return [f"{key}__{column}" for column in _ORGANISATION]


def facts_of(entries: QuerySet[StaffListEntry], at: datetime.datetime) -> list[tuple[int, ActorFacts]]:
    """The user and the facts of each of these staff-list entries, in one query. No grant is among them."""
    rows = _with_facts(entries.order_by("pk")).annotate(_user=F("user_id"))
    return [(user_id, _facts_from(row, at)) for *row, user_id in rows]


def _entry_query() -> QuerySet:
    return _with_facts(StaffListEntry.objects.filter(pk=Slot("entry", _KEY), user=Slot("user", _KEY)).order_by())


def _with_facts(rows: QuerySet[StaffListEntry]) -> QuerySet:
    return rows.annotate(
        _agreements=with_agreements("organisation"),
        _requirements=Subquery(requirement_rows()),
    ).values_list(
        *("role", "starts_on", "ends_on", "suspended_at", "registration_number", "user__is_active"),
        *("_requirements", "_agreements"),
        *_organisation_columns("organisation"),
    )


def _entry_and_grants_query() -> QuerySet:
    user, moment = Slot("user", _KEY), Slot("at", _MOMENT)
    leads = Exists(live_lead_grants(user, moment).filter(content_object=OuterRef("organisation")))
    return _entry_query().annotate(_leads=leads, _admits=opens_administration(user, moment))


def _lead_query() -> QuerySet:
    rows = live_lead_grants(Slot("user", _KEY), Slot("at", _MOMENT)).order_by()
    return (
        rows.filter(content_object=Slot("organisation", _KEY))
        .annotate(_agreements=with_agreements("content_object"))
        .values_list("user__is_active", "_agreements", *_organisation_columns("content_object"))
    )


def _system_query() -> QuerySet:
    rows = SystemAccess.objects.filter(client_id=Slot("client", CharField())).order_by()
    return rows.annotate(_agreements=with_agreements("organisation")).values_list(
        "valid_from", "valid_until", "_agreements", *_organisation_columns("organisation")
    )


_ENTRY, _ENTRY_AND_GRANTS = Prepared(_entry_query), Prepared(_entry_and_grants_query)
_LEAD, _SYSTEM = Prepared(_lead_query), Prepared(_system_query)


def _entry_facts(actor: Actor, at: datetime.datetime, today: datetime.date, with_grants: bool) -> ActorFacts:
    query = _ENTRY_AND_GRANTS if with_grants else _ENTRY
    row = query.first(entry=actor.entry_id, user=actor.user_id, at=at)
    if row is None:
        return ActorFacts(at=at, today=today)
    leads, admits = map(bool, row[-2:]) if with_grants else (None, None)
    return replace(_facts_from(row, at), has_lead_grant=leads, has_admin_grant=admits)


def _facts_from(row: Sequence[Any], at: datetime.datetime) -> ActorFacts:
    """One row of `_with_facts`, whatever comes after it."""
    today = clock.today(at)
    role, starts, ends, suspended, number, active, requirements, agreements, *organisation = row
    return ActorFacts(
        at=at,
        today=today,
        account_active=bool(active),
        entry=EntryFact(role, as_day(starts) or today, as_day(ends), suspended is not None, number),
        organisation=_organisation(*organisation[: len(_ORGANISATION)]),
        agreements=agreements_from(agreements),
        requirements=requirements_from(requirements),
    )


def _lead_facts(actor: Actor, at: datetime.datetime, today: datetime.date) -> ActorFacts:
    """Somebody who leads an organisation by a grant, before the organisation has a staff list."""
    row = _LEAD.first(user=actor.user_id, organisation=actor.organisation_id, at=at)
    if row is None:
        return ActorFacts(at=at, today=today)
    active, agreements, *organisation = row
    return ActorFacts(
        at=at,
        today=today,
        account_active=bool(active),
        organisation=_organisation(*organisation),
        agreements=agreements_from(agreements),
        has_lead_grant=True,
    )


def _system_facts(actor: Actor, at: datetime.datetime, today: datetime.date) -> ActorFacts:
    row = _SYSTEM.first(client=actor.client_id)
    if row is None:
        return ActorFacts(at=at, today=today)
    starts, ends, agreements, *organisation = row
    return ActorFacts(
        at=at,
        today=today,
        organisation=_organisation(*organisation),
        agreements=agreements_from(agreements),
        system=SystemFact(as_moment(starts), as_moment(ends) if ends else None),
    )


def _organisation(pk: int, name: str, care_setting: str, closed_on: Any, suspended_at: Any) -> OrganisationFact:
    return OrganisationFact(pk, name, care_setting, as_day(closed_on), suspended_at is not None)
