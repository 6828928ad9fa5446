"""Whether the plan may be shared, on whose word."""

from django.conf import settings
from django.db import models

from careplan_forms.enums import ConsentBasis, ConsentDecision
from careplan_forms.models.patient import Patient
from core.immutability import ImmutableModel


class Consent(ImmutableModel):
    """One decision about sharing; the newest one holds. No consent, nothing shared."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    decision = models.CharField(max_length=10, choices=ConsentDecision.choices)
    basis = models.CharField(max_length=20, choices=ConsentBasis.choices)
    explanation = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at", "pk"]
        get_latest_by = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"consent {self.decision} {self.pk}"
