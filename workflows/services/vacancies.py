"""Telling an organisation's lead that work waits for a role nobody there holds. The work falls to nobody else."""

import datetime
from collections.abc import Iterable

from django.urls import reverse

from core import clock
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import Organisation, User
from governance.services import notifications
from workflows.models import FlowTask
from workflows.selectors import people, vacancies

TOPIC = "flow.vacancy"


def report(*, by: Actor, tasks: Iterable[FlowTask], now: datetime.datetime) -> int:
    """Of tasks that have just been opened, tell of those whose role nobody holds; gives how many people were told."""
    return _tell(by, vacancies.vacant({(task.organisation_id, task.role) for task in tasks}, now), now)


def report_all(*, by: Actor, now: datetime.datetime) -> int:
    """Tell of every role that tasks wait for and nobody holds, once a day as long as it lasts."""
    return _tell(by, [(found.organisation_id, found.role) for found in vacancies.waiting(now)], now)


def _tell(by: Actor, places: Iterable[vacancies.Place], now: datetime.datetime) -> int:
    """One notice for each organisation, role and day, however many cases wait and however often it is looked."""
    told = 0
    for organisation_id, role in places:
        organisation = Organisation.objects.get(pk=organisation_id)
        label = RoleKey(role).label.lower() if role in RoleKey.values else role
        told += notifications.tell(
            users=_leads(organisation_id, now),
            topic=TOPIC,
            text=f"Work waits for the role of {label} at {organisation.name}, and nobody holds it",
            link=reverse("governance:organisation", args=[organisation.public_id]),
            key=f"vacancy:{organisation_id}:{role}:{clock.today(now)}",
            organisation_id=organisation_id,
            by=by,
        )
    return told


def _leads(organisation_id: int, now: datetime.datetime) -> list[User]:
    """The leads of the organisation; of one without, the host's information governance, so that somebody knows."""
    entries = people.holders(organisation_id=organisation_id, role=RoleKey.ORG_LEAD, now=now)
    found = [entry.user for entry in entries.select_related("user")]
    if found:
        return found
    officers = people.listed(now).filter(organisation_id__in=people.host_ids(), role=RoleKey.IG_OFFICER)
    return [entry.user for entry in officers.select_related("user")]
