from typing import Any

from django.apps import AppConfig

from core.navigation import NavItem
from governance.enums import RoleKey

#: Whom the menu shows reports to; the gate decides who may read them.
READERS = frozenset(
    {
        RoleKey.COMMISSIONER,
        RoleKey.CLINICAL_LEAD,
        RoleKey.CLINICAL_SAFETY_OFFICER,
        RoleKey.IG_OFFICER,
        RoleKey.ORG_LEAD,
    }
)


def reads_reports(actor: Any) -> bool:
    """Whether the menu has the item."""
    return getattr(actor, "role", None) in READERS


class ReportingConfig(AppConfig):
    """Indicators, reports and their delivery."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import navigation
        from reporting import documents  # noqa: F401  (registers the writer)

        item = NavItem("Reports", "reporting:library", order=60, shown_to=reads_reports)
        navigation.menu.add("reports", item)
