"""A flow beside its editor: the drawing, the numbered steps, and what the checks say of it."""

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflows.models import FlowDefinition
from workflows.presenters.drafts import draft_page


def preview(request: HttpRequest, flow: FlowDefinition) -> HttpResponse:
    """The flow as it stands in the editor, saved or not, on a page that stands in a frame of the administration."""
    response = render(request, "workflows/preview.jinja", {"page": draft_page(flow)})
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response
