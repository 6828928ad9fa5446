"""The one exception to our content security policy, on `/admin/` alone.

Wagtail still writes a few inline scripts: they get the page's nonce, nothing else does. A script of its own adds style
elements (never attributes): these are allowed there.
"""

import re
from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

#: The only inline scripts Wagtail 8.0 writes: choosers, date pickers and inline panels starting themselves.
_KNOWN = re.compile(rb"<script>(?=\s*(?:init(?:Date|Time|DateTime)Chooser\(|new [A-Z]\w+\(|\(function\s*\(\)\s*\{))")


class WagtailNonceMiddleware:
    """Adds the CSP nonce to Wagtail's known inline scripts on `/admin/` pages, and allows its style elements there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        html = response.get("Content-Type", "").startswith("text/html")
        if not request.path.startswith("/admin/") or not html:
            return response
        response._csp_update = {"style-src-elem": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]
        if not response.streaming and hasattr(request, "csp_nonce"):
            content = _KNOWN.sub(b'<script nonce="%s">' % str(request.csp_nonce).encode(), response.content)
            if content != response.content:
                response.content = content
                if "Content-Length" in response:
                    response["Content-Length"] = str(len(response.content))
        return response
