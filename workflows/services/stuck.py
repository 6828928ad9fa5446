"""Cases that nobody can move as things stand, and why. An empty list is the promise of the engine, looked at."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from workflows import policies
from workflows.engine.reading import SpecError
from workflows.engine.spec import Spec, StateKind
from workflows.models import FlowCase, FlowTask
from workflows.registry import Subject
from workflows.selectors import standing
from workflows.services import clocks
from workflows.services.explanations import authors_barred

#: A timer that is this much overdue was missed: the job that fires timers runs every few minutes.
MISSED_AFTER = datetime.timedelta(hours=1)
_BATCH = 500


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a case where it is: the case, a stable code and a sentence without personal facts."""

    case: FlowCase
    code: str
    text: str


def stuck(now: datetime.datetime) -> Iterator[Problem]:
    """Every reason for which an open case cannot go on, case by case."""
    open_tasks = Prefetch("tasks", FlowTask.objects.filter(closed_at=None), to_attr="open_tasks")
    missed = clocks.live().filter(due_at__lt=now - MISSED_AFTER)
    rows = (
        FlowCase.objects.filter(closed_at=None)
        .select_related("version__definition", "owner")
        .prefetch_related(open_tasks, Prefetch("timers", missed, to_attr="missed_timers"))
        .order_by("pk")
    )
    held = standing.Held(now)
    for batch in _batches(rows.iterator(chunk_size=_BATCH)):
        subjects = standing.subjects_of(batch)
        for case in batch:
            yield from _problems(case, subjects.get((case.subject_kind, case.subject_id)), held)


def _batches(cases: Iterable[FlowCase]) -> Iterator[list[FlowCase]]:
    batch: list[FlowCase] = []
    for case in cases:
        batch.append(case)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _problems(case: FlowCase, subject: Subject | None, held: standing.Held) -> Iterator[Problem]:
    try:
        spec = policies.spec_of(case.version)
    except SpecError:
        yield Problem(case, "unreadable_flow", "Its flow cannot be read.")
        return
    if case.state not in {state.key for state in spec.states}:
        yield Problem(case, "unknown_state", "Its flow has no such state.")
        return
    if subject is None:
        yield Problem(case, "subject_gone", "What it decides on is not there any more.")
        return
    yield from _task_problems(case, spec, subject, held)
    if case.missed_timers:  # type: ignore[attr-defined]
        yield Problem(case, "missed_timer", "A reminder or escalation is more than an hour late: do the workers run?")


def _task_problems(case: FlowCase, spec: Spec, subject: Subject, held: standing.Held) -> Iterator[Problem]:
    tasks: list[FlowTask] = case.open_tasks  # type: ignore[attr-defined]
    if spec.state(case.state).kind is StateKind.WORK and not tasks:
        yield Problem(case, "no_task", "Nobody is asked to act on it.")
    barred = authors_barred(case, spec, subject)
    deciders = [held.by(task.organisation_id, task.role) for task in tasks]
    if tasks and not any(deciders):
        roles = ", ".join(sorted({task.role for task in tasks}))
        yield Problem(case, "nobody_holds_the_role", f"Nobody on the staff list holds the role it waits for: {roles}.")
    elif tasks and not any(people_there - barred for people_there in deciders):
        yield Problem(case, "only_its_authors", "Only people who wrote it hold the role it waits for.")
    for task, people_there in zip(tasks, deciders, strict=True):
        if task.claimed_by_id is not None and task.claimed_by_id not in people_there:
            yield Problem(case, "holder_left", "Whoever took the task does not hold the role any more.")
