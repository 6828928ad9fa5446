"""What stands in the header and the footer. Each app adds its own items in `AppConfig.ready()`:

    navigation.menu.add("worklist", NavItem("Worklist", "careplan_forms:worklist", order=10))

`core` knows no roles: `shown_to` is given `request.actor`, must be cheap (no queries) and hides links only.
It protects nothing; the gate does. An item whose address this deployment lacks is left out here, so that no
template has to ask.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse

from core.registry import Registry


def everybody(actor: Any) -> bool:
    """Shown to all, signed in or not."""
    return True


def signed_in(actor: Any) -> bool:
    """Shown to whoever is signed in."""
    return bool(getattr(actor, "is_signed_in", False))


@dataclass(frozen=True)
class NavItem:
    """One link: `url_name` is reversed without arguments; `path` is for pages of the CMS. `also` names pages that stand
    elsewhere and belong to it.
    """

    label: str
    url_name: str = ""
    path: str = ""
    order: int = 100
    shown_to: Callable[[Any], bool] = signed_in
    also: tuple[str, ...] = ()

    def address(self) -> str:
        """Where it leads, or an empty text when this deployment has no such page."""
        return self.path or _standing_address(self.url_name, get_script_prefix(), settings.ROOT_URLCONF)


@dataclass(frozen=True)
class Link:
    """A link ready to be drawn."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class AccountPanel:
    """Who is signed in and for whom they act, as the header says it."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    links: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Chrome:
    """All that surrounds a page's own content."""

    home: str = "/"
    menu: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    help: Link = field(default_factory=lambda: Link("Help", "/help/"))
    signed_in: bool = False
    account: AccountPanel = field(default_factory=AccountPanel)
    account_links: list[Link] = field(default_factory=list)
    sign_in: str = ""
    sign_out: str = ""


menu: Registry[NavItem] = Registry("main menu")
footer: Registry[NavItem] = Registry("footer links")
#: One provider: who is acting, in words fit for the header. Called on every page, so it asks no database.
account_panel: Registry[Callable[[HttpRequest], AccountPanel]] = Registry("account panel")

HELP = NavItem("Help", path="/help/", shown_to=everybody)
SIGN_IN, SIGN_OUT = NavItem("Sign in", "account_login"), NavItem("Sign out", "account_logout")

for _order, _label, _path in (
    (10, "Accessibility statement", "/accessibility-statement/"),
    (20, "Cookies", "/cookies/"),
    (30, "Privacy", "/privacy/"),
):
    footer.add(_path, NavItem(_label, path=_path, order=_order, shown_to=everybody))


def url_if_any(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or an empty text where this deployment has none."""
    if not name:
        return ""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@cache
def _standing_address(name: str, prefix: str, urlconf: str) -> str:
    """What stands on every page is looked up once: where a name leads does not change while the process runs."""
    return url_if_any(name)


def links(items: Iterable[NavItem], actor: Any, path: str = "") -> list[Link]:
    """The items this actor is shown, in order; the longest address that begins `path` is the current one."""
    shown = [(item, item.address()) for item in sorted(items, key=lambda item: (item.order, item.label))]
    shown = [(item, href) for item, href in shown if href and item.shown_to(actor)]
    under = [(len(start), href) for item, href in shown for start in _starts(item, href) if path.startswith(start)]
    current = max(under)[1] if under else path
    return [Link(item.label, href, current=href == current) for item, href in shown]


def _starts(item: NavItem, href: str) -> list[str]:
    """What the addresses below an item begin with; everything begins with the home page's, so that is none."""
    return [start for start in (href, *map(url_if_any, item.also)) if start not in ("", "/")]


def chrome(request: HttpRequest | None) -> Chrome:
    """What surrounds a page. Without a request (an error page) it is byte for byte the same for everybody."""
    help_link = Link(HELP.label, HELP.address())
    if request is None:
        return Chrome(footer=links(footer, None), help=help_link)
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    panel = account_panel.only()(request) if len(account_panel) else AccountPanel()
    return Chrome(
        menu=links(menu, actor, request.path),
        footer=links(footer, actor, request.path),
        help=help_link,
        signed_in=bool(getattr(user, "is_authenticated", False)),
        account=panel,
        account_links=links(panel.links, actor, request.path),
        sign_in=SIGN_IN.address(),
        sign_out=SIGN_OUT.address(),
    )
