"""Accounts of the people plans are about, and of those who act for them."""

import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from careplan_forms.enums import DelegateCapacity, IdentityCheck, IdentityLevel
from careplan_forms.models.patient import Patient
from careplan_forms.models.plan import CarePlan


class PatientAccount(models.Model):
    """The account of the person themself: it opens their own plan, whole, while it is verified and not ended.

    A person has one open account, and an account is one person's; an ended one stays as a row of its own. There is
    never a django-guardian row for it: reading one's own plan is no exception.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="patient_accounts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="accounts")
    identity_level = models.CharField(max_length=2, choices=IdentityLevel.choices, default=IdentityLevel.LOW)
    identity_check = models.CharField(max_length=20, choices=IdentityCheck.choices, blank=True)
    opened_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="one_open_patient_account_per_user"
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(ended_at=None), name="one_open_account_per_patient"
            ),
            models.CheckConstraint(
                name="patient_account_verified_at_and_by",
                condition=models.Q(verified_at=None, verified_by=None)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="patient_account_ended_at_and_by",
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"patient account {str(self.public_id)[:8]}"


class Delegation(models.Model):
    """Somebody acts for the person on one plan: in which capacity, on what evidence, for what, until when.

    This row is the truth. The django-guardian row and its dated grant are made and removed by the same service, and
    the gate requires all three. `sections` lists the keys of the sections they see; empty is all of them. `until` is
    the last day (London).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="delegations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="care_delegations")
    capacity = models.CharField(max_length=10, choices=DelegateCapacity.choices)
    evidence = models.CharField(max_length=300, help_text="How the capacity or the person's wish is known")
    sections = models.JSONField(default=list, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user"], condition=models.Q(revoked_at=None), name="one_delegation_per_plan_and_user"
            ),
            models.CheckConstraint(
                name="delegation_revoked_at_and_by",
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"delegation {str(self.public_id)[:8]}"
