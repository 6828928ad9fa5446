"""Previews of pages in the administration."""

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse


class PreviewedPage:
    """A page whose preview stands in a frame of the administration; elsewhere no page of ours stands in a frame."""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        response: HttpResponse = super().serve_preview(request, mode_name)
        response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        return response
