"""Notices: telling somebody, what they have read, and how they want to be mailed.

A row per person and way is written in the transaction of what it tells of; `notice_mail` sends what was committed.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction

from core import clock
from core.clock import LONDON
from core.exceptions import Absent, Refused
from governance.actors import Actor
from governance.models import NoticeChoice, Notification, User
from governance.services import audit

#: When the day's one mail goes, in London.
DIGEST_AT = datetime.time(7, 0)
_IN_APP, _EMAIL = Notification.Channel.IN_APP, Notification.Channel.EMAIL
_Mail = NoticeChoice.Mail


@transaction.atomic
def tell(
    *,
    users: Iterable[User],
    topic: str,
    text: str,
    by: Actor,
    link: str = "",
    key: str = "",
    about: tuple[str, str] = ("", ""),
    organisation_id: int | None = None,
) -> int:
    """Tell several people the same; gives how many had not been told. `link` is a path of ours.

    `text` names tasks and references, never a person or a condition; it stands on the page only, a mail says what
    `governance.notices` has for the topic. With a `key`, telling somebody again changes nothing. `about` is the kind
    and the public id of the record it is about, `organisation_id` the organisation whose work it belongs to.
    """
    people = {user.pk: user for user in users}
    if key and people:
        known = Notification.objects.filter(user__in=people, key=key, channel=_IN_APP)
        for user_id in known.values_list("user_id", flat=True):
            people.pop(user_id)
    choices = dict(NoticeChoice.objects.filter(user__in=people).values_list("user_id", "mail")) if people else {}
    fields = {
        "topic": topic,
        "text": text[:200],
        "link": link,
        "key": key,
        "about_kind": about[0],
        "about_ref": about[1],
        "organisation_id": organisation_id,
    }
    rows = [row for pk in people for row in _rows(pk, choices.get(pk, _Mail.AT_ONCE), fields, clock.now())]
    Notification.objects.bulk_create(rows, ignore_conflicts=bool(key))
    return len(people)


def notify(*, user: User, topic: str, text: str, by: Actor, link: str = "", key: str = "") -> Notification:
    """Tell one person; gives the notice on their page. As `tell`."""
    tell(users=[user], topic=topic, text=text, by=by, link=link, key=key)
    rows = Notification.objects.filter(user=user, channel=_IN_APP, topic=topic)
    return (rows.filter(key=key) if key else rows).latest("pk")


def _rows(user_id: int, choice: str, fields: dict, now: datetime.datetime) -> list[Notification]:
    """What one person is told: on the page always, by mail as they chose."""
    notice = uuid.uuid4()
    sent = Notification.Outcome.SENT
    rows = [Notification(notice=notice, user_id=user_id, channel=_IN_APP, outcome=sent, sent_at=now, **fields)]
    if choice != _Mail.NEVER:
        daily = choice == _Mail.DAILY
        due = next_digest(now) if daily else now
        rows.append(
            Notification(notice=notice, user_id=user_id, channel=_EMAIL, digest=daily, next_attempt_at=due, **fields)
        )
    return rows


def next_digest(now: datetime.datetime) -> datetime.datetime:
    """When the next daily mail goes."""
    local = now.astimezone(LONDON)
    day = local.date() + datetime.timedelta(days=local.time() >= DIGEST_AT)
    return datetime.datetime.combine(day, DIGEST_AT, LONDON).astimezone(datetime.UTC)


@transaction.atomic
def mark_read(*, notice: uuid.UUID, by: Actor) -> Notification:
    """The person has seen it; a daily mail need not tell of it any more. Absent for somebody else's."""
    row = Notification.objects.filter(notice=notice, user=by.user_id or 0, channel=_IN_APP).first()
    if row is None:
        raise Absent
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
        _drop_digests(by, [notice])
    return row


@transaction.atomic
def mark_all_read(*, by: Actor) -> int:
    """Everything on the person's page is read; gives how many were not."""
    unread = Notification.objects.filter(user=by.user_id or 0, channel=_IN_APP, read_at=None)
    notices = list(unread.values_list("notice", flat=True))
    unread.filter(notice__in=notices).update(read_at=clock.now())
    _drop_digests(by, notices)
    return len(notices)


def _drop_digests(by: Actor, notices: list[uuid.UUID]) -> None:
    waiting = Notification.objects.filter(user=by.user_id or 0, channel=_EMAIL, outcome="", digest=True)
    waiting.filter(notice__in=notices).update(outcome=Notification.Outcome.NOT_NEEDED, next_attempt_at=None)


@transaction.atomic
def choose(*, mail: str, by: Actor) -> NoticeChoice:
    """How one wants to be mailed from now on, and about what still waits to be mailed. Refused for no such way."""
    if by.user_id is None or mail not in _Mail.values:
        raise Refused("Choose how you want to get emails", field="mail")
    now = clock.now()
    choice, _ = NoticeChoice.objects.update_or_create(user_id=by.user_id, defaults={"mail": mail, "chosen_at": now})
    waiting = Notification.objects.filter(user_id=by.user_id, channel=_EMAIL, outcome="")
    if mail == _Mail.NEVER:
        waiting.update(outcome=Notification.Outcome.NOT_NEEDED, next_attempt_at=None)
    elif mail == _Mail.AT_ONCE:
        waiting.filter(digest=True).update(digest=False, next_attempt_at=now)
    audit.record(by=by, action="notices.chosen", target=choice, detail={"mail": mail})
    return choice
