"""Sign-off as Wagtail's workflow shows it: on dashboards and in the history of a form, and never deciding anything.

What was decided by whom is in `FormCandidateApproval`; these rows may be purged and nothing is lost. They move only
while `services.sign_off` moves them: every other way of saving one, from a page or from code, is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Task, TaskState, Workflow, WorkflowState, WorkflowTask

from careplan_forms.models.definition import SIGNING_ROLES, FormCandidate, FormDefinition
from careplan_forms.models.drafting import REFUSAL

_moved: ContextVar[FormCandidate | None] = ContextVar("candidate moved by sign-off", default=None)


@contextmanager
def moved_by_sign_off(candidate: FormCandidate) -> Iterator[None]:
    """While sign-off moves the workflow of this candidate."""
    token = _moved.set(candidate)
    try:
        yield
    finally:
        _moved.reset(token)


class FormSignOffTask(Task):
    """One of the two decisions a form needs, bound to a role. It is made on the candidate's own page only."""

    role = models.CharField(max_length=30, choices=SIGNING_ROLES, unique=True)

    admin_form_fields = ["name"]
    admin_form_readonly_on_edit_fields = ["name"]

    class Meta:
        verbose_name = "sign-off of a form"
        verbose_name_plural = "sign-offs of forms"

    def __str__(self) -> str:
        return self.name

    def start(self, workflow_state: Any, user: Any = None) -> "FormSignOffTaskState":
        """Wait for a decision on the candidate being sent, pinned to the form's revision of this moment."""
        candidate = _moved.get()
        if candidate is None:
            raise PermissionDenied(REFUSAL)
        state = FormSignOffTaskState(
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
        """Nobody edits the form itself while it waits; edit and approve cannot be one act."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """None for anybody, requester, author or officer: `on_action` says why."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What waits for this account: in the role of the task, and with no word of its own in the candidate."""
        from careplan_forms.selectors.sign_off import candidates_waiting_for

        waiting = candidates_waiting_for(user.pk, self.role)
        states = FormSignOffTaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.filter(pk__in=states.filter(candidate__in=waiting).values("pk"))

    @classmethod
    def get_description(cls) -> str:
        return "A clinical safety officer or an IG officer decides on the exact text of a form"


class FormSignOffTaskState(TaskState):
    """One decision awaited or made, pinned to the bytes it is about."""

    candidate = models.ForeignKey(FormCandidate, on_delete=models.PROTECT, related_name="task_states")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "state of a form's sign-off"

    def __str__(self) -> str:
        return f"sign-off {self.status} of {self.candidate_id}"

    def end(self) -> None:
        """No decision is awaited any more. Not `cancel`, which would start the next task."""
        self.status, self.finished_at = TaskState.STATUS_CANCELLED, timezone.now()
        self.save()


FormSignOffTask.task_state_class = FormSignOffTaskState


@receiver(pre_save, sender=WorkflowState)
@receiver(pre_save, sender=TaskState)
@receiver(pre_save, sender=FormSignOffTaskState)
def _only_sign_off_moves(sender: Any, instance: Any, **kwargs: Any) -> None:
    workflow_state = instance if sender is WorkflowState else instance.workflow_state
    kind = FormDefinition.get_content_type()
    if workflow_state.base_content_type_id == kind.pk and _moved.get() is None and not kwargs.get("raw"):
        raise PermissionDenied(REFUSAL)


@receiver(pre_save, sender=FormSignOffTask)
@receiver(pre_delete, sender=FormSignOffTask)
def _task_stays(sender: Any, instance: FormSignOffTask, **kwargs: Any) -> None:
    if _moved.get() is None and not kwargs.get("raw"):
        raise PermissionDenied("The tasks of a form's sign-off come with the service and stay as they are.")


@receiver(pre_save, sender=Workflow)
@receiver(pre_delete, sender=Workflow)
@receiver(pre_save, sender=WorkflowTask)
@receiver(pre_delete, sender=WorkflowTask)
def _workflow_stays(sender: Any, instance: Any, **kwargs: Any) -> None:
    workflow = instance.pk if sender is Workflow else instance.workflow_id
    ours = workflow and FormSignOffTask.objects.filter(workflow_tasks__workflow=workflow).exists()
    if ours and _moved.get() is None and not kwargs.get("raw"):
        raise PermissionDenied("The workflow of a form's sign-off comes with the service and stays as it is.")
