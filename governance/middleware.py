"""Puts the actor on the request: who is asking, under which place on which staff list."""

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from governance import acting
from governance.actors import Actor
from governance.identity import sessions
from governance.selectors import capacities
from governance.selectors.facts import one_look
from governance.services import audit

#: Requests that change nothing anybody's rights depend on.
LOOKS = ("GET", "HEAD")


class ActorMiddleware:
    """Sets `request.actor`, and `request.capacity` (what the header says of it; None for a stranger).

    Before the view runs the actor learns its route; after it, audit events that had to wait on disk come home.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_actor(request)
        with one_look() if request.method in LOOKS else nullcontext():
            response = self.get_response(request)
        audit.bring_home()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The route is known only now: the name of the page, never its address, which may hold references."""
        match = request.resolver_match
        route = (match.view_name or match.route) if match else ""
        request.actor = replace(request.actor, route=route)


def set_actor(request: HttpRequest) -> None:
    """Work out the actor from the account and the session's choice; one query for an account on a staff list."""
    request_id = getattr(request, "request_id", "")
    user = request.user
    if not user.is_authenticated:
        request.capacity = None
        request.actor = Actor.anonymous(request_id)
        return
    wanted = request.session.get(acting.SESSION_KEY, "")
    found = capacities.capacities_of(user, wanted)
    capacity = acting.chosen(found, request.session) or acting.undecided(user)
    sessions.rests_for(request, capacity.actor.kind)
    request.capacity = capacity
    request.actor = replace(
        capacity.actor, session=session_reference(request.session.session_key), request_id=request_id
    )


def session_reference(key: str | None) -> str:
    """What the trail says of a session: enough to group by, useless for taking it over."""
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
