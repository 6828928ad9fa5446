"""Out of office: one colleague may decide for another, in one organisation, for a time."""

import datetime
import uuid

from django.conf import settings
from django.db import models

from core import clock
from governance.models import Organisation


class FlowDelegation(models.Model):
    """`to_user` may decide for `from_user`; the delegate passes the same guards as anybody.

    It counts from `starts_at` until `ends_at`, or until somebody ended it before that.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegated")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delegation_ended_at_and_by",
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="delegation_ends_after_it_starts", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="delegation_to_somebody_else", condition=~models.Q(from_user=models.F("to_user"))
            ),
        ]

    @property
    def last_day(self) -> datetime.date:
        """The last day away: it counts until the midnight after it."""
        return clock.today(self.ends_at - datetime.timedelta(microseconds=1))

    def __str__(self) -> str:
        return f"delegation {self.pk}"
