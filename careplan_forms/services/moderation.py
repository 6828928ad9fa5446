"""The Wagtail workflow of a sign-off, kept in step with the decisions so that dashboards and histories show them.

Wagtail's own steps through a workflow are not used: they publish the latest revision instead of what was reviewed,
ask one task at a time, and mail names. Nothing here decides; when these rows are gone, sign-off goes on without them.
"""

from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowState, WorkflowTask

from careplan_forms.models import FormCandidate, FormCandidateApproval, FormDefinition, FormSignOffTask
from careplan_forms.models import FormSignOffTaskState as State
from careplan_forms.models.definition import SIGNING_ROLES
from careplan_forms.models.moderation import moved_by_sign_off
from governance.actors import Actor
from governance.models import User

NAME = "Form sign-off"


@transaction.atomic
def submit(*, candidate: FormCandidate, by: Actor) -> WorkflowState:
    """Start the workflow of a candidate; one that ran for an older text of the form ends."""
    user, definition = User.objects.get(pk=by.user_id), form_of(candidate)
    with moved_by_sign_off(candidate):
        if definition.get_latest_revision() is None:
            definition.save_revision(user=user, clean=False)
        for older in definition.workflow_states.active():
            _end(older)
        workflow = _workflow()
        running = WorkflowState.objects.create(
            content_type=definition.get_content_type(),
            base_content_type=definition.get_base_content_type(),
            object_id=str(definition.pk),
            workflow=workflow,
            requested_by=user,
        )
        states = [task.specific.start(running, user=user) for task in workflow.tasks]
        running.current_task_state = TaskState.objects.get(pk=states[0].pk)
        running.save()
    data = {"id": workflow.pk, "title": workflow.name, "status": running.status, "next": None}
    revision = definition.get_latest_revision()
    log(instance=definition, action="wagtail.workflow.start", data={"workflow": data}, revision=revision, user=user)
    return running


@transaction.atomic
def approve(*, decision: FormCandidateApproval, last: bool = False) -> None:
    """One role said yes; with the `last` the workflow is done."""
    state = _awaited(decision)
    if state is None:
        return
    with moved_by_sign_off(decision.candidate):
        state.approve(user=decision.decided_by, update=False, comment=decision.comment)
        running = state.workflow_state
        rest = running.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).order_by("pk").first()
        if last:
            running.status = WorkflowState.STATUS_APPROVED
        elif rest is not None:
            running.current_task_state = rest
        running.save()


@transaction.atomic
def reject(*, decision: FormCandidateApproval) -> None:
    """One role sent it back: the other need not decide, and the form can be edited again."""
    state = _awaited(decision)
    if state is None:
        return
    with moved_by_sign_off(decision.candidate):
        state.reject(user=decision.decided_by, update=False, comment=decision.comment)
        running = state.workflow_state
        _end_tasks(running)
        running.status, running.current_task_state = WorkflowState.STATUS_NEEDS_CHANGES, state.taskstate_ptr
        running.save()


@transaction.atomic
def end(*, candidate: FormCandidate, by: Actor) -> None:
    """The candidate was taken back."""
    with moved_by_sign_off(candidate):
        for state in candidate.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)[:1]:
            _end(state.workflow_state)


def form_of(candidate: FormCandidate) -> FormDefinition:
    """The candidate's form as it is now: its newest revision is the one the tasks are pinned to."""
    return FormDefinition.objects.select_related("latest_revision").get(pk=candidate.definition_id)


def _workflow() -> Workflow:
    """The workflow that comes with the service: a task for each role, and the one Wagtail names for forms."""
    # Whoever makes the first task makes the workflow; another waits at the task's unique role and finds both.
    tasks = [
        FormSignOffTask.objects.get_or_create(role=role, defaults={"name": f"{label} sign-off"})[0]
        for role, label in SIGNING_ROLES
    ]
    workflow = Workflow.objects.filter(workflow_tasks__task=tasks[0]).first() or Workflow.objects.create(name=NAME)
    for place, task in enumerate(tasks):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": place})
    kind = FormDefinition.get_content_type()
    WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})
    return workflow


def _awaited(decision: FormCandidateApproval) -> State | None:
    states = State.objects.filter(candidate=decision.candidate_id, status=TaskState.STATUS_IN_PROGRESS)
    return states.filter(task__formsignofftask__role=decision.role).select_related("workflow_state").first()


def _end(running: Any) -> None:
    _end_tasks(running)
    running.status = WorkflowState.STATUS_CANCELLED
    running.save()


def _end_tasks(running: Any) -> None:
    for state in State.objects.filter(workflow_state=running, status=TaskState.STATUS_IN_PROGRESS):
        state.end()
