"""Notices: who was told what, by which way, when it left and whether it was read. The proof of what was sent.

No health fact and no person's name stands in any of it; what leaves the service (mail, webhook) is made of the topic
and of references alone, never of `text`.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from governance.models.organisation import Organisation


class Webhook(models.Model):
    """An address of an organisation's own system that is called when something happens. Its secret is encrypted."""

    class Stopped(models.TextChoices):
        BY_HAND = "by_hand", "Stopped by information governance"
        FAILING = "failing", "Stopped by the service: it failed too often"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField("Address", max_length=300)
    secret = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    failures = models.PositiveIntegerField(default=0, help_text="Calls that failed since the last that was taken")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_for = models.CharField(max_length=10, choices=Stopped.choices, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "url"], condition=Q(stopped_at=None), name="one_webhook_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"webhook {str(self.public_id)[:8]}"


class Notification(models.Model):
    """One notice to one recipient by one way. Rows of the same notice by different ways share `notice`.

    `outcome` is empty while it waits; `about_kind` and `about_ref` name the record it is about by its public id;
    `organisation` is the one whose work it belongs to, whose lead may see that it was sent.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", "On the page"
        EMAIL = "email", "By email"
        WEBHOOK = "webhook", "To a system"

    class Outcome(models.TextChoices):
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        NOT_NEEDED = "not_needed", "Not needed any more"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.IN_APP)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    webhook = models.ForeignKey(Webhook, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    about_kind = models.CharField(max_length=40, blank=True)
    about_ref = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, blank=True, help_text="Makes a repeated notice the same notice")
    digest = models.BooleanField(default=False, help_text="Goes in the day's one mail")
    created_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, blank=True, help_text="What the mail or call was known by")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    error = models.CharField(max_length=200, blank=True, help_text="The kind of error, never its message")
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key", "channel"], condition=~Q(key=""), name="one_notice_per_key_and_channel"
            ),
            models.UniqueConstraint(fields=["webhook", "key"], condition=~Q(key=""), name="one_call_per_key"),
            models.CheckConstraint(
                name="notice_has_one_recipient",
                condition=Q(channel="webhook", user=None, webhook__isnull=False)
                | Q(~Q(channel="webhook"), user__isnull=False, webhook=None),
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "next_attempt_at"], condition=Q(outcome=""), name="notices_waiting"),
            models.Index(fields=["user"], condition=Q(channel="in_app", read_at=None), name="notices_unread"),
            models.Index(fields=["user", "-created_at"], name="notices_of_a_person"),
            models.Index(fields=["organisation", "-created_at"], name="notices_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"notice {str(self.public_id)[:8]}"


class NoticeChoice(models.Model):
    """How somebody wants to be mailed. Who has not chosen is mailed at once; every notice stands on the page anyway."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day"
        NEVER = "never", "Never"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_choice")
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.AT_ONCE)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"choice of user {self.user_id}"
