"""A page goes live when a second person has said yes to exactly what its revision says, and in no other way.

The workflow shows who is asked; the yes is a `PageReview`, bound to the content of one revision. Every save that would
put another revision live is refused without it: publishing from the page, in bulk, on a schedule, or from code.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.signals import pre_save
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Revision, Task, TaskState, get_page_models

from core.immutability import ImmutableModel
from workflows.engine.loading import sha256_of

DECIDED = "Somebody has decided on this page already."
UNREVIEWED = "A page goes live when a second person has reviewed it. Submit it for review instead."
AUTHOR = "You wrote part of this page, so somebody else has to review it."
CHANGED = "The page has changed since it was submitted. It has to be submitted again."
_delivered: ContextVar[bool] = ContextVar("pages that come with the service", default=False)


@contextmanager
def delivered_with_the_service() -> Iterator[None]:
    """While the pages that come with the service are made: nobody wrote them here."""
    token = _delivered.set(True)
    try:
        yield
    finally:
        _delivered.reset(token)


class PageReview(ImmutableModel):
    """Somebody who wrote none of it said yes to what one revision of a page says."""

    page_number = models.IntegerField(help_text="Of the page, which may be deleted later")
    revision_number = models.BigIntegerField(help_text="Of the revision, which the CMS may purge")
    sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision_number", "sha256"], name="one_review_per_text"),
        ]

    def __str__(self) -> str:
        return f"review of page {self.page_number}"


class ReviewLock(WorkflowLock):
    """Says where the decision is made, beside that nobody edits meanwhile."""

    def get_message(self, user: Any) -> str:
        return (
            "This page waits for review, so nobody edits it. Whoever wrote none of it approves it or asks for changes "
            "on the first page of the administration, under “Awaiting your review”."
        )


class PageReviewTask(Task):
    """Four eyes on a page: whoever may edit pages and wrote none of this one says yes, or asks for changes."""

    lock_class = ReviewLock
    admin_form_fields = ["name"]
    admin_form_readonly_on_edit_fields = ["name"]

    class Meta:
        verbose_name = "review of a page"
        verbose_name_plural = "reviews of pages"

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Wait for a yes to the newest revision, pinned to what it says now."""
        state: Any = super().start(workflow_state, user=user)
        PageReviewTaskState.objects.filter(pk=state.pk).update(sha256=text_hash(state.revision))
        from content.services.reviewing import ask

        ask(state=state)
        return state

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Yes to the pinned text by a second person puts exactly that live; whatever else is refused in a sentence."""
        from content.services.reviewing import keep_decision

        keep_decision(state=task_state, user=user, approved=action_name == "approve")
        super().on_action(task_state, user, action_name, **kwargs)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Whoever may review sees what they review."""
        return bool(_reading().may_review(user))

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While it waits nobody edits it, so that what is approved is what was read."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        state = obj.current_workflow_task_state
        if state is None or not _reading().may_review_this(user, state):
            return []
        return [("reject", "Ask for changes", True), ("approve", "Approve and publish", False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        open_to = [state.pk for state in waiting if _reading().may_review_this(user, state)]
        return TaskState.objects.filter(pk__in=open_to)

    @classmethod
    def get_description(cls) -> str:
        return "Somebody who may edit pages, and wrote none of this one, reviews exactly what was submitted"


class PageReviewTaskState(TaskState):
    """A review awaited or given, pinned to what the revision said when it was submitted."""

    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "state of a page's review"


PageReviewTask.task_state_class = PageReviewTaskState


def text_hash(revision: Revision) -> str:
    """Of what a revision says: the same for one just made, whose dates are not text yet, and for one read back."""
    return sha256_of(json.loads(json.dumps(revision.content, cls=DjangoJSONEncoder)))


def is_reviewed(revision: Revision) -> bool:
    """Whether somebody who did not write this revision said yes to what it says now."""
    found = PageReview.objects.filter(revision_number=revision.pk, sha256=text_hash(revision))
    return found.exclude(decided_by_id=revision.user_id).exists()


def _only_reviewed_goes_live(sender: Any, instance: Any, **kwargs: Any) -> None:
    if kwargs.get("raw") or _delivered.get() or not instance.live:
        return
    # A page shown in a second place says what the first says.
    shown = Page.objects.get(pk=instance.alias_of_id) if instance.alias_of_id else instance
    before = Page.objects.filter(pk=instance.pk).values_list("live", "live_revision_id").first()
    if before == (True, instance.live_revision_id):
        return
    if shown.live_revision is None or not is_reviewed(shown.live_revision):
        raise PermissionDenied(UNREVIEWED)


def _only_reviewed_is_scheduled(sender: Any, instance: Any, **kwargs: Any) -> None:
    if kwargs.get("raw") or instance.approved_go_live_at is None:
        return
    if issubclass(instance.base_content_type.model_class(), Page) and not is_reviewed(instance):
        raise PermissionDenied(UNREVIEWED)


def watch() -> None:
    """Refuse every way round the review, for every kind of page there is."""
    for kind in {Page, *get_page_models()}:
        pre_save.connect(_only_reviewed_goes_live, sender=kind, dispatch_uid=f"only reviewed {kind.__name__}")
    pre_save.connect(_only_reviewed_is_scheduled, sender=Revision, dispatch_uid="only reviewed is scheduled")


def _reading() -> Any:
    """The selectors of this app, which are loaded after its models."""
    from content import selectors

    return selectors
