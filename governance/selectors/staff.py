"""Staff lists as a viewer may see them."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from core import clock
from core.exceptions import Absent
from governance import gate, policies
from governance.actors import Actor
from governance.enums import Action, CareSetting, RoleKey, TrainingState
from governance.models import JobTitle, Organisation, StaffListEntry, User
from governance.selectors.fact_rows import requirement_rows, requirements_from


def current(on: datetime.date | None = None) -> Q:
    """The condition for an entry that counts on a day."""
    day = on or clock.today()
    return Q(starts_on__lte=day, suspended_at=None) & (Q(ends_on=None) | Q(ends_on__gte=day))


def holding(role: RoleKey, organisation_id: int) -> QuerySet[StaffListEntry]:
    """Who holds a role at an organisation today, with an account that is active."""
    rows = StaffListEntry.objects.filter(current(), user__is_active=True, role=role)
    return rows.filter(organisation_id=organisation_id)


def at_host(role: RoleKey) -> QuerySet[StaffListEntry]:
    """Who holds a role at the host of the service today, with an account that is active."""
    rows = StaffListEntry.objects.filter(current(), user__is_active=True, role=role)
    return rows.filter(organisation__care_setting=CareSetting.HOST)


def of_organisation(organisation: Organisation, viewer: Actor) -> QuerySet[StaffListEntry]:
    """An organisation's whole list, ended places last, for whoever may see the organisation."""
    gate.check(viewer, Action.ORGANISATION_READ, organisation)
    rows = StaffListEntry.objects.filter(organisation=organisation).select_related("user", "job_title")
    return with_training(rows).order_by("ends_on", "user__last_name", "pk")


def with_training(rows: QuerySet[StaffListEntry]) -> QuerySet[StaffListEntry]:
    """The same entries with what `training_of` needs."""
    return rows.annotate(_requirements=Subquery(requirement_rows()))


def visible(public_id: Any, viewer: Actor) -> StaffListEntry:
    """One entry for this viewer; Absent when there is none or it is not theirs."""
    row = StaffListEntry.objects.filter(public_id=public_id).select_related("organisation", "user", "job_title").first()
    gate.check_found(viewer, Action.ORGANISATION_READ, row.organisation if row else None)
    if row is None:
        raise Absent
    return row


def training_of(entry: StaffListEntry) -> TrainingState:
    """The worst state among the courses the entry's role needs; valid when it needs none.

    Needs rows of `with_training`, which bring the facts along.
    """
    worst_first = [
        *(TrainingState.NEVER, TrainingState.EXPIRED, TrainingState.GRACE),
        *(TrainingState.DUE, TrainingState.VALID),
    ]
    facts = requirements_from(entry._requirements)  # type: ignore[attr-defined]
    states = {policies.training_state(fact, clock.now()) for fact in facts}
    return min(states, key=worst_first.index) if states else TrainingState.VALID


def training_summary(entries: list[StaffListEntry], on: datetime.date) -> dict[TrainingState, int]:
    """How many of the people on the list today are in which state of training."""
    counts = dict.fromkeys(TrainingState, 0)
    for entry in entries:
        over = entry.ends_on is not None and entry.ends_on < on
        if entry.suspended_at is None and entry.starts_on <= on and not over:
            counts[training_of(entry)] += 1
    return counts


def job_titles(viewer: Actor) -> QuerySet[JobTitle]:
    """What somebody on a staff list may be called, for whoever manages one."""
    gate.check(viewer, Action.STAFF_LIST_MANAGE)
    return JobTitle.objects.select_related("role").order_by("label")


def account_on_a_list(email: str) -> User | None:
    """The open account with this address, if it stands on a staff list today."""
    places = StaffListEntry.objects.filter(current(), user__email=email.strip().lower(), user__is_active=True)
    found = places.select_related("user").first()
    return found.user if found else None


def other_leads(entry: StaffListEntry) -> QuerySet[StaffListEntry]:
    """The organisation's current leads besides this entry."""
    rows = StaffListEntry.objects.filter(organisation=entry.organisation_id, role=RoleKey.ORG_LEAD)
    return rows.filter(current()).exclude(pk=entry.pk)
