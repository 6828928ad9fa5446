from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Indicators, reports and their delivery."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"
