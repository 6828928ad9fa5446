"""The four operational tables: what happened and must be told, who has been told, what runs when, what ran."""

import uuid
from typing import Any

from django.db import models

from core.ids import uuid7


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened.

    `sequence` is stamped by the single relay on committed rows only: readers that page by it miss nothing, which
    paging by time or by id cannot promise. The payload carries references, never clinical content.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=80)
    key = models.CharField(max_length=80, blank=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    sequence = models.BigIntegerField(null=True, unique=True)
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    #: Not a column: whose act it is, for handlers inside the transaction of the act.
    by: Any = None

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="outbox_unstamped", condition=models.Q(sequence=None)),
            models.Index(fields=["topic", "sequence"], name="outbox_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"


class OutboxDelivery(models.Model):
    """One event on its way to one subscriber: who has been told, and who could not be."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TOLD = "told", "Told"
        FAILED = "failed", "Failed"

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="delivery_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} {self.state}"


class Schedule(models.Model):
    """A job that runs by the clock: a cron line in London time and the next moment it is due."""

    name = models.CharField(max_length=80, unique=True)
    cron = models.CharField(max_length=80)
    job = models.CharField(max_length=200, help_text="Dotted path of the job")
    next_run_at = models.DateTimeField()
    enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """One piece of background work: lease, retries, and what became of it.

    Written in the transaction that asks for the work; `sent_at` says when it was handed to the task queue, so a row
    nobody handed over is found and sent. `worker` is who holds the lease. `error` names the kind of error and the
    line of code, never its message, which could name a person.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=120, null=True, unique=True)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    enqueued_at = models.DateTimeField(auto_now_add=True)
    run_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "lease_until"], name="jobrun_reaper"),
            models.Index(fields=["run_after"], name="jobrun_unsent", condition=models.Q(state="queued", sent_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.state}"
