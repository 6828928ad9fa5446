"""Governance's links in the header, and who is signed in as what. Links hide; only the gate protects."""

from django.http import HttpRequest

from core import navigation
from core.navigation import AccountPanel, NavItem
from governance.actors import Actor
from governance.enums import ADMIN_ROLES, RoleKey
from governance.notices import Topic, topics

_REGISTER = frozenset(
    {RoleKey.IG_OFFICER, RoleKey.PRIVACY_OFFICER, RoleKey.OPERATOR, RoleKey.ORG_LEAD, RoleKey.CALDICOTT_GUARDIAN}
)
_AUDIT = frozenset({RoleKey.IG_OFFICER, RoleKey.PRIVACY_OFFICER})


def account_panel(request: HttpRequest) -> AccountPanel:
    """Name, role and organisation from what the middleware has read already."""
    capacity = getattr(request, "capacity", None)
    if capacity is None:
        return AccountPanel()
    links: tuple[NavItem, ...] = (NavItem("Change who you act for", "governance:acting_for"),)
    if capacity.actor.role != RoleKey.URGENT_READER or capacity.unread:
        unread = f" ({capacity.unread} not read)" if capacity.unread else ""
        links = (NavItem(f"Notices{unread}", "notices:list", order=50), *links)
    return AccountPanel(
        name=request.user.display_name,  # type: ignore[union-attr]
        role=capacity.role_label,
        organisation=capacity.organisation_name,
        links=links,
    )


def register() -> None:
    """Called once the apps are ready."""
    stopped = "A system of your organisation does not answer and was switched off."
    topics.add("webhook.stopped", Topic("Connected systems that were switched off", stopped))
    topics.add("webhook.test", Topic("Tests of connected systems", "A connected system is tested."))
    navigation.account_panel.add("governance", account_panel)
    navigation.menu.add(
        "organisations",
        NavItem("Organisations", "governance:register", order=60, shown_to=lambda a: _role(a) in _REGISTER),
    )
    navigation.menu.add("audit", NavItem("Audit", "governance:audit", order=70, shown_to=lambda a: _role(a) in _AUDIT))
    navigation.menu.add(
        "admin",
        NavItem("Administration", "wagtailadmin_home", order=90, shown_to=_enters_administration),
    )


def _role(actor: Actor | None) -> RoleKey | None:
    return actor.role if actor is not None else None


def _enters_administration(actor: Actor | None) -> bool:
    return actor is not None and (actor.role in ADMIN_ROLES or actor.admin_by_grant)
