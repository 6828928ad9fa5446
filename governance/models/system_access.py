"""What a connected system may ask: flattened for the look-up, rewritten by the service that changes any input."""

from django.db import models

from governance.models.organisation import Organisation


class SystemAccess(models.Model):
    """One OAuth client of one organisation, for some areas, between two moments."""

    client_id = models.CharField(max_length=100, unique=True)
    label = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="system_accesses")
    area_codes = models.JSONField(default=list, help_text="Codes of the places it serves; empty means all")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"system {self.label}"
