from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Pages of information and e-learning."""

    name = "content"
    default_auto_field = "django.db.models.BigAutoField"
