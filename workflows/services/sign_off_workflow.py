"""The Wagtail workflow of a sign-off, kept in step with the decisions so that dashboards and histories show them.

Wagtail's own steps through a workflow are not used: they publish the latest revision instead of what was reviewed,
ask one task at a time, and mail names. Nothing here decides; when these rows are gone, sign-off goes on without them.
"""

from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowState, WorkflowTask

from governance.actors import Actor
from governance.models import User
from workflows.models.drafting import SignedOff
from workflows.models.sign_off import SIGNING_ROLES, Candidate, CandidateDecision, SignOffTask, moved_by_sign_off


@transaction.atomic
def submit(*, candidate: Candidate, by: Actor) -> WorkflowState:
    """Start the workflow of a candidate; one that ran for an older text ends."""
    user, definition = User.objects.get(pk=by.user_id), drafted(candidate)
    with moved_by_sign_off(candidate):
        if definition.get_latest_revision() is None:
            definition.save_revision(user=user, clean=False)
        for older in definition.workflow_states.active():
            _end(older)
        workflow = _workflow(candidate.sign_off_task, definition)
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
def approve(*, decision: CandidateDecision, last: bool = False) -> None:
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
def reject(*, decision: CandidateDecision) -> None:
    """One role sent it back: the other need not decide, and the draft can be edited again."""
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
def end(*, candidate: Candidate, by: Actor) -> None:
    """The candidate was taken back."""
    with moved_by_sign_off(candidate):
        for state in candidate.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)[:1]:
            _end(state.workflow_state)


def drafted(candidate: Candidate) -> SignedOff:
    """What the candidate is of, as it is now: its newest revision is the one the tasks are pinned to."""
    definitions: Any = type(candidate)._meta.get_field("definition").related_model
    found: SignedOff = definitions.objects.select_related("latest_revision").get(pk=candidate.definition_id)
    return found


def _workflow(kind: type[SignOffTask], definition: SignedOff) -> Workflow:
    """The workflow that comes with the service: a task for each role, and the one Wagtail names for the model."""
    # Whoever makes the first task makes the workflow; another waits at the task's unique role and finds both.
    tasks = [
        kind.objects.get_or_create(role=role, defaults={"name": f"{label} sign-off"})[0]
        for role, label in SIGNING_ROLES
    ]
    found = Workflow.objects.filter(workflow_tasks__task=tasks[0]).first()
    workflow = found or Workflow.objects.create(name=kind.workflow_name)
    for place, task in enumerate(tasks):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": place})
    model = definition.get_content_type()
    WorkflowContentType.objects.get_or_create(content_type=model, defaults={"workflow": workflow})
    return workflow


def _awaited(decision: CandidateDecision) -> Any:
    candidate: Candidate = decision.candidate
    kind = candidate.sign_off_task
    states = kind.task_state_class.objects.filter(candidate=candidate, status=TaskState.STATUS_IN_PROGRESS)
    tasks = kind.objects.filter(role=decision.role)
    return states.filter(task__in=tasks.values("pk")).select_related("workflow_state").first()


def _end(running: Any) -> None:
    _end_tasks(running)
    running.status = WorkflowState.STATUS_CANCELLED
    running.save()


def _end_tasks(running: Any) -> None:
    for state in running.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).specific():
        state.end()
