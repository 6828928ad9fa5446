"""Telling an organisation's lead of work that nobody there can do. The work falls to nobody else."""

import datetime
from collections.abc import Iterable

from django.urls import reverse

from core import clock
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import Organisation, User
from governance.services import notifications
from workflows import permissions, policies
from workflows.models import FlowTask
from workflows.selectors import people, vacancies
from workflows.selectors.able import Hindrance
from workflows.selectors.vacancies import Vacancy

TOPIC = "flow.vacancy"


def report(*, by: Actor, tasks: Iterable[FlowTask], now: datetime.datetime) -> int:
    """Of tasks that somebody has just been asked to do, tell of those nobody can; gives how many people were told."""
    return _tell_all(by, vacancies.among(tasks, now), now)


def report_all(*, by: Actor, now: datetime.datetime) -> int:
    """Tell of everything that waits for nobody."""
    return _tell_all(by, vacancies.waiting(now), now)


def _tell_all(by: Actor, found: Iterable[Vacancy], now: datetime.datetime) -> int:
    """Of a role in which nobody can act one notice for each organisation and day, as long as it lasts and however many
    cases wait; of a task that only those hold who may not do it one notice, once.
    """
    told = 0
    for each in found:
        organisation = Organisation.objects.get(pk=each.organisation_id)
        if each.why is Hindrance.BARRED:
            told += sum(_tell_of_task(by, task, organisation, now) for task in each.tasks)
        else:
            key = f"vacancy:{organisation.pk}:{each.role}:{clock.today(now)}"
            told += _tell(by, organisation, now, text=_words(each, organisation), key=key)
    return told


def _words(vacancy: Vacancy, organisation: Organisation) -> str:
    text = f"Work waits for the role of {permissions.role_words(vacancy.role)} at {organisation.name}"
    if vacancy.why is None:
        return f"{text}, and nobody holds it"
    return f"{text}. Those who hold it cannot act: {vacancy.why.label}"


def _tell_of_task(by: Actor, task: FlowTask, organisation: Organisation, now: datetime.datetime) -> int:
    state = policies.spec_of(task.case.version).state(task.state).label
    role = permissions.role_words(task.role)
    text = f"A task needs another {role}, because those you have wrote it or have decided on it: {state}"
    about = ("flow_case", str(task.case.public_id))
    return _tell(by, organisation, now, text=text, key=f"vacancy:task:{task.public_id}", about=about)


def _tell(
    by: Actor,
    organisation: Organisation,
    now: datetime.datetime,
    *,
    text: str,
    key: str,
    about: tuple[str, str] = ("", ""),
) -> int:
    return notifications.tell(
        users=_leads(organisation.pk, now),
        topic=TOPIC,
        text=text,
        link=reverse("governance:organisation", args=[organisation.public_id]),
        key=key,
        about=about,
        organisation_id=organisation.pk,
        by=by,
    )


def _leads(organisation_id: int, now: datetime.datetime) -> list[User]:
    """The leads of the organisation; of one without, the host's information governance, so that somebody knows."""
    entries = people.holders(organisation_id=organisation_id, role=RoleKey.ORG_LEAD, now=now)
    found = [entry.user for entry in entries.select_related("user")]
    if found:
        return found
    officers = people.listed(now).filter(organisation_id__in=people.host_ids(), role=RoleKey.IG_OFFICER)
    return [entry.user for entry in officers.select_related("user")]
