"""The person a plan is about."""

import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from careplan_forms.enums import Sex, Verification
from governance.models import Organisation


class Patient(models.Model):
    """A person known by NHS number. Search columns are normalised by us: the two databases fold accents
    differently.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nhs_number = models.CharField(max_length=10, unique=True)
    verification = models.CharField(max_length=2, choices=Verification.choices, default=Verification.TRACE_REQUIRED)
    demographics_version = models.CharField(max_length=20, blank=True)
    restricted = models.BooleanField(default=False, help_text="Address and contacts may never be shown or kept")
    family_name = models.CharField(max_length=100)
    given_names = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=35, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    family_name_key = models.CharField(max_length=100, editable=False)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=14, choices=Sex.choices, default=Sex.NOT_KNOWN)
    address_lines = models.JSONField(default=list, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    postcode_key = models.CharField(max_length=8, blank=True, editable=False)
    phone = models.CharField(max_length=30, blank=True)
    gp_practice = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    communication_need = models.CharField(max_length=60, blank=True)
    died_on = models.DateField(null=True, blank=True)
    actual_place_of_death = models.CharField(
        max_length=20, blank=True, help_text="SNOMED CT code; empty is not recorded"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        indexes = [models.Index(fields=["family_name_key", "date_of_birth"], name="patient_by_name_and_birth")]

    def __str__(self) -> str:
        return f"person {str(self.public_id)[:8]}"

    def save(self, *args: object, **kwargs: object) -> None:
        from careplan_forms.names import name_key, postcode_key

        self.family_name_key = name_key(self.family_name)
        self.postcode_key = postcode_key(self.postcode)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class PatientLink(models.Model):
    """An organisation that has traced or matched this person, and so knows them.

    Everybody else's way to a person is the search by NHS number, which makes this row; an address alone shows
    nothing.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="patient_links")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "organisation"], name="one_link_per_organisation")]

    def __str__(self) -> str:
        return f"link {self.pk}"
