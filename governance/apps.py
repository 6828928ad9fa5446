from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """May this person be here at all? Organisations, agreements, staff lists, training, gate and audit."""

    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import gate, menu, permissions, tasks
        from governance.identity import handlers  # noqa: F401

        tasks.register_schedules()
        menu.register()
        gate.subject_clauses.add("governance.Organisation", permissions.organisation_clause)
