"""Organisations, known by their ODS code, and the people who hold a post in them."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from governance.enums import URGENT_SETTINGS, CareSetting


class Organisation(models.Model):
    """A provider or commissioner of care. It may use the service while its agreement is in force."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ods_code = models.CharField(
        "ODS code",
        max_length=10,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Z0-9]{1,10}$", "Enter the ODS code in capitals and digits, for example A81001")
        ],
    )
    name = models.CharField(max_length=200)
    care_setting = models.CharField(max_length=30, choices=CareSetting.choices)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    suspension_reason = models.CharField(max_length=200, blank=True)
    dspt_status = models.CharField("DSPT status", max_length=40, blank=True)
    dspt_on = models.DateField("DSPT date", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_suspended_at_and_by",
                condition=models.Q(suspended_at=None, suspended_by=None)
                | models.Q(suspended_at__isnull=False, suspended_by__isnull=False),
            )
        ]
        default_permissions = ("view", "change")
        permissions = [("lead_organisation", "Can lead this organisation: its staff list and contacts")]

    def __str__(self) -> str:
        return f"{self.name} ({self.ods_code})"

    @property
    def is_urgent_care(self) -> bool:
        return self.care_setting in URGENT_SETTINGS


class OrgContact(models.Model):
    """Who holds a post in an organisation, from when until when: the Guardian above all."""

    class Post(models.TextChoices):
        CALDICOTT_GUARDIAN = "caldicott_guardian", "Caldicott Guardian"
        SIRO = "siro", "Senior information risk owner"
        DPO = "dpo", "Data protection officer"
        IG_LEAD = "ig_lead", "Information governance lead"
        SYSTEM_LEAD = "system_lead", "System lead"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    post = models.CharField(max_length=30, choices=Post.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "post"], condition=models.Q(ends_on=None), name="one_holder_of_a_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} of {self.organisation.ods_code}"
