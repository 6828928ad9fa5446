"""The one cookie that is a choice: remembering the e-mail address for the sign-in page on this device.

The choice is one cookie, the address (signed) another, written at sign-in only while the choice is yes.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CHOICE = "foreword_remember"
ADDRESS = "foreword_address"
YEAR = 365 * 24 * 60 * 60


def choice(request: HttpRequest) -> str:
    """`yes`, `no`, or empty while nobody has chosen."""
    return request.COOKIES.get(CHOICE, "")


def choose(response: HttpResponse, remember: bool) -> None:
    """Keep the choice for a year; a no throws the address away at once."""
    _set(response, CHOICE, "yes" if remember else "no")
    if not remember:
        response.delete_cookie(ADDRESS)


def keep(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """After a sign-in: keep the address when the choice is yes."""
    if choice(request) == "yes":
        response.set_signed_cookie(ADDRESS, address, max_age=YEAR, **_attributes())


def remembered(request: HttpRequest) -> str:
    """The address to fill in, or an empty text."""
    if choice(request) != "yes":
        return ""
    return request.get_signed_cookie(ADDRESS, default="") or ""


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, **_attributes())


def _attributes() -> dict:
    return {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
