"""When a session ends: after rest, after twelve hours, and at once when an account is stopped."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from governance.actors import Actor, reference
from governance.enums import ActorKind
from governance.services import audit

STARTED, SEEN, IDLE = "signed_in_at", "seen_at", "idle_seconds"
#: How exactly rest is measured: a busy session is written once in this many seconds, not at every page.
GRAIN = 60


class SessionLimitsMiddleware:
    """Ends sessions and tells the page how long is left (`session_idle_seconds`, `session_seconds_left`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            reason = _over(request)
            if reason:
                _end(request, reason)
            else:
                _still_here(request)
        return self.get_response(request)


def begin(request: HttpRequest) -> None:
    """Start the clocks; called when somebody has signed in."""
    request.session[STARTED] = request.session[SEEN] = time.time()


def rests_for(request: HttpRequest, kind: ActorKind) -> None:
    """People reading their own plan sit at shared machines more often: their sessions end sooner."""
    person = kind in (ActorKind.PERSON, ActorKind.DELEGATE)
    seconds = settings.SESSION_IDLE_SECONDS_PERSON if person else settings.SESSION_IDLE_SECONDS
    if request.session.get(IDLE, settings.SESSION_IDLE_SECONDS) != seconds:
        request.session[IDLE] = seconds


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """The person pressed "Stay signed in"; 403 when the session is over already."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    request.session[SEEN] = time.time()
    return HttpResponse(status=204)


def _over(request: HttpRequest) -> str:
    """Why this session is over, or an empty text."""
    now = time.time()
    started = request.session.get(STARTED)
    if started is None:
        begin(request)
        started = now
    if now - started > settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    if now - request.session.get(SEEN, started) > _idle(request):
        return "idle"
    stopped: Any = getattr(request.user, "sessions_end_before", None)
    return "stopped" if stopped is not None and started <= stopped.timestamp() else ""


def _end(request: HttpRequest, reason: str) -> None:
    user = request.user
    by = Actor(
        kind=ActorKind.STAFF,
        label=f"account {reference(user.public_id)}",
        user_id=user.pk,
        request_id=getattr(request, "request_id", ""),
    )
    audit.record(by=by, action="session.ended", detail={"reason": reason})
    logout(request)


def _still_here(request: HttpRequest) -> None:
    now = time.time()
    if now - request.session.get(SEEN, 0) > GRAIN:
        request.session[SEEN] = now
    left = settings.SESSION_ABSOLUTE_SECONDS - (now - request.session[STARTED])
    request.session_idle_seconds = _idle(request)
    request.session_seconds_left = int(left)


def _idle(request: HttpRequest) -> int:
    return int(request.session.get(IDLE, settings.SESSION_IDLE_SECONDS))
