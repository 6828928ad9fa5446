"""Every registered address, and what came of knocking."""

import re
from collections.abc import Iterator
from functools import cache

from django.test import Client
from django.urls import URLResolver, get_resolver

#: What a converter's place is filled with: well-formed, and the name of nothing that exists.
SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "0",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
}
OPEN, ABSENT, SHUT, BROKEN = "open", "absent", "shut", "broken"


@cache
def routes() -> list[str]:
    """Every route of the service as its patterns spell it, prefixes included."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route


def address(route: str) -> str:
    """An address that leads to the route: converters filled with samples, groups of old patterns with a nought."""
    path = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES.get(found[1], "nothing"), route)
    path = re.sub(r"\(\?P<\w+>live[^)]*\)", "live", path)
    path = re.sub(r"\((\?P<\w+>)?\.\*\)", "nothing", path)
    path = re.sub(r"\((\?P<\w+>)?[^)]*\)", "0", path)
    return "/" + re.sub(r"[\^$\\]", "", path)


def outcome(client: Client, method: str, path: str) -> str:
    """Open (an answer, or onwards), absent (404), shut (403, to sign in, method refused), broken (a crash)."""
    client.raise_request_exception = False
    response = client.generic(method, path, **({} if method == "GET" else {"content_type": FORM}))
    status = response.status_code
    if status >= 500 and status != 503:  # 503 is an answer: what is needed is not there now
        return BROKEN
    if status in (401, 403, 405) or (status in (301, 302) and _to_the_door(response["Location"])):
        return SHUT
    return ABSENT if status == 404 else OPEN


FORM = "application/x-www-form-urlencoded"
_DOORS = ("/account/login/", "/account/2fa/totp/activate/", "/account/2fa/reauthenticate/", "/admin/login/")


def _to_the_door(location: str) -> bool:
    return location.split("?")[0] in _DOORS
