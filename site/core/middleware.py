"""Request identity and the one place where domain errors become pages."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDictKeyError

from core import exceptions, redaction, views

logger = structlog.get_logger("requests")

#: SQLite takes patterns of up to 50,000 bytes; a hundred tasks to decide on together are 4,300 characters.
LONGEST_QUERY = 20_000
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")


class RequestIdMiddleware:
    """Gives every request an id, takes a well-formed one from `X-Request-ID`, echoes it, and logs one line.

    The line names the route, never the values in the address, and nothing of what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.silent = (settings.STATIC_URL, "/healthz", "/readyz")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _REQUEST_ID.match(given) else str(uuid.uuid4())
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):
            response = self.get_response(request)
            if not request.path.startswith(self.silent):
                logger.info(
                    "request",
                    method=request.method,
                    route=redaction.route_of(request),
                    status=response.status_code,
                    ms=round((time.monotonic() - started) * 1000, 1),
                )
        response["X-Request-ID"] = request.request_id
        return response


class DomainErrorsMiddleware:
    """Turns what the domain raised into the page that says so; views need no try and except.

    What an address asks for is bounded here as well: no page of ours makes a longer one, and databases give up on
    looking for a text of any length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return views.refused(request, exceptions.Refused("The address of this page is too long."))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, exceptions.Absent):
            return views.page_not_found(request, error)
        if isinstance(error, exceptions.NotAllowed):
            return views.not_allowed(request, error.decision)
        if isinstance(error, exceptions.Conflict):
            return views.conflict(request, error)
        if isinstance(error, exceptions.Refused):
            return views.refused(request, error)
        if isinstance(error, exceptions.Unavailable):
            return views.unavailable(request, error)
        if isinstance(error, MultiValueDictKeyError):  # a form that came without what its page always sends
            return views.bad_request(request, error)
        return None
