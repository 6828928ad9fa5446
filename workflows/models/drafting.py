"""Drafts in the CMS: who wrote them is kept for ever, and the CMS's own publishing is shut.

Wagtail rewrites and purges its revisions, so neither what is signed off nor who wrote it may rest on them.
"""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from core import clock
from core.immutability import ImmutableModel

KEY_HELP = "A short name in small letters and hyphens that never changes"
REFUSAL = "This goes live by sign-off of its exact content, not by publishing a page."


class DraftAuthor(ImmutableModel):
    """Somebody changed a draft. One row per draft and person until the draft is next signed off."""

    kind = models.CharField(max_length=30, help_text="formdefinition, formsection, valueset or flowdefinition")
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "at"], name="draft_authors")]

    def __str__(self) -> str:
        return f"author of {self.kind} {self.object_id}"


class Draft(DraftStateMixin, RevisionMixin, models.Model):
    """Configuration edited as drafts. Its live row is set by sign-off and by nothing else."""

    class Meta:
        abstract = True

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the draft and its author. A person already named since the last sign-off is not named again."""
        revision = super().save_revision(*args, **kwargs)
        if revision.user_id is not None:
            self.name_author(revision.user_id)
        return revision

    def publish(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused, whoever asks: see the `services.sign_off` of its app."""
        raise PermissionDenied(REFUSAL)

    def unpublish(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused, whoever asks: see the `services.sign_off` of its app."""
        raise PermissionDenied(REFUSAL)

    def name_author(self, user_id: int | None) -> None:
        """Somebody changed this; nobody is named for jobs."""
        if user_id is None:
            return
        kind = str(self._meta.model_name)
        named = DraftAuthor.objects.filter(kind=kind, object_id=self.pk, user_id=user_id)
        if self.last_published_at:
            named = named.filter(at__gt=self.last_published_at)
        if not named.exists():
            DraftAuthor.objects.create(kind=kind, object_id=self.pk, user_id=user_id, at=clock.now())


class SignedOff(WorkflowMixin, LockableMixin, Draft):
    """A draft whose row names a `live_version`, set by the service that made the version and by nothing else."""

    #: What an old draft or a row read earlier never brings back.
    fixed: ClassVar[tuple[str, ...]] = ("live_version",)
    #: Relations saved with the row.
    children: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save everything but `live_version`: a row read before a sign-off, or an old draft, must not undo it."""
        if self.pk is not None and not self._state.adding and kwargs.get("update_fields") is None:
            fields = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [*(name for name in fields if name != "live_version"), *self.children]
        super().save(*args, **kwargs)

    def with_content_json(self, content: Any) -> Any:
        """A draft read back has the identity and the live version of its row."""
        draft = super().with_content_json(content)
        for name in self.fixed:
            field: Any = self._meta.get_field(name)
            setattr(draft, field.attname, getattr(self, field.attname))
        return draft

    def get_lock(self) -> Any:
        """While sign-off waits nobody edits; Wagtail's own lock would let in whoever set it."""
        task = self.current_workflow_task
        return task.lock_class(self, task) if task else super().get_lock()
