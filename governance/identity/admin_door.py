"""The administration pages ask the gate at every request, not only their groups: a right that ended has ended."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.exceptions import NotAllowed
from core.views import not_allowed
from governance import gate
from governance.enums import Action

PREFIX = "admin/"
#: Shadowed by redirects to the one login door, or needed to leave.
OPEN_ROUTES = ("admin/login/", "admin/password_reset/", "admin/logout/")


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
            gate.check(request.actor, Action.ADMIN_ENTER)  # type: ignore[attr-defined]
        except NotAllowed as refusal:
            return not_allowed(request, refusal.decision)
        return None
