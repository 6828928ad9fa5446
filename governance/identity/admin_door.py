"""The administration pages ask the gate at every request, not only their groups: a right that ended has ended.

Somebody whose role has no place here, but who was given one thing to work on, finds the pages of that thing and
nothing else.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.exceptions import NotAllowed
from core.registry import Registry
from core.views import not_allowed
from governance import gate
from governance.enums import ADMIN_ROLES, Action

PREFIX = "admin/"
#: Shadowed by redirects to the one login door, or needed to leave.
OPEN_ROUTES = ("admin/login/", "admin/password_reset/", "admin/logout/")
#: What the pages themselves are made of: words, icons, "somebody else is editing this", one's own settings.
FURNITURE = (
    "admin/account/",
    "admin/dismissibles/",
    "admin/editing-sessions/",
    "admin/jsi18n/",
    "admin/sprite/",
)
#: The pages a grant opens (their own views ask about the object): kind of object → beginnings of routes, of which the
#: first is the page to start on.
routes_by_grant: Registry[tuple[str, ...]] = Registry("administration pages opened by a grant")


class AdminDoorMiddleware:
    """Lets somebody into `/admin/` only while the gate says so; strangers are sent to sign in by the admin itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.route if request.resolver_match else ""
        if not route.startswith(PREFIX) or route.startswith(OPEN_ROUTES) or not request.user.is_authenticated:
            return None
        try:
            gate.check(request.actor, _action(route))
        except NotAllowed as refusal:
            return not_allowed(request, refusal.decision)
        if route == PREFIX and request.actor.role not in ADMIN_ROLES:
            # The front page of the administration searches pages and images.
            return redirect(f"/{next(iter(routes_by_grant))[0]}")
        return None


def _action(route: str) -> Action:
    open_to_all = FURNITURE + tuple(prefix for prefixes in routes_by_grant for prefix in prefixes)
    return Action.ADMIN_ENTER if route == PREFIX or route.startswith(open_to_all) else Action.ADMIN_USE
