"""Moving living plans from one version of a form to the next: how, which plans, and what waits for a clinician.

An approved version is never touched. Carrying a migration out makes a draft beside each open plan; the plan itself
moves when a clinician of the organisation that holds it has looked and confirmed.
"""

from django.conf import settings
from django.db import models

from careplan_forms.enums import MigrationOutcome
from careplan_forms.models.definition import FormDefinition, FormVersion
from careplan_forms.models.plan import CarePlan
from core.immutability import ImmutableModel
from core.moving_records import VersionMigration


class FormMigration(VersionMigration):
    """How answers on one version of a form become answers on another, and how far this has come.

    `mapping` is the document of `schema.mapping`, `sha256` its hash.
    """

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="migrations")
    from_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField()
    deadline = models.DateField(null=True, blank=True, help_text="Until when open drafts finish on the old version")
    plans_done = models.PositiveIntegerField(default=0)
    plans_total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_version", "to_version"],
                condition=models.Q(state__in=["draft", "ready", "running"]),
                name="one_open_migration_between_versions",
            ),
            models.CheckConstraint(
                name="migration_started_at_and_by",
                condition=models.Q(started_at=None, started_by=None)
                | models.Q(started_at__isnull=False, started_by__isnull=False),
            ),
        ]


class FormMigrationDraft(models.Model):
    """A plan's answers as the new version would hold them, waiting for a clinician; nobody's text until confirmed.

    `base_sha256` stands for the answers it was made from: when those have changed, it is made anew before anybody
    sees it.
    """

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed by a clinician"
        REPLACED = "replaced", "Replaced by a later migration"
        ENDED = "ended", "The plan ended first"

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="migration_drafts")
    migration = models.ForeignKey(FormMigration, on_delete=models.PROTECT, related_name="drafts")
    answers = models.JSONField()
    base_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(closed_at=None), name="one_open_migration_draft_per_plan"
            )
        ]

    def __str__(self) -> str:
        return f"migration draft {self.pk}"


class FormMigrationPlan(ImmutableModel):
    """What carrying out a migration found for one plan: written once. `reasons` are {"code", "uid"}, no answers."""

    migration = models.ForeignKey(FormMigration, on_delete=models.PROTECT, related_name="plans")
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=MigrationOutcome.choices)
    reasons = models.JSONField(default=list)
    draft = models.ForeignKey(FormMigrationDraft, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["migration", "plan"], name="one_finding_per_migrated_plan")]

    def __str__(self) -> str:
        return f"plan {self.plan_id} in migration {self.migration_id}"
