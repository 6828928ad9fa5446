"""Calling the systems that want to be told. Each call is signed, tried again when it fails, and given up at last.

    POST, Content-Type: application/json
    Foreword-Event: the id of the event, the same at every attempt
    Foreword-Signature: t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>" under the secret>

The receiver refuses a signature that does not fit or is more than five minutes old, and an event it has had.
"""

import datetime
import hashlib
import hmac
import json

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from core import clock, outbound
from core.encryption import decrypt
from core.jobs.runs import describe, pause_before
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import Notification, User, Webhook
from governance.selectors import staff
from governance.services import audit, notifications, webhooks

logger = structlog.get_logger("webhooks")

MAX_ATTEMPTS = 12
#: So many calls without one that was taken, and the address is called no more.
MAX_FAILURES = 24
#: How long whoever took a row may need before another may try it as well.
PATIENCE = datetime.timedelta(minutes=5)


class Declined(Exception):
    """The system answered, and not with a 2xx."""


def call_waiting(*, by: Actor, limit: int = 100) -> int:
    """Make every call that is due; gives how many were taken."""
    now = clock.now()
    due = Notification.objects.filter(channel=Notification.Channel.WEBHOOK, outcome="", next_attempt_at__lte=now)
    found = list(due.select_related("webhook").order_by("next_attempt_at", "pk")[:limit])
    return sum(_call(by, row, now) for row in found)


def _call(by: Actor, row: Notification, now: datetime.datetime) -> bool:
    """One attempt at one call; False when it was not taken, or somebody else makes it."""
    mine = Notification.objects.filter(pk=row.pk, outcome="")
    if not mine.filter(attempts=row.attempts).update(attempts=F("attempts") + 1, next_attempt_at=now + PATIENCE):
        return False
    hook = row.webhook
    assert hook is not None, "a call has an address"
    try:
        _send(hook, row)
    except Exception as error:
        _note_failure(by, hook, row, error)
        return False
    moment = clock.now()
    mine.update(
        outcome=Notification.Outcome.SENT,
        sent_at=moment,
        next_attempt_at=None,
        error="",
        message_id=str(row.public_id),
    )
    Webhook.objects.filter(pk=hook.pk, failures__gt=0).update(failures=0)
    return True


def _send(hook: Webhook, row: Notification) -> None:
    body = body_of(row)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": settings.SERVICE_NAME,
        "Foreword-Event": str(row.public_id),
        "Foreword-Signature": signature(decrypt(bytes(hook.secret)), body, clock.now()),
    }
    status = outbound.post(hook.url, content=body, headers=headers)
    if not 200 <= status < 300:
        raise Declined


def body_of(row: Notification) -> bytes:
    """What a system is told: which event, of which kind, about which record, when. References and codes alone."""
    told = {
        "id": str(row.public_id),
        "event": row.topic,
        "about": {"kind": row.about_kind, "id": row.about_ref},
        "created_at": row.created_at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def signature(secret: str, body: bytes, at: datetime.datetime) -> str:
    """The header that proves who calls and when."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@transaction.atomic
def _note_failure(by: Actor, hook: Webhook, row: Notification, error: Exception) -> None:
    """Try again later; give the event up after its last attempt, and the address after too many failures on end."""
    what, tried = describe(error)[:200], row.attempts + 1
    logger.warning("system not told", webhook=str(hook.public_id), attempt=tried, error=what)
    mine = Notification.objects.filter(pk=row.pk, outcome="")
    if tried >= MAX_ATTEMPTS:
        mine.update(outcome=Notification.Outcome.FAILED, failed_at=clock.now(), next_attempt_at=None, error=what)
    else:
        mine.update(next_attempt_at=clock.now() + pause_before(tried), error=what)
    locked = Webhook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=hook.pk)
    locked.failures += 1
    locked.save(update_fields=["failures"])
    if locked.failures >= MAX_FAILURES and locked.stopped_at is None:
        webhooks.put_away(locked, Webhook.Stopped.FAILING)
        audit.record(by=by, action="webhook.gave_up", target=locked, detail={"failures": locked.failures})
        _tell_officers(by, locked)


def _tell_officers(by: Actor, hook: Webhook) -> None:
    """Information governance at the host and the organisation's leads hear that its system is called no more."""
    rows = [*staff.at_host(RoleKey.IG_OFFICER), *staff.holding(RoleKey.ORG_LEAD, hook.organisation_id)]
    notifications.tell(
        users=User.objects.filter(pk__in={row.user_id for row in rows}),
        topic="webhook.stopped",
        text=f"A system of {hook.organisation.name} does not answer and was switched off",
        link=reverse("governance:organisation", args=[hook.organisation.public_id]),
        key=f"webhook:{hook.pk}:{hook.stopped_at:%Y%m%d%H%M%S}" if hook.stopped_at else "",
        about=("webhook", str(hook.public_id)),
        organisation_id=hook.organisation_id,
        by=by,
    )
