"""The tasks of an organisation as its lead sees them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.enums import RoleKey, TrainingState
from governance.models import StaffListEntry
from governance.selectors import staff
from workflows.models import FlowTask
from workflows.presenters.inbox import Deadline, deadline
from workflows.selectors.able import Hindrance
from workflows.selectors.inbox import specs_of
from workflows.selectors.standing import subjects_of

_UNTRAINED = {
    TrainingState.NEVER: "has not taken the training",
    TrainingState.EXPIRED: "training has run out",
}


@dataclass(frozen=True)
class AssignedRow:
    """One task: what it is about, whom it asks, who has it."""

    public_id: UUID
    label: str
    state: str
    role: str
    taken_by: str
    due: Deadline


def person(entry: StaffListEntry, why: Hindrance | None) -> str:
    """Somebody who may be given a task, with what would keep them from deciding on it."""
    trouble = _UNTRAINED.get(staff.training_of(entry), "") or (why.label if why else "")
    return f"{entry.user.display_name} ({trouble})" if trouble else entry.user.display_name


def assigned_rows(tasks: Sequence[FlowTask], now: datetime.datetime) -> list[AssignedRow]:
    """Rows in the order given; what they move and their flows are read at once."""
    subjects = subjects_of(task.case for task in tasks)
    specs = specs_of({task.case.version_id for task in tasks})
    rows = []
    for task in tasks:
        subject = subjects.get((task.case.subject_kind, task.case.subject_id))
        spec = specs.get(task.case.version_id)
        rows.append(
            AssignedRow(
                public_id=task.public_id,
                label=subject.label if subject else "No longer there",
                state=spec.state(task.state).label if spec else "Its flow cannot be read",
                role=RoleKey(task.role).label if task.role in RoleKey.values else task.role,
                taken_by=task.claimed_by.display_name if task.claimed_by else "Nobody yet",
                due=deadline(task.due_at, now),
            )
        )
    return rows
