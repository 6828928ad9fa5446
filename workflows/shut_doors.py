"""The views of what goes live by sign-off: each asks who may come in, and Wagtail's ways of publishing stay shut.

Wagtail's own policies do not protect all of the views of a snippet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.snippets.views import snippets

from governance.actors import Actor
from workflows.models.drafting import REFUSAL

#: Views that would publish, unpublish, schedule or walk a Wagtail workflow.
_SHUT = (
    snippets.UnpublishView,
    snippets.RevisionsUnscheduleView,
    snippets.WorkflowActionView,
    snippets.CollectWorkflowActionDataView,
    snippets.ConfirmWorkflowCancellationView,
    snippets.WorkflowPreviewView,
)
_SHUT_ACTIONS = ("publish", "submit", "restart-workflow", "cancel-workflow", "workflow-action")
_SHUT_FIELDS = ("go_live_at", "expire_at", "workflow-action-name")
#: Wagtail's own buttons for the same. They are refused as well.
SHUT_BUTTONS = frozenset(
    {"action-publish", "action-unpublish", "action-submit", "action-cancel-workflow", "action-restart-workflow"}
)

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Doors:
    """Who may come in: to the kind as a whole (`adding` one, or only looking), to one row, and to delete it.

    Each raises when the answer is no.
    """

    whole: Callable[[Actor, bool], None]
    row: Callable[[Actor, Any], None]
    deleting: Callable[[Any], None]


def shut(view: View, view_class: type, model: Any, doors: Doors) -> View:
    """A view that opens only to those the doors let in, and never publishes."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _refuse_publishing(request, view_class)
        actor = request.actor  # type: ignore[attr-defined]
        if "pk" not in kwargs:
            doors.whole(actor, issubclass(view_class, snippets.CreateView | snippets.PreviewOnCreateView))
            return view(request, *args, **kwargs)
        row: Any = get_object_or_404(model, pk=kwargs["pk"])
        doors.row(actor, row)
        if issubclass(view_class, snippets.DeleteView):
            doors.deleting(row)
        return view(request, *args, **kwargs)

    return door


def _refuse_publishing(request: HttpRequest, view_class: type) -> None:
    posted = any(f"action-{name}" in request.POST for name in _SHUT_ACTIONS)
    scheduled = any(request.POST.get(name) for name in _SHUT_FIELDS)
    if issubclass(view_class, _SHUT) or posted or scheduled:
        raise PermissionDenied(REFUSAL)
