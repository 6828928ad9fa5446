"""The audit trail: append-only, without foreign keys, each row with its own digest, sealed in batches.

Live data may be erased or merged; what was done to it stays true, so audit rows hold references as text.
"""

from django.db import models

from core.ids import uuid7
from core.immutability import ImmutableModel


class AuditEvent(ImmutableModel):
    """One act or one look. `detail` holds codes and references, never clinical text or identity."""

    pk = models.CompositePrimaryKey("at", "id")
    at = models.DateTimeField()
    id = models.UUIDField(default=uuid7, editable=False)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=120)
    organisation_ref = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=30, blank=True)
    on_behalf_of = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    result = models.CharField(max_length=12, default="done")
    target_kind = models.CharField(max_length=40, blank=True)
    target_ref = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    session = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    route = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_ref", "at"], name="audit_by_target"),
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
            models.Index(fields=["action", "at"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class AuditSeal(ImmutableModel):
    """A batch of audit rows under one Merkle root, chained to the seal before it."""

    number = models.PositiveBigIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    seal_sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.number}"


class AuditSealedEvent(ImmutableModel):
    """Which seal an event belongs to, and its place among the leaves. Its moment leads to it by its key."""

    event_at = models.DateTimeField()
    event_id = models.UUIDField(unique=True)
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="events")
    position = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"leaf {self.position} of {self.seal_id}"
