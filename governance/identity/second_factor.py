"""Who works with the service proves who they are twice: before any page but those of the account itself."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from governance.enums import SECOND_FACTOR_ROLES, ActorKind

#: Pages of the account itself, and the addresses that watch the service.
OPEN_PREFIXES = ("account_", "mfa_")
OPEN_NAMES = frozenset({"session_keep_alive", "healthz", "readyz"})
#: Set by the demo's personas door; honoured only under demo settings.
DEMO_FLAG = "demo_persona"
#: Set when a second factor was set up in this very session, with a code from it.
SET_UP = "second_factor_set_up_at"
#: The session key of the page somebody had asked for when sent to set one up; their recovery codes lead on to it.
ON_THE_WAY_TO = "second_factor_on_the_way_to"


class SecondFactorMiddleware:
    """Sends people without a second factor to set one up, and people who have not used theirs to use it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not _needed(request) or _is_open(request) or _given(request):
            return None
        page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
        back = request.path if request.method == "GET" else "/"
        if page == "mfa_activate_totp":
            request.session[ON_THE_WAY_TO] = back
        return redirect(f"{reverse(page)}?{urlencode({'next': back})}")


def remember_set_up(request: HttpRequest) -> None:
    """Setting a factor up takes a code from it, which counts as using it in this session."""
    request.session[SET_UP] = time.time()


def method_of(request: HttpRequest) -> str:
    """How this session was opened, as evidence beside a signature: for example "password+totp"."""
    if _is_demo(request):
        return "demo persona"
    methods = [str(r.get("type") or r.get("method")) for r in get_authentication_records(request, request.user)]
    if SET_UP in request.session:
        methods.append("totp")
    return "+".join(dict.fromkeys(methods))[:40]


def _needed(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    if actor is None or actor.kind != ActorKind.STAFF or not request.user.is_authenticated:
        return False
    return actor.role is None or actor.role in SECOND_FACTOR_ROLES


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.url_name or "" if match and not match.namespaces else ""
    return name in OPEN_NAMES or name.startswith(OPEN_PREFIXES)


def _given(request: HttpRequest) -> bool:
    if SET_UP in request.session or _is_demo(request):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _is_demo(request: HttpRequest) -> bool:
    return bool(settings.DEMO and request.session.get(DEMO_FLAG))
