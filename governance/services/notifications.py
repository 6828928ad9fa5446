"""Notices: what somebody was told, and an e-mail that says no more than that something waits."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from core import clock
from core.exceptions import Absent
from governance.actors import Actor
from governance.models import Notification, User


@transaction.atomic
def notify(*, user: User, topic: str, text: str, by: Actor, link: str = "", key: str = "") -> Notification:
    """Tell somebody. `text` names tasks and references, never a person or a condition; `link` is a path of ours.

    With a `key`, telling them the same thing again changes nothing and returns the first notice.
    """
    if key:
        found = Notification.objects.filter(user=user, key=key).first()
        if found:
            return found
    try:
        with transaction.atomic():
            return Notification.objects.create(user=user, topic=topic, text=text[:200], link=link, key=key)
    except IntegrityError:
        return Notification.objects.get(user=user, key=key)


@transaction.atomic
def mark_read(*, public_id: object, by: Actor) -> Notification:
    """The person has seen it. Absent for somebody else's."""
    row = Notification.objects.filter(public_id=public_id, user=by.user_id).first()
    if row is None:
        raise Absent
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    return row


def mail_waiting(*, by: Actor, limit: int = 100) -> int:
    """Mail what has not been mailed; the subject and the text are the same for everybody. Returns how many went.

    Marked after the mail server took it: a crash between the two mails twice rather than never.
    """
    rows = Notification.objects.filter(mailed_at=None, user__is_active=True).select_related("user")
    count = 0
    for row in rows.order_by("created_at")[:limit]:
        send_mail(
            f"{settings.SERVICE_NAME}: something needs your attention",
            f"{row.text}\n\nSign in to see it: {settings.BASE_URL}{row.link or '/'}\n",
            None,
            [row.user.email],
        )
        row.mailed_at = clock.now()
        row.save(update_fields=["mailed_at"])
        count += 1
    return count
