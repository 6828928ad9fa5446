from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Doors for machines: the availability look-up, demographics, FHIR."""

    name = "interop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from careplan_forms.demographics import services
        from interop.demographics.client import ConfiguredService

        if "pds" not in services:
            services.add("pds", ConfiguredService())
