"""Drafts in the CMS: who wrote them is kept for ever, and the CMS's own publishing is shut.

Wagtail rewrites and purges its revisions, so neither what is signed off nor who wrote it may rest on them.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from wagtail.models import DraftStateMixin, RevisionMixin

from core import clock
from core.immutability import ImmutableModel

KEY_HELP = "A short name in small letters and hyphens that never changes"
REFUSAL = "Forms go live by sign-off of their exact content, not by publishing a page."


class DraftAuthor(ImmutableModel):
    """Somebody changed a draft. One row per draft and person until the draft is next signed off."""

    kind = models.CharField(max_length=30, help_text="formdefinition, formsection or valueset")
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
        """Always refused, whoever asks: see `services.sign_off`."""
        raise PermissionDenied(REFUSAL)

    def unpublish(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused, whoever asks: see `services.sign_off`."""
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
