"""Roles as rows: their label, what training they need; the keys themselves are code (enums.RoleKey)."""

from django.db import models
from simple_history.models import HistoricalRecords

from governance.enums import RoleKey


class Role(models.Model):
    """What is configurable about a role."""

    key = models.CharField(max_length=30, choices=RoleKey.choices, unique=True)
    label = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.key


class JobTitle(models.Model):
    """What somebody calls their job (111 operator, ambulance control); it maps to one role."""

    label = models.CharField(max_length=80, unique=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="job_titles")

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
