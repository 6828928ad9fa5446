"""Cases that nobody can move as things stand, and why. An empty list is the promise of the engine, looked at."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from workflows import policies
from workflows.engine.reading import SpecError
from workflows.engine.spec import Spec, StateKind
from workflows.models import FlowCase, FlowTask
from workflows.registry import Subject
from workflows.selectors import standing, tallies
from workflows.selectors.able import Hindrance, Tally
from workflows.services import clocks

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
        asked = [task for case in batch for task in case.open_tasks]  # type: ignore[attr-defined]
        counted = tallies.of_tasks(asked, held)
        for case in batch:
            yield from _problems(case, subjects.get((case.subject_kind, case.subject_id)), held, counted)


def _batches(cases: Iterable[FlowCase]) -> Iterator[list[FlowCase]]:
    batch: list[FlowCase] = []
    for case in cases:
        batch.append(case)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _problems(
    case: FlowCase, subject: Subject | None, held: standing.Held, counted: Mapping[int, Tally]
) -> Iterator[Problem]:
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
    yield from _task_problems(case, spec, held, counted)
    if case.missed_timers:  # type: ignore[attr-defined]
        yield Problem(case, "missed_timer", "A reminder or escalation is more than an hour late: do the workers run?")


def _task_problems(case: FlowCase, spec: Spec, held: standing.Held, counted: Mapping[int, Tally]) -> Iterator[Problem]:
    tasks: list[FlowTask] = case.open_tasks  # type: ignore[attr-defined]
    if spec.state(case.state).kind is StateKind.WORK and not tasks:
        yield Problem(case, "no_task", "Nobody is asked to act on it.")
    found = [counted[task.pk] for task in tasks]
    causes = [each.cause for each in found if each.cause]
    if tasks and not any(each.able for each in found):
        roles = ", ".join(sorted({task.role for task in tasks}))
        yield _unable(case, roles, min(causes, key=list(Hindrance).index) if causes else None)
    for task in tasks:
        if task.claimed_by_id is not None and task.claimed_by_id not in held.by(task.organisation_id, task.role):
            yield Problem(case, "holder_left", "Whoever took the task does not hold the role any more.")


def _unable(case: FlowCase, roles: str, why: Hindrance | None) -> Problem:
    """Nobody who is asked can act."""
    if why is None:
        text = f"Nobody on the staff list holds the role it waits for: {roles}."
        return Problem(case, "nobody_holds_the_role", text)
    if why is Hindrance.BARRED:
        text = "Only people who wrote it or have decided on it hold the role it waits for."
        return Problem(case, "only_its_authors", text)
    return Problem(case, "nobody_can_yet", f"Those who hold the role it waits for cannot act: {why.label}.")
