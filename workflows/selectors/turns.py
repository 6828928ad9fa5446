"""Whose turn it is: the subjects that wait for a viewer, for the lists of the apps that own them."""

from typing import Any

from django.db.models import QuerySet

from governance.actors import Actor
from workflows.models import FlowDecision, FlowTask


def subjects_waiting_for(viewer: Actor, subject_kind: str) -> QuerySet[FlowTask, Any]:
    """The ids of the subjects of a kind with an open task for the viewer's role at their organisation.

    Those the viewer has decided on already are left out: the next step is somebody else's turn.
    """
    decided = FlowDecision.objects.filter(
        case__closed_at=None, user_id_text=str(viewer.user_id or ""), evidence__opening=False
    )
    tasks = FlowTask.objects.filter(
        case__subject_kind=subject_kind,
        organisation_id=viewer.organisation_id or 0,
        role=str(viewer.role or ""),
        closed_at=None,
    )
    return tasks.exclude(case__in=decided.values("case")).values("case__subject_id")
