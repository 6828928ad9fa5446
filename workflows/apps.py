from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """The flow engine: moves any registered kind of subject through versioned, configurable steps."""

    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workflows import guards, tasks  # noqa: F401  (they register guards and the timers' schedule)
