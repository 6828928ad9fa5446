"""Wagtail's admin still writes a few inline scripts; they get the page's nonce, nothing else does."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

#: The only inline scripts Wagtail 8.0 writes: choosers, date pickers and inline panels starting themselves.
_KNOWN = re.compile(rb"<script>(?=\s*(?:init(?:Date|Time|DateTime)Chooser\(|new [A-Z]\w+\(|\(function\s*\(\)\s*\{))")


class WagtailNonceMiddleware:
    """Adds the CSP nonce to Wagtail's known inline scripts on `/admin/` pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        html = response.get("Content-Type", "").startswith("text/html")
        if request.path.startswith("/admin/") and html and not response.streaming and hasattr(request, "csp_nonce"):
            content = _KNOWN.sub(b'<script nonce="%s">' % str(request.csp_nonce).encode(), response.content)
            if content != response.content:
                response.content = content
                if "Content-Length" in response:
                    response["Content-Length"] = str(len(response.content))
        return response
