"""Several tasks at once: which steps their flows let be taken together, and for which of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.exceptions import Absent
from governance.actors import Actor
from workflows import registry
from workflows.models import FlowCase, FlowTask
from workflows.registry import Subject
from workflows.selectors.standing import subjects_of
from workflows.services import cases
from workflows.services.bulk import Outcome
from workflows.services.explanations import TransitionView


@dataclass(frozen=True)
class Item:
    """One case as it is shown: `value` is what the form sends back, with the state and the hash of what is shown."""

    case_id: UUID
    label: str
    link: str
    value: str


@dataclass(frozen=True)
class Group:
    """One step of one version, and the cases for which it can be taken together."""

    key: str
    step: TransitionView
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Together:
    """What can be decided together, and what cannot: its own page is the place for that."""

    groups: tuple[Group, ...]
    others: tuple[Item, ...]


def together(viewer: Actor, tasks: Iterable[FlowTask]) -> Together:
    """The chosen tasks by the steps that may be taken for several at once."""
    found = {task.case_id: task.case for task in tasks}
    subjects = subjects_of(found.values())
    groups: dict[tuple[int, str], tuple[TransitionView, list[Item]]] = {}
    others = []
    for case in found.values():
        subject = subjects.get((case.subject_kind, case.subject_id))
        steps = _steps(viewer, case) if subject else []
        item = _item(case, subject)
        if not steps:
            others.append(item)
        for step in steps:
            groups.setdefault((case.version_id, step.key), (step, []))[1].append(item)
    return Together(
        tuple(Group(f"{key[0]}-{key[1]}", step, tuple(items)) for key, (step, items) in groups.items()), tuple(others)
    )


@dataclass(frozen=True)
class Told:
    """What became of one case, by the name it was chosen under; `problem` is empty when it was decided."""

    label: str
    link: str
    problem: str
    awaits: int


def told(outcomes: Sequence[Outcome]) -> list[Told]:
    """What became of each, those that were not decided first."""
    subjects = subjects_of(outcome.case for outcome in outcomes)
    rows = [_told(outcome, subjects.get((outcome.case.subject_kind, outcome.case.subject_id))) for outcome in outcomes]
    return sorted(rows, key=lambda row: not row.problem)


def _told(outcome: Outcome, subject: Subject | None) -> Told:
    label, link = (subject.label, subject.link) if subject else ("No longer there", "")
    awaits = outcome.decision.awaits if outcome.decision else 0
    return Told(label, link, outcome.problem.rstrip("."), awaits)


def chosen(values: Sequence[str]) -> list[tuple[UUID, str, str]]:
    """(case, state, hash) of what a form sent back; Absent for what no form of ours has sent."""
    found = []
    for value in values:
        key, _, rest = value.partition(" ")
        state, _, sha256 = rest.partition(" ")
        try:
            found.append((UUID(key), state, sha256))
        except ValueError:
            raise Absent from None
    return found


def _steps(viewer: Actor, case: FlowCase) -> list[TransitionView]:
    if registry.subjects.get(case.subject_kind).own_page:
        return []
    return [view for view in cases.explain(case, viewer) if view.bulk and view.allowed]


def _item(case: FlowCase, subject: Subject | None) -> Item:
    if subject is None:
        return Item(case.public_id, "No longer there", "", "")
    value = f"{case.public_id} {case.state} {subject.content_sha256}"
    return Item(case.public_id, subject.label, subject.link, value)
