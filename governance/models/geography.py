"""Dated geography: boards merge, places stay. A figure for 2024 uses the boards of 2024."""

from django.db import models
from simple_history.models import HistoricalRecords

from governance.enums import AreaKind
from governance.models.organisation import Organisation


class Area(models.Model):
    """A region, board, part of a board or place, known by its code, with the dates between which it exists."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=AreaKind.choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AreaMembership(models.Model):
    """One area lies in another between two dates (the end is the first day it no longer does)."""

    child = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent", "starts_on"], name="one_membership_per_start"),
            models.CheckConstraint(
                name="area_membership_ends_after_it_starts",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child.code} in {self.parent.code}"


class OrganisationArea(models.Model):
    """An organisation works in a place between two dates."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="area_links")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="organisation_links")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "area", "starts_on"], name="one_org_area_per_start")
        ]

    def __str__(self) -> str:
        return f"{self.organisation.ods_code} in {self.area.code}"
