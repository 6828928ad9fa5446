"""What somebody decided on before, and what has changed since."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from governance.actors import Actor
from workflows import registry
from workflows.models import FlowDecision
from workflows.registry import Subject
from workflows.selectors import people

AGREED = "approved"


@dataclass(frozen=True)
class SinceThen:
    """When a viewer last decided on a thing, on the content with which hash, and how it reads now: (label, before,
    after).
    """

    at: datetime.datetime
    sha256: str
    changes: tuple[tuple[str, str, str], ...]


def last_by(viewer: Actor, subject: Subject) -> FlowDecision | None:
    """The viewer's newest decision on the same thing, on whichever of its cases; sending it in is none."""
    if viewer.user_id is None:
        return None
    rows = _on(subject).filter(user_id_text=str(viewer.user_id), evidence__opening=False)
    return rows.order_by("-at", "-pk").first()


def since_last(viewer: Actor, subject: Subject) -> SinceThen | None:
    """What changed since the version the viewer last decided on; None when they never did or it reads the same."""
    last = last_by(viewer, subject)
    if last is None or last.sha256 == subject.content_sha256:
        return None
    found = registry.subjects.get(subject.kind).changes_since(subject, last.sha256, viewer)
    return SinceThen(last.at, last.sha256, tuple(found))


def last_agreed(subject: Subject) -> FlowDecision | None:
    """The decision by which the same thing was last agreed; None when it never was."""
    return _on(subject).filter(case__outcome=AGREED).order_by("-at", "-pk").first()


def stood_in_for(subject_kind: str, subject_ids: Collection[UUID]) -> dict[UUID, str]:
    """Of subjects that were agreed by somebody in the place of a colleague: that colleague's name; for pages only."""
    last = {"case__outcome": AGREED, "to_state": F("case__state")}
    rows = FlowDecision.objects.filter(case__subject_kind=subject_kind, case__subject_id__in=list(subject_ids), **last)
    found = dict(rows.exclude(on_behalf_of="").order_by("at", "pk").values_list("case__subject_id", "on_behalf_of"))
    named = people.names(int(text) for text in found.values() if text.isdigit())
    return {key: named[int(text)] for key, text in found.items() if text.isdigit() and int(text) in named}


def _on(subject: Subject) -> QuerySet[FlowDecision]:
    ids = registry.subjects.get(subject.kind).lineage(subject)
    return FlowDecision.objects.filter(case__subject_kind=subject.kind, case__subject_id__in=list(ids))
