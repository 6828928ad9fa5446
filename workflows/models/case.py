"""What happens: a case of one subject, the tasks it gives people, their decisions, and every event in order."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.immutability import ImmutableModel
from governance.models import Organisation
from workflows.models.definition import FlowVersion


class FlowCase(models.Model):
    """One subject on its way through one flow version. At most one open case per subject."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="cases")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_sha256 = models.CharField(max_length=64, blank=True, help_text="Hash of what is being decided on")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="flow_cases")
    state = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    visit = models.PositiveIntegerField(
        default=1, help_text="How many times it has come into a state: tasks, timers and decisions belong to one visit"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=models.Q(closed_at=None), name="one_open_case"
            )
        ]
        indexes = [
            models.Index(fields=["owner", "state"], condition=models.Q(closed_at=None), name="open_cases_by_owner"),
            models.Index(fields=["due_at"], condition=models.Q(closed_at=None), name="open_cases_by_due"),
        ]

    def __str__(self) -> str:
        return f"case {str(self.public_id)[:8]} {self.state}"

    def enter(self, state: str) -> None:
        """Come into a state, be it the same again: what was asked, timed and decided until now is over. The caller
        saves.
        """
        self.state = state
        self.visit += 1


class FlowTask(models.Model):
    """Work a case waits for: a transition somebody in a role at an organisation may fire.

    `claimed_by` has it in hand; `assigned_by` put it there when that was somebody else.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="tasks")
    visit = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="flow_tasks")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", help_text="Whose part is decided: no longer theirs"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "role", "due_at", "id"],
                condition=models.Q(closed_at=None),
                name="open_tasks_by_org_role",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role", "organisation"], condition=models.Q(closed_at=None), name="one_open_task"
            ),
            models.CheckConstraint(
                name="task_claimed_at_and_by",
                condition=models.Q(claimed_at=None, claimed_by=None)
                | models.Q(claimed_at__isnull=False, claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="task_assigned_to_somebody",
                condition=models.Q(assigned_by=None) | models.Q(claimed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"task {str(self.public_id)[:8]}"


class FlowDecision(ImmutableModel):
    """One person's decision on one transition, bound to the hash of what they were shown."""

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="decisions")
    visit = models.PositiveIntegerField(default=1)
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    user_id_text = models.CharField(max_length=40, blank=True)
    user_label = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=40, blank=True)
    organisation_ref = models.CharField(max_length=40, blank=True)
    role_at_time = models.CharField(max_length=30, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(
        default=dict, help_text="Guards passed, rules that fitted, and the exemption relied on, if any"
    )
    at = models.DateTimeField()

    #: Not a column: what the effects of the step made, by effect, for whoever has just taken it.
    made: dict[str, Any] | None = None

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.transition} on case {self.case_id}"

    @property
    def completed(self) -> bool:
        """Whether the step was taken by it; else the case stays where it was and waits for more decisions."""
        return not self.awaits

    @property
    def awaits(self) -> int:
        """How many more decisions the step waited for after this one."""
        return int(self.evidence.get("awaits", 0))


class FlowEvent(ImmutableModel):
    """Everything that happened to a case, in order, each row chained to the one before it."""

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=120, blank=True)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_flow_event_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of case {self.case_id}"
