"""The columns of every row that says how records move from one version to another."""

import uuid

from django.conf import settings
from django.db import models

from core.moving import MigrationState


class VersionMigration(models.Model):
    """How far a move has come, who prepared and started it, and what the last count of it found.

    `sha256` stands for all that decides what becomes of a record, `counted_sha256` for what stood there when it was
    counted: another hash means that the counts are out of date.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=MigrationState.choices, default=MigrationState.DRAFT)
    counts = models.JSONField(default=dict, help_text="What the dry run found: numbers and opaque references")
    counted_sha256 = models.CharField(max_length=64, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    counting = models.BooleanField(default=False, help_text="A dry run is under way")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"migration {str(self.public_id)[:8]}"

    def forget_count(self) -> None:
        """What was counted no longer holds, since what decides about the records has changed; the caller saves it."""
        self.state, self.counts, self.counted_sha256, self.counted_at = MigrationState.DRAFT, {}, "", None
