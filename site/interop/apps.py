from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Doors for machines: the availability look-up, demographics, FHIR."""

    name = "interop"
    default_auto_field = "django.db.models.BigAutoField"
