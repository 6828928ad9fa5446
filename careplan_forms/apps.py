from django.apps import AppConfig


class CareplanFormsConfig(AppConfig):
    """The form language and its designer; people, consents, plans and their versions; filling and reading
    them.
    """

    name = "careplan_forms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from careplan_forms import (
            acting,
            care_team,
            designing,
            documents,  # noqa: F401  (registers the writer: the worker, which draws, loads no page)
            flow,
            gate,
            menu,
            migrating,
            notices,
            review_flow,
            sample_flow,
            tasks,
        )
        from careplan_forms.services.verification import check_emergency_rows, check_plans
        from governance.services import verification

        gate.register()
        acting.register()
        care_team.register()
        flow.register()
        review_flow.register()
        sample_flow.register()
        menu.register()
        notices.register()
        designing.register()
        migrating.register()
        tasks.register_schedules()
        verification.checks.add("plans", check_plans)
        verification.checks.add("emergency rows", check_emergency_rows)
