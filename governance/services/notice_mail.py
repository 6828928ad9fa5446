"""Sending the mails that wait: one by one, or a day's notices in one. Each says what to do and where, nothing else.

Whoever sends takes the rows first, for a while: two workers never send the same mail. A worker that dies after the
mail server took a mail and before it wrote so sends it again under the same Message-ID, so that no notice is lost.
"""

import datetime
from collections import Counter

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from core import clock
from core.jobs.runs import describe, pause_before
from governance.actors import Actor
from governance.models import Notification, User
from governance.notices import topic

logger = structlog.get_logger("notices")

MAX_ATTEMPTS = 8
#: How long whoever took a row may need before another may try it as well.
PATIENCE = datetime.timedelta(minutes=10)


def mail_waiting(*, by: Actor, limit: int = 200) -> int:
    """Send every mail that is due; gives how many went."""
    now = clock.now()
    due = _waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    single = list(due.filter(digest=False).values_list("pk", "user_id")[:limit])
    daily = set(due.filter(digest=True).values_list("user_id", flat=True)[:limit])
    mails = [(user_id, due.filter(pk=pk, digest=False)) for pk, user_id in single]
    mails += [(user_id, due.filter(user_id=user_id, digest=True)) for user_id in sorted(daily)]
    return sum(_send(User.objects.get(pk=user_id), rows, now) for user_id, rows in mails)


def _send(user: User, due: QuerySet[Notification], now: datetime.datetime) -> bool:
    """One mail to one person about everything in `due`; False when it did not go."""
    rows = _take(user, due, now)
    if not rows:
        return False
    mine = _waiting().filter(pk__in=[row.pk for row in rows], message_id=rows[0].message_id)
    if not user.is_active:
        mine.update(outcome=Notification.Outcome.NOT_NEEDED, next_attempt_at=None)
        return False
    try:
        _mail(user, rows).send()
    except Exception as error:
        _note_failure(rows, mine, error)
        return False
    mine.update(outcome=Notification.Outcome.SENT, sent_at=clock.now(), next_attempt_at=None, error="")
    return True


@transaction.atomic
def _take(user: User, due: QuerySet[Notification], now: datetime.datetime) -> list[Notification]:
    """What of `due` is ours to send; the person's row is locked, so that nobody takes half of it meanwhile."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = list(due)
    for row in rows:
        name = f"{user.public_id}.{clock.today(now):%Y%m%d}" if row.digest else str(row.public_id)
        row.message_id = f"<{name}@{_host()}>"
        row.attempts, row.next_attempt_at = row.attempts + 1, now + PATIENCE
    Notification.objects.bulk_update(rows, ["message_id", "attempts", "next_attempt_at"])
    return rows


def _waiting() -> QuerySet[Notification]:
    return Notification.objects.filter(channel=Notification.Channel.EMAIL, outcome="")


def _host() -> str:
    """What stands behind the @ of our own address."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"


def _note_failure(rows: list[Notification], mine: QuerySet[Notification], error: Exception) -> None:
    """Try again later, or give up after the last attempt."""
    tried, what = max(row.attempts for row in rows), describe(error)[:200]
    logger.warning("notice not mailed", notices=len(rows), attempt=tried, error=what)
    if tried >= MAX_ATTEMPTS:
        now = clock.now()
        mine.update(outcome=Notification.Outcome.FAILED, failed_at=now, next_attempt_at=None, error=what)
    else:
        mine.update(next_attempt_at=clock.now() + pause_before(tried), error=what)


def _mail(user: User, rows: list[Notification]) -> EmailMessage:
    """The mail: the service, what to do, a link. Nothing of it comes from what was written in the notices."""
    choice = f"{settings.BASE_URL}{reverse('notices:list')}"
    if rows[0].digest:
        counts = Counter(topic(row.topic).label for row in rows)
        subject = f"{settings.SERVICE_NAME}: your notices of the day"
        body = "\n".join(f"{label}: {count}" for label, count in sorted(counts.items()))
        link = choice
    else:
        subject = f"{settings.SERVICE_NAME}: something needs your attention"
        body = topic(rows[0].topic).todo
        link = f"{settings.BASE_URL}{reverse('notices:open', args=[rows[0].notice])}"
    text = f"{body}\n\nSign in to see it: {link}\n\nChoose how often you get emails: {choice}\n"
    headers = {"Message-ID": rows[0].message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, None, [user.email], headers=headers)
