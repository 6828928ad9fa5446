"""How many could act on each of many tasks, and what keeps the others: asked at once, however many tasks there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from workflows import registry
from workflows.engine.spec import Spec, Transition
from workflows.models import FlowCase, FlowTask, FlowVersion
from workflows.selectors import able, people
from workflows.selectors.able import Bars, Hindrance, Holders, Tally
from workflows.selectors.inbox import readable_spec
from workflows.selectors.standing import Held


def of_tasks(tasks: Sequence[FlowTask], held: Held) -> dict[int, Tally]:
    """By the key of the task. A task whose flow cannot be read is told of only by who holds its role."""
    return {task.pk: able.tally(*asked) for task, asked in _asked(tasks, held)}


def hindrances(task: FlowTask, held: Held) -> dict[int, Hindrance | None]:
    """What keeps each of those who hold the role of a task from it, by user; None for who can do it now."""
    [(_, asked)] = _asked([task], held)
    return able.hindrances(*asked)


def _asked(
    tasks: Sequence[FlowTask], held: Held
) -> Iterator[tuple[FlowTask, tuple[Holders, list[Transition], frozenset[int]]]]:
    """With each task who holds its role, the steps by which it is taken on, and who is barred from them."""
    held.ask((task.organisation_id, task.role) for task in tasks)
    ways = _ways(tasks)
    authors = _authors([task.case for task in tasks if able.needs_authors(ways[task.pk])])
    deciders = people.deciders_of({task.case_id for task in tasks if able.needs_deciders(ways[task.pk])})
    done = _done(tasks)
    exempt: dict[int, bool] = {}
    for task in tasks:
        case, steps = task.case, ways[task.pk]
        key = (case.subject_kind, case.subject_id)
        bars = Bars(authors.get(key, frozenset()), deciders[task.case_id], _is_exempt(case, steps, exempt))
        holders = held.by(task.organisation_id, task.role)
        yield task, (holders, steps, bars.of(steps) | done[task.pk])


def _ways(tasks: Iterable[FlowTask]) -> dict[int, list[Transition]]:
    """The steps by which each of the tasks takes its case on. Their cases have their versions from here on."""
    version = FlowCase._meta.get_field("version")
    bare = [task.case for task in tasks if not version.is_cached(task.case)]
    rows = FlowVersion.objects.filter(pk__in={case.version_id for case in bare})
    versions = rows.prefetch_related("approvals").in_bulk() if bare else {}
    for case in bare:
        case.version = versions[case.version_id]
    specs: dict[int, Spec | None] = {}
    known: dict[tuple[int, str, str], list[Transition]] = {}
    for task in tasks:
        key = (task.case.version_id, task.state, task.role)
        if key not in known:
            if key[0] not in specs:
                specs[key[0]] = readable_spec(task.case.version)
            spec = specs[key[0]]
            known[key] = able.steps_ahead(spec, task.state, task.role) if spec else []
    return {task.pk: known[task.case.version_id, task.state, task.role] for task in tasks}


def _authors(cases: Iterable[FlowCase]) -> dict[tuple[str, UUID], frozenset[int]]:
    """Who wrote what the cases decide on, by (kind, id)."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for case in cases:
        wanted[case.subject_kind].add(case.subject_id)
    return {
        (name, key): authors
        for name, ids in wanted.items()
        if name in registry.subjects
        for key, authors in registry.subjects.get(name).authors_of(ids).items()
    }


def _done(tasks: Iterable[FlowTask]) -> dict[int, frozenset[int]]:
    """Who has done their part of each task."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = FlowTask.done_by.through.objects.filter(flowtask__in=[task.pk for task in tasks])
    for task_id, user_id in rows.values_list("flowtask_id", "user_id"):
        found[task_id].add(user_id)
    return defaultdict(frozenset, {key: frozenset(users) for key, users in found.items()})


def _is_exempt(case: FlowCase, steps: list[Transition], known: dict[int, bool]) -> bool:
    """Whether authors may take one of the steps by a signed exemption, looked up once for each version."""
    if not able.asks_for_exemption(steps):
        return False
    if case.version_id not in known:
        spec = readable_spec(case.version)
        known[case.version_id] = spec is not None and able.is_exempt(case, spec, steps)
    return known[case.version_id]
