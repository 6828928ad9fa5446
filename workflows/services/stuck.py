"""Cases that nobody can move as things stand, and why. An empty list is the promise of the engine, looked at."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from core.exceptions import Absent
from workflows import policies, registry
from workflows.engine.loading import SpecError
from workflows.engine.spec import Spec, StateKind
from workflows.models import FlowCase, FlowTask, FlowTimer
from workflows.registry import Subject
from workflows.selectors import people
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
    missed = FlowTimer.objects.filter(due_at__lt=now - MISSED_AFTER, fired_at=None, cancelled_at=None)
    rows = (
        FlowCase.objects.filter(closed_at=None)
        .select_related("version__definition", "owner")
        .prefetch_related(open_tasks, Prefetch("timers", missed, to_attr="missed_timers"))
        .order_by("pk")
    )
    held = _Held(now)
    for batch in _batches(rows.iterator(chunk_size=_BATCH)):
        subjects = _subjects(batch)
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


def _subjects(cases: list[FlowCase]) -> dict[tuple[str, UUID], Subject]:
    """What the cases decide on, as far as it is there."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for case in cases:
        wanted[case.subject_kind].append(case.subject_id)
    found: dict[tuple[str, UUID], Subject] = {}
    for name, ids in wanted.items():
        if name in registry.subjects:
            found |= {(name, key): subject for key, subject in _loaded(name, ids).items()}
    return found


def _loaded(name: str, ids: list[UUID]) -> dict[UUID, Subject]:
    kind = registry.subjects.get(name)
    try:
        return kind.load_many(ids)
    except Absent:
        return {key: one for key in ids for one in _one(kind, key)}


def _one(kind: registry.SubjectKind, key: UUID) -> list[Subject]:
    try:
        return [kind.load(key)]
    except Absent:
        return []


class _Held:
    """Who holds a role where at a moment, asked once for each role and place."""

    def __init__(self, now: datetime.datetime) -> None:
        self._now = now
        self._found: dict[tuple[int, str], frozenset[int]] = {}

    def by(self, organisation_id: int, role: str) -> frozenset[int]:
        key = (organisation_id, role)
        if key not in self._found:
            entries = people.holders(organisation_id=organisation_id, role=role, now=self._now)
            self._found[key] = frozenset(entries.values_list("user_id", flat=True))
        return self._found[key]


def _problems(case: FlowCase, subject: Subject | None, held: _Held) -> Iterator[Problem]:
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


def _task_problems(case: FlowCase, spec: Spec, subject: Subject, held: _Held) -> Iterator[Problem]:
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
