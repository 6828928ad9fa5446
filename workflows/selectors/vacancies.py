"""Work that nobody where it waits can do: a role nobody holds, or held only by people who may not or cannot act."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from core import clock
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import Organisation
from governance.selectors import organisations
from workflows import permissions
from workflows.engine.spec import ANY_ROLE
from workflows.models import FlowTask
from workflows.selectors import tallies
from workflows.selectors.able import Hindrance
from workflows.selectors.standing import Held

_BATCH = 500


@dataclass(frozen=True)
class Vacancy:
    """A role in which nobody at an organisation can act, and the tasks that wait there for it. `why` is what keeps
    those who hold it, None where nobody does.
    """

    organisation_id: int
    role: str
    why: Hindrance | None
    tasks: tuple[FlowTask, ...]

    @property
    def waiting(self) -> int:
        """How many cases: each asks a role at an organisation once."""
        return len(self.tasks)

    @property
    def role_label(self) -> str:
        return RoleKey(self.role).label if self.role in RoleKey.values else self.role.replace("_", " ").capitalize()


def among(tasks: Iterable[FlowTask], now: datetime.datetime) -> list[Vacancy]:
    """What of these open tasks nobody can do at this moment, by organisation, role and reason; but for those that
    somebody in the same role at another organisation was asked to do as well, and can.
    """
    found: dict[tuple[int, str, Hindrance | None], list[FlowTask]] = defaultdict(list)
    held = Held(now)
    for batch in _batches(task for task in tasks if task.role != ANY_ROLE):
        counted = tallies.of_tasks(batch, held)
        vacant = [task for task in batch if not counted[task.pk].able]
        done_elsewhere = _able_elsewhere(vacant, held)
        for task in vacant:
            if (task.case_id, task.role) not in done_elsewhere:
                found[task.organisation_id, task.role, counted[task.pk].cause].append(task)
    keys = sorted(found, key=lambda key: (key[0], key[1], key[2] or ""))
    return [Vacancy(*key, tuple(found[key])) for key in keys]


def waiting(now: datetime.datetime) -> list[Vacancy]:
    """Everything that waits for nobody, for the daily upkeep."""
    return among(_open().iterator(chunk_size=_BATCH), now)


def of_organisation(viewer: Actor, public_id: UUID) -> tuple[Organisation, list[Vacancy]]:
    """An organisation and what waits there for nobody, for whoever may read its page."""
    organisation = organisations.visible(public_id, viewer)
    return organisation, among(_open().filter(organisation=organisation), clock.now())


def of_lead(viewer: Actor) -> tuple[Organisation, list[Vacancy]] | None:
    """The same for the inbox of whoever leads the organisation they act for; None for others."""
    if viewer.role != RoleKey.ORG_LEAD or not permissions.leads(viewer, viewer.organisation_id):
        return None
    organisation = Organisation.objects.get(pk=viewer.organisation_id or 0)
    return organisation, among(_open().filter(organisation=organisation), clock.now())


def _able_elsewhere(vacant: list[FlowTask], held: Held) -> set[tuple[int, str]]:
    """The (case, role) of tasks nobody can do, where an organisation that was asked too has somebody who can."""
    if not vacant:
        return set()
    rows = _open().filter(case__in={task.case_id for task in vacant}).exclude(pk__in=[task.pk for task in vacant])
    asked = {(task.case_id, task.role) for task in vacant}
    tasks = [task for task in rows if (task.case_id, task.role) in asked]
    counted = tallies.of_tasks(tasks, held) if tasks else {}
    return {(task.case_id, task.role) for task in tasks if counted[task.pk].able}


def _open() -> QuerySet[FlowTask]:
    """Open tasks with what `tallies` asks of their cases, and nothing that is long."""
    rows = FlowTask.objects.filter(closed_at=None).select_related("case").order_by("pk")
    return rows.only(
        *("public_id", "role", "organisation_id", "state"),
        *("case__public_id", "case__version_id", "case__subject_kind", "case__subject_id"),
    )


def _batches(tasks: Iterable[FlowTask]) -> Iterator[list[FlowTask]]:
    rest = iter(tasks)
    while batch := list(islice(rest, _BATCH)):
        yield batch
