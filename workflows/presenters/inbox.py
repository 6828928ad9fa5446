"""The inbox's rows: what waits, since when, until when, with whom."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.exceptions import Absent
from governance.actors import Actor
from workflows import policies, registry
from workflows.models import FlowTask
from workflows.registry import Subject


@dataclass(frozen=True)
class TaskRow:
    """One task as the inbox lists it."""

    public_id: UUID
    label: str
    link: str
    state: str
    waiting_since: datetime.datetime
    due_at: datetime.datetime | None
    overdue: bool
    taken_by: str
    is_mine: bool
    is_free: bool


def task_rows(viewer: Actor, tasks: Sequence[FlowTask], now: datetime.datetime) -> list[TaskRow]:
    """Rows in the order given; what they move is read at once per kind of subject."""
    subjects = _subjects(tasks)
    return [_row(viewer, task, subjects.get(task.case.subject_id), now) for task in tasks]


def _row(viewer: Actor, task: FlowTask, subject: Subject | None, now: datetime.datetime) -> TaskRow:
    mine = task.claimed_by_id is not None and task.claimed_by_id == viewer.user_id
    taken = task.claimed_by.display_name if task.claimed_by else "Nobody yet"
    return TaskRow(
        public_id=task.public_id,
        label=subject.label if subject else "No longer there",
        link=subject.link if subject else "",
        state=policies.spec_of(task.case.version).state(task.state).label,
        waiting_since=task.opened_at,
        due_at=task.due_at,
        overdue=bool(task.due_at and task.due_at < now),
        taken_by="You" if mine else taken,
        is_mine=mine,
        is_free=task.claimed_by_id is None,
    )


def _subjects(tasks: Sequence[FlowTask]) -> dict[UUID, Subject]:
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for task in tasks:
        wanted[task.case.subject_kind].append(task.case.subject_id)
    found: dict[UUID, Subject] = {}
    for kind, ids in wanted.items():
        try:
            found |= registry.subjects.get(kind).load_many(ids)
        except Absent:
            found |= _one_by_one(kind, ids)
    return found


def _one_by_one(kind: str, ids: list[UUID]) -> dict[UUID, Subject]:
    """What is left when one of several was deleted under its case."""
    found = {}
    for subject_id in ids:
        try:
            found[subject_id] = registry.subjects.get(kind).load(subject_id)
        except Absent:
            continue
    return found
