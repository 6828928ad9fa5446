"""Sign-off of configuration: a candidate of exact bytes, decisions on its hash, and Wagtail's workflow beside them.

What was decided by whom is in the decisions. The workflow shows it on dashboards and in histories and never decides:
its rows may be purged and nothing is lost. They move only while a service moves them (`moved_by_sign_off`); every
other way of saving one, from a page or from code, is refused. Forms and flows have a concrete model of each.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete, pre_save
from django.utils import timezone
from wagtail.models import Task, TaskState, Workflow, WorkflowState, WorkflowTask

from core.immutability import ImmutableModel
from governance.enums import Action, RoleKey
from workflows.models.drafting import REFUSAL

#: The two decisions that are needed before anything goes live, in the order they are shown.
SIGNING_ROLES = [
    (RoleKey.CLINICAL_SAFETY_OFFICER.value, "Clinical safety"),
    (RoleKey.IG_OFFICER.value, "Information governance"),
]


class Candidate(ImmutableModel):
    """What was proposed for sign-off: exact bytes, their hash, and what the checks said."""

    #: What it is called in sentences and in the trail, the right to decide on it, and the kind of task its workflow
    #: has (set beside that class).
    thing: ClassVar[str] = ""
    sign_off_action: ClassVar[Action]
    sign_off_task: ClassVar[type["SignOffTask"]]
    #: Relations that every concrete model has.
    definition: Any
    definition_id: int
    approvals: Any
    task_states: Any

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    lint = models.JSONField(default=list)
    diff = models.JSONField(default=list)
    impact = models.JSONField(default=dict)
    change_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_ids = models.JSONField(default=list, help_text="Everybody who edited since the version before")

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"candidate {str(self.public_id)[:8]}"

    @property
    def warnings(self) -> list[str]:
        """What the checks leave to be weighed: each as whoever approves has to have read it, with its place."""
        rows = [(self.place_of(row), row["message"]) for row in self.lint if row["severity"] != "error"]
        return list(dict.fromkeys(f"{place}: {message}" if place else message for place, message in rows))

    def place_of(self, finding: dict[str, Any]) -> str:
        """Where in the document a finding is, by the name people see; empty for the whole."""
        return ""

    def changes_to(self, newer: "Candidate") -> list[tuple[str, str, str]]:
        """What differs in a newer candidate, as (what, before, after), for whoever was reading this one."""
        return []


class CandidateDecision(ImmutableModel):
    """One person's decision on the hash of a candidate, in one of the two roles; or its sender's, to take it back."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Sent back"
        WITHDRAWN = "withdrawn", "Taken back"

    #: Every concrete model has it.
    candidate: Any
    candidate_id: int

    role = models.CharField(max_length=30, choices=SIGNING_ROLES, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    sha256 = models.CharField(max_length=64)
    comment = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "role"], name="one_%(class)s_per_role"),
            models.UniqueConstraint(fields=["candidate", "decided_by"], name="one_%(class)s_per_person"),
            models.CheckConstraint(
                name="%(class)s_in_a_role",
                condition=(
                    models.Q(decision="withdrawn", role="") | ~models.Q(decision="withdrawn") & ~models.Q(role="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.candidate_id}"


_moved: ContextVar[Candidate | None] = ContextVar("candidate moved by sign-off", default=None)


@contextmanager
def moved_by_sign_off(candidate: Candidate) -> Iterator[None]:
    """While sign-off moves the workflow of this candidate."""
    token = _moved.set(candidate)
    try:
        yield
    finally:
        _moved.reset(token)


class SignOffTask(Task):
    """One of the two decisions, bound to a role. It is made on the candidate's own page only."""

    #: The name of the workflow whose tasks these are.
    workflow_name: ClassVar[str] = ""

    role = models.CharField(max_length=30, choices=SIGNING_ROLES, unique=True)

    admin_form_fields = ["name"]
    admin_form_readonly_on_edit_fields = ["name"]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def start(self, workflow_state: Any, user: Any = None) -> "SignOffTaskState":
        """Wait for a decision on the candidate being sent, pinned to the draft's revision of this moment."""
        candidate = _moved.get()
        if candidate is None:
            raise PermissionDenied(REFUSAL)
        state = self.task_state_class(
            workflow_state=workflow_state,
            task=self,
            candidate=candidate,
            sha256=candidate.sha256,
            status=TaskState.STATUS_IN_PROGRESS,
            revision=workflow_state.content_object.get_latest_revision(),
        )
        state.save()
        return state

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Always refused: the decision is on a hash that was shown, and Wagtail's form carries none."""
        raise PermissionDenied(REFUSAL)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody edits the draft itself while it waits; edit and approve cannot be one act."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """None for anybody, requester, author or officer: `on_action` says why."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What waits for this account: in the role of the task, and with no word of its own in the candidate."""
        from workflows.selectors.sign_off import candidates_waiting_for

        waiting = candidates_waiting_for(candidates_of(type(self)), user.pk, self.role)
        states = self.task_state_class.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.filter(pk__in=states.filter(candidate__in=waiting).values("pk"))


class SignOffTaskState(TaskState):
    """One decision awaited or made, pinned to the bytes it is about."""

    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"sign-off {self.status} of {self.candidate_id}"

    def end(self) -> None:
        """No decision is awaited any more. Not `cancel`, which would start the next task."""
        self.status, self.finished_at = TaskState.STATUS_CANCELLED, timezone.now()
        self.save()


def candidates_of(task: type[SignOffTask]) -> type[Candidate]:
    """The model of what the tasks of a kind decide on."""
    found: Any = task.task_state_class._meta.get_field("candidate").remote_field.model
    return found


def keep_for_sign_off(task: type[SignOffTask], state: type[SignOffTaskState]) -> None:
    """Bind a kind of task to its states and candidates, and refuse every other way of moving them."""
    task.task_state_class = state
    candidates_of(task).sign_off_task = task
    definition: Any = candidates_of(task)._meta.get_field("definition").remote_field.model

    def only_sign_off_moves(sender: Any, instance: Any, **kwargs: Any) -> None:
        running = instance if isinstance(instance, WorkflowState) else instance.workflow_state
        if _is_outside(kwargs) and running.base_content_type_id == definition.get_content_type().pk:
            raise PermissionDenied(REFUSAL)

    def task_stays(sender: Any, instance: Any, **kwargs: Any) -> None:
        if _is_outside(kwargs):
            raise PermissionDenied("The tasks of a sign-off come with the service and stay as they are.")

    def workflow_stays(sender: Any, instance: Any, **kwargs: Any) -> None:
        workflow = instance.pk if isinstance(instance, Workflow) else instance.workflow_id
        if _is_outside(kwargs) and workflow and task.objects.filter(workflow_tasks__workflow=workflow).exists():
            raise PermissionDenied("The workflow of a sign-off comes with the service and stays as it is.")

    watched = {
        only_sign_off_moves: ((pre_save,), (WorkflowState, TaskState, state)),
        task_stays: ((pre_save, pre_delete), (task,)),
        workflow_stays: ((pre_save, pre_delete), (Workflow, WorkflowTask)),
    }
    for receiver, (signals, senders) in watched.items():
        for signal in signals:
            for sender in senders:
                signal.connect(receiver, sender=sender, weak=False)


def _is_outside(kwargs: dict[str, Any]) -> bool:
    return _moved.get() is None and not kwargs.get("raw")
