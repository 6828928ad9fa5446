"""Error pages and the two addresses that watch the service."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core import exceptions, written

UNREADABLE = {"message": "We could not read what your browser sent.", "written": []}


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what never existed and for what is not this viewer's."""
    return render(request, "errors/404.jinja", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.jinja", UNREADABLE, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.jinja", {"reasons": [], "written": []}, status=403)


def not_allowed(request: HttpRequest, decision: Any) -> HttpResponse:
    """Why not, in words, and who can mend it. A stranger is asked to sign in and then led back."""
    if any(reason.code == "not-signed-in" for reason in decision.reasons):
        return redirect_to_login(request.path if request.method == "GET" else "/")
    said = {"reasons": decision.reasons, "written": written.words_of(request)}
    return render(request, "errors/403.jinja", said, status=403)


def conflict(request: HttpRequest, error: exceptions.Conflict) -> HttpResponse:
    said = {"message": error.message, "changes": error.changes, "written": written.words_of(request)}
    return render(request, "errors/409.jinja", said, status=409)


def refused(request: HttpRequest, error: exceptions.Refused) -> HttpResponse:
    said = {"message": error.message, "written": written.words_of(request)}
    return render(request, "errors/400.jinja", said, status=400)


def unavailable(request: HttpRequest, error: exceptions.Unavailable) -> HttpResponse:
    return render(request, "errors/503.jinja", {"message": error.message}, status=503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: nothing was lost on the server, and the page says how to go on."""
    return render(request, "errors/csrf.jinja", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.jinja", status=500)


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process can do its work: one line per registered health check."""
    from core.health import report

    results = report()
    ready = all(result.ok for result in results)
    body = {"status": "ready" if ready else "not ready", "checks": {r.name: r.message for r in results}}
    return JsonResponse(body, status=200 if ready else 503)
