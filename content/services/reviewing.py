"""The review of pages: the workflow that comes with the service, and who is told. Titles of pages, nobody's name."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page, Revision, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask
from wagtail.signals import workflow_approved, workflow_rejected, workflow_submitted

from content.models import PageReview, PageReviewTask, PageReviewTaskState, review
from content.selectors import authors_of, may_review_this, reviewers
from core import clock
from governance.actors import Actor
from governance.models import User
from governance.selectors.capacities import current_capacities_of
from governance.services.audit import record
from governance.services.notifications import notify

NAME, TOPIC = "Review of pages", "page.review"
_BY = Actor.job("page review")


@transaction.atomic
def keep_workflow() -> Workflow:
    """Every page of the site is reviewed by a second person; made once, and put back when it was taken away."""
    task = PageReviewTask.objects.first() or PageReviewTask.objects.create(name=NAME)
    workflow = Workflow.objects.filter(workflow_tasks__task=task).first() or Workflow.objects.create(name=NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    for row in (workflow, task):
        if not row.active:
            row.active = True
            row.save()
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    return workflow


def keep_decision(*, state: TaskState, user: User, approved: bool) -> None:
    """Keep one person's word on exactly what was submitted, in the caller's transaction: whoever comes second is late.

    Raises PermissionDenied, in a sentence, for an author, for somebody who edits no pages, and for another text.
    """
    running = WorkflowState.objects.select_for_update().get(pk=state.workflow_state_id)
    if not TaskState.objects.filter(pk=state.pk, status=TaskState.STATUS_IN_PROGRESS).exists():
        raise PermissionDenied(review.DECIDED)
    if not may_review_this(user, state):
        raise PermissionDenied(review.AUTHOR)
    page: Any = running.content_object
    revision = Revision.objects.get(pk=state.revision_id)
    shown = PageReviewTaskState.objects.get(pk=state.pk).sha256
    if approved:
        if page.latest_revision_id != revision.pk or review.text_hash(revision) != shown:
            raise PermissionDenied(review.CHANGED)
        kept = {"page_number": page.pk, "decided_at": clock.now(), "decided_by": user}
        PageReview.objects.get_or_create(revision_number=revision.pk, sha256=shown, defaults=kept)
    actor = next(iter(current_capacities_of(user))).actor
    action = "page.approved" if approved else "page.sent_back"
    record(by=actor, action=action, target=("page", str(page.pk)), detail={"revision": revision.pk, "sha256": shown})


def ask(*, state: TaskState) -> None:
    """Tell everybody who may review the page and wrote none of it, with the list of what awaits them."""
    for user in reviewers().exclude(pk__in=authors_of(state)):
        _tell(user, state.workflow_state, "waits for your review", f"ask:{state.pk}", reverse("wagtailadmin_home"))


def tell_outcome(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    """Tell whoever submitted the page what came of it."""
    page = instance.content_object
    if isinstance(page, Page) and instance.requested_by is not None:
        approved = instance.status == WorkflowState.STATUS_APPROVED
        text = "was reviewed and approved" if approved else "was reviewed and needs changes"
        link = reverse("wagtailadmin_pages:edit", args=[page.pk])
        _tell(instance.requested_by, instance, text, f"outcome:{instance.current_task_state_id}", link)


def register() -> None:
    """Our notices instead of Wagtail's mails, which carry names and what a row calls itself."""
    ours = ((workflow_submitted, "submitted"), (workflow_rejected, "rejected"), (workflow_approved, "approved"))
    for signal, word in ours:
        signal.disconnect(sender=WorkflowState, dispatch_uid=f"workflow_state_{word}_email_notification")
        if word != "submitted":
            signal.connect(tell_outcome, sender=WorkflowState, dispatch_uid=f"page review {word}")


def _tell(user: User, running: WorkflowState, text: str, key: str, link: str) -> None:
    page: Any = running.content_object
    said = f"The page “{page.get_latest_revision_as_object().title[:120]}” {text}"
    notify(user=user, topic=TOPIC, text=said, link=link, key=key, by=_BY)
