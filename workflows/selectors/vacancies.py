"""Roles that open tasks wait for and nobody holds where they wait."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core import clock
from governance.actors import Actor
from governance.enums import RoleKey
from governance.selectors import organisations
from workflows.engine.spec import ANY_ROLE
from workflows.models import FlowTask
from workflows.selectors import people

Place = tuple[int, str]


@dataclass(frozen=True)
class Vacancy:
    """A role nobody holds at an organisation, and how many cases wait there for it."""

    organisation_id: int
    role: str
    waiting: int

    @property
    def role_label(self) -> str:
        return RoleKey(self.role).label if self.role in RoleKey.values else self.role


def vacant(places: Collection[Place], now: datetime.datetime) -> list[Place]:
    """Those of the (organisation, role) pairs that have no holder at this moment, in one query."""
    wanted = {(place, role) for place, role in places if role != ANY_ROLE}
    if not wanted:
        return []
    where = Q()
    for place, role in wanted:
        where |= Q(organisation_id=place, role=role)
    held = set(people.listed(now).filter(where).order_by().values_list("organisation_id", "role").distinct())
    return sorted(wanted - held)


def waiting(now: datetime.datetime) -> list[Vacancy]:
    """Every role that open tasks wait for and nobody holds, for the daily upkeep."""
    return _vacancies(FlowTask.objects.all(), now)


def of_organisation(viewer: Actor, public_id: UUID) -> list[Vacancy]:
    """The same at one organisation, for whoever may read its page."""
    organisation = organisations.visible(public_id, viewer)
    return _vacancies(FlowTask.objects.filter(organisation=organisation), clock.now())


def _vacancies(tasks: QuerySet[FlowTask], now: datetime.datetime) -> list[Vacancy]:
    counted = tasks.filter(closed_at=None).order_by("organisation_id", "role").values_list("organisation_id", "role")
    found = {(place, role): cases for place, role, cases in counted.annotate(cases=Count("case", distinct=True))}
    return [Vacancy(place, role, found[place, role]) for place, role in vacant(found, now)]
