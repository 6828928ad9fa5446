"""The relay: gives committed events their public order, and tells those who asked.

Readers that page by time or by id lose events of transactions that were open meanwhile (12 to 38 in a hundred when
measured). So one relay at a time numbers events it can see, which are committed: a later number is always a later
commit, and paging by `sequence` loses nothing.
"""

import datetime

import structlog
from django.db import connection, transaction
from django.db.models import F, Max, Q

from core import clock, events
from core.jobs.runs import describe, pause_before
from core.locks import lock_number
from core.models import OutboxDelivery, OutboxEvent

logger = structlog.get_logger("outbox")

BATCH = 500
MAX_ATTEMPTS = 12
#: How long a handler may take before another relay may try it as well.
PATIENCE = datetime.timedelta(minutes=5)
STAMP_LOCK = lock_number("core.outbox.stamp")


def relay() -> int:
    """Number what was committed and tell what is due; gives how much there was to do."""
    return stamp() + tell()


def stamp() -> int:
    """Give the next numbers to committed events, oldest first; gives how many. One relay does it, others return 0.

    On PostgreSQL the lock belongs to the transaction that writes the numbers, so they become visible in one go before
    the next relay looks; on SQLite the one writer at a time is lock enough.
    """
    if not OutboxEvent.objects.filter(sequence=None).exists():
        return 0
    with transaction.atomic():
        if not _is_the_only_one():
            return 0
        waiting = list(OutboxEvent.objects.filter(sequence=None).order_by("created_at", "id")[:BATCH])
        last = OutboxEvent.objects.aggregate(last=Max("sequence"))["last"] or 0
        for number, event in enumerate(waiting, start=last + 1):
            event.sequence = number
            if not events.handlers_after_commit(event.topic):
                event.handled_at = clock.now()
        OutboxEvent.objects.bulk_update(waiting, ["sequence", "handled_at"])
        OutboxDelivery.objects.bulk_create(
            [
                OutboxDelivery(event=event, subscriber=subscriber)
                for event in waiting
                for subscriber in events.handlers_after_commit(event.topic)
            ],
            ignore_conflicts=True,
        )
    return len(waiting)


def _is_the_only_one() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [STAMP_LOCK])
        return bool(cursor.fetchone()[0])


def tell() -> int:
    """Run the handlers that are due; gives how many were tried."""
    now = clock.now()
    waiting = OutboxDelivery.objects.filter(state=OutboxDelivery.State.WAITING, subscriber__in=events.subscribers())
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
    found = list(due.select_related("event").order_by("event__sequence", "pk")[:BATCH])
    return sum(_tell_one(delivery) for delivery in found)


def _tell_one(delivery: OutboxDelivery) -> bool:
    """One attempt at one handler; False when another relay has it."""
    now = clock.now()
    mine = OutboxDelivery.objects.filter(pk=delivery.pk, state=OutboxDelivery.State.WAITING, attempts=delivery.attempts)
    if not mine.update(attempts=F("attempts") + 1, next_attempt_at=now + PATIENCE):
        return False
    delivery.attempts += 1
    OutboxEvent.objects.filter(pk=delivery.event_id).update(attempts=F("attempts") + 1)
    handler = events.handlers_after_commit(delivery.event.topic).get(delivery.subscriber)
    if handler is None:
        return False
    try:
        with transaction.atomic():
            handler(delivery.event)
            OutboxDelivery.objects.filter(pk=delivery.pk).update(
                state=OutboxDelivery.State.TOLD, told_at=clock.now(), next_attempt_at=None, error=""
            )
    except Exception as error:
        _note_failure(delivery, error)
    _close(delivery.event)
    return True


def _note_failure(delivery: OutboxDelivery, error: Exception) -> None:
    """Try again later, or give up after the last attempt, in view of the operator."""
    given_up = delivery.attempts >= MAX_ATTEMPTS
    what = describe(error)[:200]
    log = logger.error if given_up else logger.warning
    log("event not told", topic=delivery.event.topic, subscriber=delivery.subscriber, error=what, exc_info=error)
    OutboxDelivery.objects.filter(pk=delivery.pk).update(
        state=OutboxDelivery.State.FAILED if given_up else OutboxDelivery.State.WAITING,
        next_attempt_at=None if given_up else clock.now() + pause_before(delivery.attempts),
        error=what,
    )
    OutboxEvent.objects.filter(pk=delivery.event_id).update(error=what)


def _close(event: OutboxEvent) -> None:
    """Mark the event handled once nobody is waited for."""
    if not event.deliveries.filter(state=OutboxDelivery.State.WAITING, subscriber__in=events.subscribers()).exists():
        OutboxEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=clock.now())
