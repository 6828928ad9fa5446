"""Cases as their viewers may see them."""

from uuid import UUID

from django.db.models import QuerySet

from core.exceptions import Absent
from governance.actors import Actor
from governance.enums import ActorKind
from workflows import registry
from workflows.models import FlowCase, FlowCaseMove, FlowDecision, FlowPause, FlowVersion
from workflows.registry import Subject


def open_case_of(viewer: Actor, subject_kind: str, subject_id: UUID) -> FlowCase | None:
    """The open case of a subject, or None when there is none that the viewer may see."""
    return _seen(viewer, _cases().filter(subject_kind=subject_kind, subject_id=subject_id, closed_at=None).first())


def latest_case_of(viewer: Actor, subject_kind: str, subject_id: UUID) -> FlowCase | None:
    """The newest case of a subject, open or not, or None when there is none that the viewer may see."""
    cases = _cases().filter(subject_kind=subject_kind, subject_id=subject_id)
    return _seen(viewer, cases.order_by("-opened_at", "-pk").first())


def by_public_id(viewer: Actor, public_id: UUID) -> FlowCase:
    """One case; Absent when there is none or it is not the viewer's to see."""
    case = _seen(viewer, _cases().filter(public_id=public_id).first())
    if case is None:
        raise Absent
    return case


def subject_of(case: FlowCase) -> Subject:
    """What the case moves, as it stands now."""
    return registry.subjects.get(case.subject_kind).load(case.subject_id)


def decisions_of(viewer: Actor, case: FlowCase) -> QuerySet[FlowDecision]:
    """What was decided on a case, oldest first; nothing when the case is not the viewer's to see."""
    return case.decisions.order_by("at", "pk") if is_visible(viewer, case) else case.decisions.none()


def earlier_versions(case: FlowCase) -> list[FlowVersion]:
    """The versions a case was moved from, the last one first."""
    moves = FlowCaseMove.objects.filter(case=case, outcome=FlowCaseMove.Outcome.MOVED).order_by("-at", "-pk")
    return [move.migration.from_version for move in moves.select_related("migration__from_version")]


def pause_of(case: FlowCase) -> FlowPause | None:
    """The clock that stands still for a case, or None while it runs."""
    return case.pauses.filter(ended_at=None).first()


def is_visible(viewer: Actor, case: FlowCase) -> bool:
    """The owning organisation sees its cases; whom else a kind of subject lets see, that kind says."""
    if viewer.kind == ActorKind.JOB:
        return True
    if viewer.kind == ActorKind.STAFF and viewer.organisation_id == case.owner_id:
        return True
    kind = registry.subjects.get(case.subject_kind)
    return viewer.is_signed_in and kind.visible_to(viewer, kind.load(case.subject_id))


def _cases() -> QuerySet[FlowCase]:
    return FlowCase.objects.select_related("version__definition", "owner")


def _seen(viewer: Actor, case: FlowCase | None) -> FlowCase | None:
    return case if case and is_visible(viewer, case) else None
