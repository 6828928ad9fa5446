"""A page goes live when a second person said yes to exactly what it says: every way round that is shut."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState, Workflow, WorkflowPage, WorkflowState

from content.models import InformationPage, PageReview
from content.models.review import UNREVIEWED, is_reviewed
from content.services.seeding import seed_content
from content.tasks import follow_page_dates
from core import clock
from governance.actors import Actor
from governance.models import AuditEvent, Notification, User
from tests.factories import governance as make
from tests.integration.content.test_editing import PUBLISH, SUBMIT, add, approve, edit, information
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@shared
def home():
    return seed_content(by=Actor.job("test"))


class Editor:
    """A content editor at the host, and their browser."""

    def __init__(self, role="content_editor"):
        self.actor = make.staff(make.organisation(care_setting="host", agreement="none"), role)
        self.client, self.user = make.admin_client_of(self.actor), User.objects.get(pk=self.actor.user_id)


@shared
def author(home):
    return Editor()


@shared
def second(home):
    return Editor()


@shared
def submitted(author, second, home):
    """A page that waits for the second editor's yes."""
    add(make.client_of(author.actor), "informationpage", home, information() | SUBMIT)
    return InformationPage.objects.get(slug="visiting")


def fresh(page):
    return InformationPage.objects.get(pk=page.pk)


def save_later(page, by, **fields):
    later = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(later, name, value)
    return later.save_revision(user=by, clean=False)


def test_a_second_editor_puts_it_live_and_it_is_told_without_a_name(submitted, author, second):
    asked = Notification.objects.get(user=second.user, topic="page.review", channel="in_app")
    assert "Visiting hours" in asked.text and asked.link == reverse("wagtailadmin_home")
    assert "Visiting hours" in second.client.get(reverse("wagtailadmin_home")).content.decode()
    approve(second.client, submitted)
    assert fresh(submitted).live and is_reviewed(fresh(submitted).live_revision)
    review = PageReview.objects.get()
    assert (review.decided_by, review.page_number) == (second.user, submitted.pk)
    assert AuditEvent.objects.filter(action="page.approved").exists()
    told = Notification.objects.get(user=author.user, topic="page.review", channel="in_app")
    texts = asked.text + told.text + "".join(message.subject + message.body for message in mail.outbox)
    for user in (author.user, second.user):
        assert user.last_name not in texts and user.email not in texts
    assert not any("moderation" in message.subject for message in mail.outbox)


def test_the_author_does_not_approve_through_any_door(submitted, author):
    state = submitted.current_workflow_task_state
    doors = [
        ("wagtailadmin_pages:workflow_action", [submitted.pk, "approve", state.pk]),
        ("wagtailadmin_pages:collect_workflow_action_data", [submitted.pk, "approve", state.pk]),
    ]
    for name, args in doors:
        author.client.post(reverse(name, args=args))
    here = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    edit(author.client, submitted, information(), **here)
    edit(author.client, submitted, information(), **PUBLISH)
    for word in ("approve", "reject"):
        with pytest.raises(PermissionDenied, match="You wrote part of this page"):
            state.task.specific.on_action(state, author.user, word)
    assert not fresh(submitted).live and not PageReview.objects.exists()
    assert submitted.current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS
    assert not TaskState.objects.reviewable_by(author.user).exists()


def test_publishing_asked_for_directly_keeps_the_draft_and_says_what_to_do(author, home):
    answer = add(author.client, "informationpage", home, information() | PUBLISH)
    page = InformationPage.objects.get(slug="visiting")
    assert answer.status_code == 302 and not page.live
    answer = author.client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), information(intro="Kept") | PUBLISH, follow=True
    )
    text = answer.content.decode()
    assert UNREVIEWED in text and "action-publish" not in text and "action-submit" in text
    assert not fresh(page).live and fresh(page).get_latest_revision_as_object().intro == "Kept"


def test_many_pages_are_not_published_at_once(submitted, author, second):
    where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={submitted.pk}"
    for someone in (author, second):
        answer = someone.client.post(where, {"include_descendants": "on"}, follow=True)
        assert UNREVIEWED in answer.content.decode()
    assert not fresh(submitted).live


def typed(moment):
    """As an editor writes it, in London."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def test_nothing_unreviewed_goes_live_on_a_schedule(author, home):
    soon = clock.now() + datetime.timedelta(hours=1)
    form = information(go_live_at=typed(soon))
    add(author.client, "informationpage", home, form | PUBLISH)
    page = InformationPage.objects.get(slug="visiting")
    edit(author.client, page, form, **PUBLISH)
    revision = fresh(page).latest_revision
    assert revision.approved_go_live_at is None
    revision.approved_go_live_at = clock.now()
    with pytest.raises(PermissionDenied):
        revision.save()
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=clock.now())
    with pytest.raises(PermissionDenied):
        call_command("publish_scheduled", verbosity=0)
    assert not fresh(page).live


def test_what_was_reviewed_goes_live_on_its_schedule_though_edited_since(submitted, author, second, monkeypatch):
    submitted.current_workflow_state.cancel(user=author.user)
    soon = clock.now() + datetime.timedelta(hours=1)
    edit(author.client, submitted, information(go_live_at=typed(soon)), **SUBMIT)
    approve(second.client, submitted)
    assert not fresh(submitted).live and submitted.revisions.get(approved_go_live_at__isnull=False)
    save_later(fresh(submitted), author.user, intro="Nobody saw this", go_live_at=None)
    submitted.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=clock.now())
    monkeypatch.setattr("django.utils.timezone.now", lambda: soon + datetime.timedelta(hours=1))
    follow_page_dates()
    assert fresh(submitted).live and fresh(submitted).intro == "When to come"


def test_a_later_revision_nobody_saw_is_not_approved(submitted, author, second):
    save_later(submitted, author.user, intro="Slipped in")
    approve(second.client, submitted)
    assert not fresh(submitted).live and not PageReview.objects.exists()


def test_a_revision_written_over_since_is_not_approved(submitted, author, second):
    revision = submitted.latest_revision
    revision.content = revision.content | {"intro": "Slipped in"}
    revision.save()
    approve(second.client, submitted)
    assert not fresh(submitted).live and not PageReview.objects.exists()


def test_a_reviewed_revision_written_over_is_reviewed_no_more(submitted, second):
    approve(second.client, submitted)
    revision = fresh(submitted).live_revision
    fresh(submitted).unpublish()
    revision.content = revision.content | {"intro": "Slipped in"}
    revision.save()
    with pytest.raises(PermissionDenied):
        revision.publish(user=second.user)
    assert not fresh(submitted).live


def test_whoever_reviews_does_not_edit_and_approve_in_one(submitted, second):
    here = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    edit(second.client, submitted, information(intro="Mine"), **here)
    assert not fresh(submitted).live and submitted.get_latest_revision_as_object().intro == "When to come"


def test_whoever_wrote_an_earlier_part_does_not_approve(submitted, author, second):
    approve(second.client, submitted)
    edit(author.client, fresh(submitted), information(intro="By the author"))
    edit(second.client, fresh(submitted), information(intro="By the second"), **SUBMIT)
    approve(author.client, fresh(submitted))
    assert fresh(submitted).intro == "When to come"
    approve(Editor("clinical_lead").client, fresh(submitted))
    assert fresh(submitted).intro == "By the second"


def test_an_older_round_or_another_pages_is_not_approved_by_its_address(submitted, author, second, home):
    old = submitted.current_workflow_task_state
    submitted.current_workflow_state.cancel(user=author.user)
    edit(author.client, submitted, information(intro="Second round"), **SUBMIT)
    where = reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "approve", old.pk])
    second.client.post(where)
    assert not fresh(submitted).live and not PageReview.objects.exists()
    add(second.client, "informationpage", home, information() | {"slug": "own"} | SUBMIT)
    own = InformationPage.objects.get(slug="own")
    mine = own.current_workflow_task_state
    second.client.post(reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "approve", mine.pk]))
    assert not fresh(own).live


def test_one_of_two_contrary_decisions_wins(submitted, second):
    third, state = Editor(), submitted.current_workflow_task_state
    state.task.specific.on_action(submitted.current_workflow_task_state, second.user, "reject", comment="No")
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, third.user, "approve")
    assert not fresh(submitted).live and not PageReview.objects.exists()


@pytest.mark.parametrize("role", ["clinical_safety_officer", "ig_officer", "operator"])
def test_other_roles_and_superusers_review_nothing(submitted, role):
    someone = Editor(role)
    User.objects.filter(pk=someone.user.pk).update(is_superuser=True)
    approve(someone.client, submitted)
    edit(someone.client, submitted, information(), **PUBLISH)
    assert not fresh(submitted).live


def test_another_workflow_or_one_without_tasks_publishes_nothing(author, home):
    workflow = Workflow.objects.create(name="Nothing to do")
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    add(author.client, "informationpage", home, information() | SUBMIT)
    assert not InformationPage.objects.filter(slug="visiting", live=True).exists()
    seed_content(by=Actor.job("test"))
    assert home.get_workflow().name == "Review of pages"


def test_a_task_taken_away_approves_nothing(submitted):
    with pytest.raises(PermissionDenied):
        submitted.current_workflow_task.deactivate()
    assert not fresh(submitted).live


def test_a_copy_starts_as_a_draft(submitted, author, second, home):
    approve(second.client, submitted)
    where = reverse("wagtailadmin_pages:copy", args=[submitted.pk])
    form = {"new_title": "Copied", "new_slug": "copied", "new_parent_page": home.pk}
    answer = author.client.post(where, form | {"publish_copies": "on"}, follow=True)
    assert UNREVIEWED in answer.content.decode()
    assert not InformationPage.objects.filter(slug="copied").exists()
    author.client.post(where, form)
    assert not InformationPage.objects.get(slug="copied").live


def test_code_does_not_put_a_page_live_either(submitted, second):
    with pytest.raises(PermissionDenied):
        submitted.latest_revision.publish(skip_permission_checks=True)
    page = fresh(submitted)
    page.live = True
    with pytest.raises(PermissionDenied):
        page.save()
    assert not fresh(submitted).live


def test_the_author_takes_it_back_and_edits_again(submitted, author):
    author.client.post(reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[submitted.pk]))
    edit(author.client, submitted, information(), **{"action-cancel-workflow": "true"})
    assert not WorkflowState.objects.active().exists()
    edit(author.client, submitted, information(intro="Again"))
    assert fresh(submitted).get_latest_revision_as_object().intro == "Again"


def test_revisions_are_not_purged(submitted, author):
    save_later(submitted, author.user, intro="Later")
    with pytest.raises(CommandError, match="Revisions are kept"):
        call_command("purge_revisions", pages=True, days=1)
    assert submitted.revisions.count() > 1


def test_the_evidence_stays_when_the_page_goes(submitted, second):
    approve(second.client, submitted)
    answer = second.client.post(reverse("wagtailadmin_pages:delete", args=[submitted.pk]))
    assert answer.status_code == 302
    assert PageReview.objects.filter(page_number=submitted.pk).exists()


def test_the_steps_of_a_workflow_are_items_of_a_list(home):
    actor = make.staff(make.organisation(care_setting="host", agreement="none"), "operator")
    User.objects.filter(pk=actor.user_id).update(is_superuser=True)
    text = make.admin_client_of(actor).get(reverse("wagtailadmin_workflows:index")).content.decode()
    lists = [rest.split("</ol>")[0] for rest in text.split('<ol class="workflow-tasks">')[1:]]
    assert any("Review of pages" in steps for steps in lists)
    assert all(steps.strip().startswith("<li") for steps in lists)
