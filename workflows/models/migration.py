"""Moving open cases from one version of a flow to the live one: where each state leads, and what became of each case.

A case stays on the version it was opened on until two people move it, and only between two decisions.
"""

from django.conf import settings
from django.db import models

from core.immutability import ImmutableModel
from core.moving_records import VersionMigration
from workflows.models.case import FlowCase
from workflows.models.definition import FlowDefinition, FlowVersion


class FlowMigration(VersionMigration):
    """Where cases of one version go on in another, and how far this has come.

    `state_map` maps each state a case can stand in to one of the new version, or to an empty text: its cases stay.
    One person asks for it, another confirms it and thereby starts it: both put their name to `sha256`.
    """

    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="migrations")
    from_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    state_map = models.JSONField()
    reason = models.CharField(max_length=500, blank=True, help_text="Why the cases are moved, in the lead's words")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back = models.CharField(max_length=500, blank=True, help_text="Why a second person did not confirm it")
    cases_done = models.PositiveIntegerField(default=0)
    cases_total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_version", "to_version"],
                condition=models.Q(state__in=["draft", "ready", "waiting", "running"]),
                name="one_open_case_migration",
            ),
            models.CheckConstraint(
                name="case_migration_started_by",
                condition=models.Q(started_at=None, started_by=None)
                | models.Q(started_at__isnull=False, started_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_migration_asked_at_and_by",
                condition=models.Q(asked_at=None, asked_by=None)
                | models.Q(asked_at__isnull=False, asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_migration_confirmed_by_another",
                condition=models.Q(started_by=None, state__in=["draft", "ready", "waiting", "cancelled"])
                | models.Q(asked_by__isnull=False, started_by__isnull=False)
                & ~models.Q(started_by=models.F("asked_by")),
            ),
        ]


class FlowCaseMove(ImmutableModel):
    """What carrying out a migration did with one case: moved, or left where it is for a reason. Written once."""

    class Outcome(models.TextChoices):
        MOVED = "moved", "Moved"
        NO_STATE = "no_mapped_state", "Cases in this state stay, as it was planned"
        NOBODY = "nobody_holds_the_role", "Nobody who could decide holds the role that the new state waits for"
        VOTES = "votes_lost", "Votes that were given would be lost"
        GONE = "subject_gone", "What it decides on is not there any more"

    migration = models.ForeignKey(FlowMigration, on_delete=models.PROTECT, related_name="moves")
    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["migration", "case"], name="one_finding_per_migrated_case")]

    def __str__(self) -> str:
        return f"case {self.case_id} in migration {self.migration_id}"
