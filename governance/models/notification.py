"""Notices to people: what they were told, by which way, and whether it arrived. No health facts in any of it."""

import uuid

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One notice to one person; `text` names tasks and references, never a person or a condition."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    topic = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, blank=True, help_text="Makes a repeated notice the same notice")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~models.Q(key=""), name="one_notice_per_key")
        ]

    def __str__(self) -> str:
        return f"notice {str(self.public_id)[:8]}"
