"""Wagtail's moderation shows a sign-off and never makes one: every way of moving it from outside is attacked."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.management.commands.purge_revisions import purge_revisions
from wagtail.models import GroupApprovalTask, Revision, TaskState, Workflow, WorkflowState, WorkflowTask

from careplan_forms.models import (
    FormCandidateApproval,
    FormDefinition,
    FormSection,
    FormSignOffTask,
    FormSignOffTaskState,
    FormVersion,
)
from careplan_forms.services import definitions
from governance.actors import Actor
from governance.models import Notification, User
from governance.services import groups
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.posting import section_form
from tests.integration.careplan_forms.designer.test_sign_off import edit
from tests.worlds import shared
from workflows.services import sign_off

#: Those who sign are there before anything is sent to them.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("safety_officer", "ig_officer")]


@shared
def superuser():
    return make.user(is_superuser=True, is_staff=True)


@shared
def running(candidate):
    """The workflow of the candidate."""
    return WorkflowState.objects.get()


def statuses(candidate):
    states = candidate.task_states.order_by("pk")
    return {state.task.specific.role: state.status for state in states}


def account(actor):
    return User.objects.get(pk=actor.user_id)


# What it shows


def test_sending_starts_a_workflow_pinned_to_the_revision_and_the_bytes(candidate, running, definition, lead):
    assert running.workflow.name == "Form sign-off" and running.requested_by_id == lead.user_id
    assert statuses(candidate) == {"clinical_safety_officer": "in_progress", "ig_officer": "in_progress"}
    for state in FormSignOffTaskState.objects.all():
        assert state.sha256 == candidate.sha256
        assert state.revision == definition.get_latest_revision()
    assert definition.get_workflow() == running.workflow


def test_each_decision_ends_its_own_task_and_the_second_the_workflow(candidate, running, safety_officer, ig_officer):
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    definitions.approve_candidate(by=ig_officer, comment="Fine", **said)
    running.refresh_from_db()
    assert running.status == "in_progress"
    assert running.current_task_state.task.specific.role == "clinical_safety_officer"
    assert statuses(candidate) == {"clinical_safety_officer": "in_progress", "ig_officer": "approved"}
    definitions.approve_candidate(by=safety_officer, **said)
    running.refresh_from_db()
    assert running.status == "approved" and set(statuses(candidate).values()) == {"approved"}
    assert set(TaskState.objects.values_list("finished_by", "comment")) == {
        (ig_officer.user_id, "Fine"),
        (safety_officer.user_id, ""),
    }


def test_sending_back_ends_both_tasks_and_unlocks_the_form(candidate, running, safety_officer, definition, lead):
    assert definition.get_lock().for_user(account(lead))
    sign_off.reject_candidate(candidate=candidate, sha256=candidate.sha256, comment="No", by=safety_officer)
    running.refresh_from_db()
    assert running.status == "needs_changes" and running.current_task_state.status == "rejected"
    assert statuses(candidate) == {"clinical_safety_officer": "rejected", "ig_officer": "cancelled"}
    assert FormDefinition.objects.get(pk=definition.pk).get_lock() is None


def test_a_newer_text_ends_the_workflow_of_the_older(candidate, running, definition, lead, sign_off):
    edit("home", lead)
    newer = definitions.create_candidate(definition=definition, by=lead)
    running.refresh_from_db()
    assert running.status == "cancelled" and set(statuses(candidate).values()) == {"cancelled"}
    assert set(statuses(newer).values()) == {"in_progress"}
    assert sign_off(newer).number == 1


def test_taking_back_ends_the_workflow(candidate, running, lead, definition):
    definitions.withdraw_candidate(candidate=candidate, by=lead)
    running.refresh_from_db()
    assert running.status == "cancelled" and definition.get_lock() is None


def test_the_dashboard_shows_it_to_who_may_decide_and_leads_to_the_candidate(
    candidate, definition, lead, safety_officer, other_lead, superuser
):
    page = make.client_of(entering(safety_officer)).get("/admin/").content.decode()
    where = reverse("forms_candidate", args=[candidate.public_id])
    assert "Awaiting your review" in page and where in page
    assert "data-workflow-action-url" not in page
    for nobody in (account(lead), account(other_lead), superuser):
        assert not TaskState.objects.reviewable_by(nobody).exists()
    assert AdminURLFinder(account(lead)).get_edit_url(definition).startswith("/admin/forms/definitions/edit/")


def test_it_leaves_the_dashboard_of_who_has_decided(candidate, safety_officer, ig_officer):
    definitions.approve_candidate(
        candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
    )
    assert not TaskState.objects.reviewable_by(account(safety_officer)).exists()
    assert TaskState.objects.reviewable_by(account(ig_officer)).count() == 1


def test_the_history_of_a_form_shows_its_sign_offs(live, definition, lead):
    client = make.client_of(entering(lead))
    viewset = definition.snippet_viewset
    page = client.get(reverse(viewset.get_url_name("workflow_history"), args=[definition.pk])).content.decode()
    assert "Form sign-off" in page
    detail = reverse(
        viewset.get_url_name("workflow_history_detail"), args=[definition.pk, definition.workflow_states[0].pk]
    )
    assert "Clinical safety sign-off" in client.get(detail).content.decode()


# Who is told


def test_both_roles_are_told_and_no_author_without_anybodys_name(safety_officer, ig_officer, candidate, mailoutbox):
    told = {row.user_id: row for row in Notification.objects.filter(channel="in_app", topic="form.sign_off")}
    assert set(told) == {safety_officer.user_id, ig_officer.user_id}
    row = told[ig_officer.user_id]
    assert row.text == "The form “Winter plan” waits for your sign-off"
    assert row.link == reverse("forms_candidate", args=[candidate.public_id])
    assert not mailoutbox


def test_the_authors_are_told_what_came_of_it(live, lead, mailoutbox):
    rows = Notification.objects.filter(channel="in_app", user=lead.user_id, topic="form.sign_off")
    assert [row.text for row in rows] == ["The form “Winter plan” is live as version 1"]
    assert not mailoutbox


# Ways round it


def nothing_moved(candidate):
    assert set(statuses(candidate).values()) == {"in_progress"}
    assert WorkflowState.objects.get().status == "in_progress"
    assert not FormVersion.objects.exists() and not FormCandidateApproval.objects.exists()


ATTACKS = {
    "task_state.approve": lambda state, user: state.specific.approve(user=user),
    "task_state.approve as Wagtail's class": lambda state, user: state.approve(user=user),
    "task_state.approve without update": lambda state, user: state.approve(user=user, update=False),
    "task_state.reject": lambda state, user: state.reject(user=user),
    "task_state.cancel": lambda state, user: state.cancel(user=user),
    "task.on_action": lambda state, user: state.task.specific.on_action(state, user, "approve"),
    "task.deactivate": lambda state, user: state.task.specific.deactivate(user=user),
    "task.deactivate as Wagtail's class": lambda state, user: state.task.deactivate(user=user),
    "task.delete": lambda state, user: state.task.delete(),
    "task.role": lambda state, user: FormSignOffTask(task_ptr=state.task, role="ig_officer", name="Mine").save(),
    "workflow_state.finish": lambda state, user: state.workflow_state.finish(user=user),
    "workflow_state.cancel": lambda state, user: state.workflow_state.cancel(user=user),
    "the same workflow again": lambda state, user: state.workflow_state.workflow.start(
        state.workflow_state.content_object, user
    ),
    "workflow.deactivate": lambda state, user: state.workflow_state.workflow.deactivate(user=user),
    "workflow.delete": lambda state, user: state.workflow_state.workflow.delete(),
    "workflow gets another task": lambda state, user: WorkflowTask.objects.create(
        workflow=state.workflow_state.workflow, task=GroupApprovalTask.objects.create(name="Anybody")
    ),
    "another workflow": lambda state, user: Workflow.objects.create(name="Rush").start(
        state.workflow_state.content_object, user
    ),
    "revision.publish": lambda state, user: state.revision.publish(user=user, skip_permission_checks=True),
    "PublishRevisionAction": lambda state, user: PublishRevisionAction(state.revision, user=user).execute(
        skip_permission_checks=True
    ),
    "PublishRevisionAction as nobody": lambda state, user: PublishRevisionAction(state.revision).execute(
        skip_permission_checks=True
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_code_that_moves_the_workflow_is_refused(candidate, superuser, attack):
    state = TaskState.objects.filter(task__formsignofftask__role="clinical_safety_officer").get()
    with pytest.raises((PermissionDenied, ValidationError)), transaction.atomic():
        ATTACKS[attack](state, superuser)
    nothing_moved(candidate)
    workflow = Workflow.objects.get(name="Form sign-off")
    assert workflow.active and [task.active for task in workflow.tasks] == [True, True]


@pytest.mark.parametrize("name", ["Form sign-off", "Rush"])
def test_no_workflow_starts_on_a_form_but_by_sending_it(candidate, definition, lead, superuser, name):
    definitions.withdraw_candidate(candidate=candidate, by=lead)
    workflow = Workflow.objects.filter(name=name).first() or Workflow.objects.create(name=name)
    with pytest.raises(PermissionDenied), transaction.atomic():
        workflow.start(definition, superuser)
    assert not definition.workflow_states.active().exists()


def test_a_row_written_past_the_guard_decides_nothing(candidate, superuser, safety_officer, ig_officer):
    TaskState.objects.update(status="approved", finished_by=superuser)
    WorkflowState.objects.update(status="approved")
    assert not FormVersion.objects.exists()
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    assert definitions.approve_candidate(by=safety_officer, **said) is None
    assert definitions.approve_candidate(by=ig_officer, **said).number == 1


def test_sign_off_goes_on_when_the_workflow_is_gone(candidate, sign_off, definition, lead):
    TaskState.objects.filter(pk__in=candidate.task_states.values("pk")).delete()
    WorkflowState.objects.all().delete()
    assert sign_off(candidate).number == 1


def test_purging_revisions_leaves_the_evidence(live, candidate, safety_officer, ig_officer, definition, lead):
    for number in range(3):
        definition.title = f"Winter plan {number}"
        definition.save_revision(user=account(lead), clean=False)
    purge_revisions()
    Revision.objects.for_instance(definition).exclude(pk=definition.latest_revision_id).delete()
    kept = candidate.approvals.values_list("role", "decision", "sha256", "decided_by")
    assert set(kept) == {
        ("clinical_safety_officer", "approved", candidate.sha256, safety_officer.user_id),
        ("ig_officer", "approved", candidate.sha256, ig_officer.user_id),
    }
    assert FormVersion.objects.get().document == candidate.document


# From a browser


def entering(actor):
    groups.sync(user=account(actor), by=Actor.job("test"))
    return actor


@shared
def superlead(lead):
    """A clinical lead whose account is a superuser too, with every permission there is."""
    User.objects.filter(pk=lead.user_id).update(is_superuser=True)
    account(lead).user_permissions.set(Permission.objects.all())
    return lead


def edit_page(definition):
    return reverse(definition.snippet_viewset.get_url_name("edit"), args=[definition.pk])


def test_the_form_is_locked_while_it_waits_and_locking_or_unlocking_opens_nothing(candidate, definition, superlead):
    client = make.client_of(entering(superlead))
    before = definition.latest_revision_id
    for door in ("lock", "unlock", "lock"):
        client.post(reverse(definition.snippet_viewset.get_url_name(door), args=[definition.pk]))
        client.post(edit_page(definition), {"title": "Mine", "url": definition.url, "language": "en"})
        now = FormDefinition.objects.get(pk=definition.pk)
        assert now.latest_revision_id == before and now.get_lock().for_user(account(superlead))


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_wagtails_moderation_forms_are_shut(candidate, definition, superlead, action):
    state = candidate.task_states.first()
    client = make.client_of(entering(superlead))
    for door in ("workflow_action", "collect_workflow_action_data", "confirm_workflow_cancellation"):
        args = [definition.pk] if "cancel" in door else [definition.pk, action, state.pk]
        where = reverse(definition.snippet_viewset.get_url_name(door), args=args)
        assert client.post(where, {"comment": "Go"}).status_code in (302, 403)
    nothing_moved(candidate)


def test_the_workflow_and_its_tasks_cannot_be_taken_away_in_the_administration(candidate, superlead):
    client = make.client_of(entering(superlead))
    workflow, task = Workflow.objects.get(name="Form sign-off"), FormSignOffTask.objects.first()
    for door, pk in (("disable", workflow.pk), ("disable_task", task.pk)):
        assert client.post(reverse(f"wagtailadmin_workflows:{door}", args=[pk])).status_code in (302, 403)
    client.post(
        reverse("wagtailadmin_workflows:edit", args=[workflow.pk]),
        {
            "name": "Rush",
            "active": "on",
            "workflow_tasks-TOTAL_FORMS": "0",
            "workflow_tasks-INITIAL_FORMS": "0",
            "pages-TOTAL_FORMS": "0",
            "pages-INITIAL_FORMS": "0",
        },
    )
    client.post(reverse("wagtailadmin_workflows:edit_task", args=[task.pk]), {"name": "Mine", "role": "ig_officer"})
    workflow.refresh_from_db()
    assert workflow.name == "Form sign-off" and workflow.active and workflow.tasks.count() == 2
    assert set(FormSignOffTask.objects.values_list("role", "active")) == {
        ("clinical_safety_officer", True),
        ("ig_officer", True),
    }
    nothing_moved(candidate)


@pytest.mark.parametrize("kind", ["formdefinition", "formsection", "valueset"])
@pytest.mark.parametrize("deed", ["publish", "unpublish", "delete"])
def test_a_bulk_action_on_forms_does_nothing(candidate, superlead, kind, deed):
    where = f"/admin/bulk/careplan_forms/{kind}/{deed}/?id=1"
    answer = make.client_of(entering(superlead)).post(where)
    assert answer.status_code in (302, 403, 404)
    assert FormSection.objects.count() == 2 and not FormDefinition.objects.get().live
    nothing_moved(candidate)


def test_what_is_written_after_sending_is_not_in_it_and_the_page_says_so(candidate, lead, safety_officer):
    home = FormSection.objects.get(key="home")
    viewset = home.snippet_viewset
    client = make.client_of(entering(lead))
    where = reverse("forms_candidate", args=[candidate.public_id])
    assert "were changed after this was sent" not in client.get(where).content.decode()
    form = section_form(home, **{"items-0-value-label": "Slipped in?"})
    assert client.post(reverse(viewset.get_url_name("edit"), args=[home.pk]), form).status_code == 302
    page = make.client_of(entering(safety_officer)).get(where).content.decode()
    assert "were changed after this was sent" in page and "Slipped in?" not in page


def test_the_sender_takes_it_back_on_the_page(candidate, lead, safety_officer):
    where = reverse("forms_candidate", args=[candidate.public_id])
    assert "Take it back" not in make.client_of(entering(safety_officer)).get(where).content.decode()
    client = make.client_of(entering(lead))
    assert "Take it back" in client.get(where).content.decode()
    assert client.post(where, {"take-back": "1"}).status_code == 302
    page = client.get(where).content.decode()
    assert "Taken back by" in page and "Take it back" not in page
    assert client.post(where, {"take-back": "1"}).status_code == 409
