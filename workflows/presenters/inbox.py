"""The inbox's rows: what waits, how long already, until when, with whom."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import clock
from core.date_format import clock_time, staff_date, staff_moment
from governance.actors import Actor
from workflows import registry
from workflows.engine.spec import Spec
from workflows.models import FlowTask
from workflows.registry import Subject
from workflows.selectors.inbox import Inbox, specs_of
from workflows.selectors.standing import subjects_of

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """Until when, in words; `mood` colours the tag, and there is none while there is time."""

    words: str
    tag: str = ""
    mood: str = "neutral"


@dataclass(frozen=True)
class TaskRow:
    """One task as the inbox lists it; `beside` is the second line under its name, `together` whether its flow lets
    several be decided at once.
    """

    public_id: UUID
    label: str
    link: str
    beside: str
    state: str
    waits: str
    since: str
    due: Deadline
    taken_by: str
    is_mine: bool
    is_free: bool
    stands_in: bool
    together: bool


def task_rows(viewer: Actor, inbox: Inbox, tasks: Sequence[FlowTask], now: datetime.datetime) -> list[TaskRow]:
    """Rows in the order given; what they move and the flows they are on are read at once."""
    subjects = subjects_of(task.case for task in tasks)
    specs = specs_of({task.case.version_id for task in tasks})
    return [
        _row(viewer, inbox, task, subjects.get((task.case.subject_kind, task.case.subject_id)), specs, now)
        for task in tasks
    ]


def deadline(due_at: datetime.datetime | None, now: datetime.datetime, stopped: bool = False) -> Deadline:
    """`Overdue` with how long, `Due today` with the hour, else the day; without one, whether its clock is stopped."""
    if due_at is None:
        return Deadline("The clock stands still" if stopped else "No deadline")
    if due_at < now:
        return Deadline(f"by {span(now - due_at)}", "Overdue", "bad")
    days = (clock.today(due_at) - clock.today(now)).days
    if days == 0:
        return Deadline(f"by {clock_time(due_at)}", "Due today", "attention")
    if days == 1:
        return Deadline(f"Tomorrow by {clock_time(due_at)}")
    return Deadline(f"{staff_date(due_at)}, in {days} days")


def span(length: datetime.timedelta) -> str:
    """How long, in the largest unit of which there is at least one: `less than an hour`, `5 hours`, `3 days`."""
    hours = int(length / datetime.timedelta(hours=1))
    count, unit = (int(length / _DAY), "day") if length >= _DAY else (hours, "hour")
    if count < 1:
        return "less than an hour"
    return f"1 {unit}" if count == 1 else f"{count:,} {unit}s"


def _row(
    viewer: Actor,
    inbox: Inbox,
    task: FlowTask,
    subject: Subject | None,
    specs: Mapping[int, Spec],
    now: datetime.datetime,
) -> TaskRow:
    spec = specs.get(task.case.version_id)
    mine = task.claimed_by_id is not None and task.claimed_by_id == viewer.user_id
    stands_in = not mine and task.claimed_by_id in inbox.holders
    return TaskRow(
        public_id=task.public_id,
        label=subject.label if subject else "No longer there",
        link=subject.link if subject else "",
        beside=_beside(viewer, task),
        state=_state(task, spec),
        waits=span(now - task.opened_at),
        since=staff_moment(task.opened_at),
        due=deadline(task.due_at, now, stopped=_is_paused(task, spec)),
        taken_by=_holder(task, mine),
        is_mine=mine,
        is_free=task.claimed_by_id is None and task.role == viewer.role,
        stands_in=stands_in,
        together=_may_be_decided_together(task, spec),
    )


def _may_be_decided_together(task: FlowTask, spec: Spec | None) -> bool:
    """Whether a step out of its state may be taken for several, on a page that is not the subject's own."""
    kind = task.case.subject_kind
    if spec is None or kind not in registry.subjects or registry.subjects.get(kind).own_page:
        return False
    return any(step.bulk for step in spec.out_of(task.state))


def _holder(task: FlowTask, mine: bool) -> str:
    if mine:
        return "You"
    return task.claimed_by.display_name if task.claimed_by else "Nobody yet"


def _beside(viewer: Actor, task: FlowTask) -> str:
    """Whose it is, where that is another organisation than the viewer's own."""
    return "" if task.case.owner_id == viewer.organisation_id else task.case.owner.name


def _state(task: FlowTask, spec: Spec | None) -> str:
    """The state in the words of its flow; of a flow that cannot be read, that."""
    labels = {state.key: state.label for state in spec.states} if spec else {}
    return labels.get(task.state, "Its flow cannot be read. Tell the service desk")


def _is_paused(task: FlowTask, spec: Spec | None) -> bool:
    return any(state.pauses for state in spec.states if state.key == task.state) if spec else False
