from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """May this person be here at all? Organisations, agreements, staff lists, training, the gate and the audit."""

    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"
