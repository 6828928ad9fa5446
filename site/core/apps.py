from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Shared code and four operational tables; knows nothing of people, organisations or plans."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import checks, connections, documents, health  # noqa: F401
        from core.jobs import upkeep  # noqa: F401
