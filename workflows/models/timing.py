"""The clock of a case: what is due at which stored moment, and what was left when the clock was stopped."""

from django.db import models

from workflows.models.case import FlowCase


class FlowTimer(models.Model):
    """A reminder or escalation that is due at a stored moment, in the one visit to a state it was set in."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        ESCALATION = "escalation", "Escalation"

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="timers")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    visit = models.PositiveIntegerField(help_text="Of the case: it is over when the case has entered a state since")
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(fired_at=None), name="timers_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} timer of case {self.case_id}"


class FlowPause(models.Model):
    """The clock of a state, stopped: what was left of its time while the case is in states that pause.

    At most one is open per case. `resumed` tells that the case came back to the state and got the rest; when it went
    elsewhere the rest lapsed.
    """

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="pauses")
    state = models.CharField(max_length=40, help_text="The state whose clock was stopped")
    due_left = models.DurationField(null=True, blank=True, help_text="In the time that counts in that state")
    reminder_left = models.DurationField(null=True, blank=True)
    escalated = models.BooleanField(default=False, help_text="The deadline had passed and its role been told")
    stopped_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    resumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="one_open_pause")
        ]

    def __str__(self) -> str:
        return f"pause of case {self.case_id}"
