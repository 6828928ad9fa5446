"""Lists people keep: the filters of their inbox under a name of their own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class SavedView(models.Model):
    """Filters of the inbox that somebody named. `query` is the part of the address after the question mark, tidied
    up; it names no person, because no filter does. Theirs alone: nobody else sees it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inbox_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    is_default = models.BooleanField(default=False, help_text="What the inbox opens with")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="one_view_per_name"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="one_default_view"),
        ]

    def __str__(self) -> str:
        return f"view {str(self.public_id)[:8]}"
