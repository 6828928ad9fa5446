"""Puts the actor on the request: who is asking, under which staff-list entry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from governance.actors import Actor


class ActorMiddleware:
    """Sets `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Actor.anonymous(getattr(request, "request_id", ""))  # type: ignore[attr-defined]
        return self.get_response(request)
