"""Notices as their reader sees them."""

from django.db.models import BigIntegerField, Count, QuerySet, Subquery

from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import NoticeChoice, Notification
from governance.selectors.prepared import Slot


def own(viewer: Actor) -> QuerySet[Notification]:
    """The viewer's notices, the newest first."""
    gate.check(viewer, Action.NOTICE_OWN)
    rows = Notification.objects.filter(user=viewer.user_id or 0, channel=Notification.Channel.IN_APP)
    return rows.order_by("-created_at", "-pk")


def choice_of(viewer: Actor) -> str:
    """How the viewer wants to be mailed."""
    row = NoticeChoice.objects.filter(user=viewer.user_id or 0).first()
    return str(row.mail if row else NoticeChoice.Mail.AT_ONCE)


def unread_of(user: Slot) -> Subquery:
    """How many notices an account has not read, as a column of another query; no value for none."""
    unread = Notification.objects.filter(user=user, channel=Notification.Channel.IN_APP, read_at=None)
    counts = unread.order_by().values("user").annotate(count=Count("pk")).values("count")
    return Subquery(counts, output_field=BigIntegerField())
