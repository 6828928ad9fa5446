"""The authorised staff list: who an organisation says may act for it, as what, from when until when."""

import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from governance.enums import RoleKey
from governance.models.organisation import Organisation
from governance.models.role import JobTitle


class StaffListEntry(models.Model):
    """One person in one role for one organisation. An entry with a suspension or a past end gives nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_entries")
    role = models.CharField(max_length=30, choices=RoleKey.choices)
    job_title = models.ForeignKey(JobTitle, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    registration_body = models.CharField(max_length=10, blank=True, help_text="GMC, NMC, HCPC …")
    registration_number = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "role"], condition=models.Q(ends_on=None), name="one_open_entry"
            ),
            models.CheckConstraint(
                name="staff_entry_suspended_at_and_by",
                condition=models.Q(suspended_at=None, suspended_by=None)
                | models.Q(suspended_at__isnull=False, suspended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="doctors_have_a_registration_number",
                condition=~models.Q(role=RoleKey.DOCTOR) | ~models.Q(registration_number=""),
            ),
        ]
        indexes = [models.Index(fields=["user", "organisation"], name="staff_entry_lookup")]

    def __str__(self) -> str:
        return f"{self.role} entry {str(self.public_id)[:8]}"
