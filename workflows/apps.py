from typing import Any

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """The flow engine: moves any registered kind of subject through versioned, configurable steps."""

    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from core import navigation
        from governance import panels
        from governance.services import verification
        from workflows import effects, guards, notices, tasks  # noqa: F401  (they register what flows may use)
        from workflows.admin_policies import FlowPolicy
        from workflows.models import FlowDefinition
        from workflows.presenters import vacancies
        from workflows.presenters.cases import panel_of
        from workflows.services import migration_confirming, migrations  # noqa: F401  (the worker knows their jobs)
        from workflows.services.verification import check_cases
        from workflows.subjects import agreements

        notices.register()
        agreements.register()
        panels.makers.add("case", panel_of)
        verification.checks.add("cases", check_cases)
        panels.makers.add("vacancies", vacancies.panel)
        register_permission_policy(FlowDefinition, FlowPolicy(FlowDefinition))
        navigation.menu.add("tasks", navigation.NavItem("Tasks", "workflows:inbox", order=20, shown_to=_is_listed))
        also = ("workflows:routing", "workflows:bring")
        flows = navigation.NavItem("Flows", "workflows:flows", order=80, shown_to=_reads_flows, also=also)
        navigation.menu.add("flows", flows)


def _is_listed(actor: Any) -> bool:
    """Whoever acts under a staff-list entry has an inbox."""
    return getattr(actor, "entry_id", None) is not None


def _reads_flows(actor: Any) -> bool:
    """The people the gate lets see the register of flows."""
    from governance.enums import RoleKey

    readers = {RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER, RoleKey.OPERATOR}
    return getattr(actor, "role", None) in readers
