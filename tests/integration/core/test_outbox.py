"""The relay: public order without loss, every handler at least once, failures kept in view."""

import datetime
import random
import threading
import time
from contextlib import suppress

import pytest
from django.db import connection, transaction

from core import clock, events, outbox
from core.models import OutboxDelivery, OutboxEvent


@pytest.fixture
def handlers(monkeypatch):
    """A clean slate of handlers for one test."""
    from collections import defaultdict

    monkeypatch.setattr(events, "_transactional", defaultdict(list))
    monkeypatch.setattr(events, "_after_commit", defaultdict(dict))


def test_transactional_handlers_run_at_once_and_share_the_fate_of_the_event(db, handlers):
    @events.transactional("plan.approved")
    def refuse(event):
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish("plan.approved", {})
    assert not OutboxEvent.objects.exists()


def test_each_handler_after_commit_is_told_once_and_by_name(db, handlers):
    seen = []
    events.after_commit("plan.approved", "first")(lambda event: seen.append(("first", event.key)))
    events.after_commit("plan.approved", "second")(lambda event: seen.append(("second", event.key)))
    event = events.publish("plan.approved", {}, key="abc")
    while outbox.relay():
        pass
    assert seen == [("first", "abc"), ("second", "abc")]
    event.refresh_from_db()
    assert event.sequence == 1
    assert event.handled_at
    assert set(event.deliveries.values_list("subscriber", "state")) == {("first", "told"), ("second", "told")}


def test_events_nobody_asked_for_are_numbered_all_the_same(db, handlers):
    for _ in range(3):
        events.publish("nothing.special", {})
    outbox.relay()
    assert list(OutboxEvent.objects.order_by("created_at").values_list("sequence", flat=True)) == [1, 2, 3]
    events.publish("nothing.special", {})
    outbox.relay()
    assert OutboxEvent.objects.filter(sequence=4, handled_at__isnull=False).exists()


def test_a_handler_that_fails_leaves_nothing_and_is_tried_again(db, handlers):
    fails = [True]

    @events.after_commit("plan.approved", "shaky")
    def shaky(event):
        OutboxEvent.objects.create(topic="side effect")
        if fails:
            raise ValueError("Siân Wójcik")

    seen = []
    events.after_commit("plan.approved", "steady")(seen.append)
    event = events.publish("plan.approved", {})
    outbox.relay()
    assert len(seen) == 1
    assert not OutboxEvent.objects.filter(topic="side effect").exists()
    delivery = OutboxDelivery.objects.get(subscriber="shaky")
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.error.startswith("builtins.ValueError at test_outbox.py:")
    assert outbox.tell() == 0
    fails.clear()
    OutboxDelivery.objects.filter(pk=delivery.pk).update(next_attempt_at=clock.now())
    assert outbox.tell() == 1
    event.refresh_from_db()
    assert event.handled_at
    assert len(seen) == 1
    assert OutboxEvent.objects.filter(topic="side effect").count() == 1


def test_a_handler_that_never_succeeds_is_given_up_in_view(db, handlers):
    @events.after_commit("plan.approved", "broken")
    def broken(event):
        raise ValueError

    events.publish("plan.approved", {})
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.relay()
        OutboxDelivery.objects.update(next_attempt_at=clock.now() - datetime.timedelta(seconds=1))
    assert OutboxDelivery.objects.get().state == OutboxDelivery.State.FAILED
    assert outbox.tell() == 0


def test_two_handlers_may_not_share_a_name(handlers):
    events.after_commit("topic", "name")(print)
    with pytest.raises(ValueError, match="taken"):
        events.after_commit("topic", "name")(repr)


class Storm:
    """Writers whose transactions stay open, two relays, and a reader that pages by the public number."""

    def __init__(self, writers: int, each: int) -> None:
        self.writers, self.each = writers, each
        self.over = threading.Event()
        self.seen: list[int] = []

    def write(self, seed: int) -> None:
        dice = random.Random(seed)
        for number in range(self.each):
            with suppress(InterruptedError), transaction.atomic():
                events.publish("feed", {"writer": seed, "number": number})
                time.sleep(dice.random() * 0.03)
                if dice.random() < 0.1:
                    raise InterruptedError
        connection.close()

    def relay(self) -> None:
        while not self.over.is_set():
            outbox.stamp()
        connection.close()

    def read(self) -> None:
        cursor, last_look = 0, False
        while not last_look:
            last_look = self.over.is_set()
            for event in OutboxEvent.objects.filter(sequence__gt=cursor).order_by("sequence"):
                self.seen.append(event.sequence)
                cursor = event.sequence
            time.sleep(0.005)
        connection.close()

    def rage(self) -> None:
        writing = [threading.Thread(target=self.write, args=(seed,)) for seed in range(self.writers)]
        others = [threading.Thread(target=target) for target in (self.relay, self.relay, self.read)]
        for thread in writing + others:
            thread.start()
        for thread in writing:
            thread.join()
        while OutboxEvent.objects.filter(sequence=None).exists():
            time.sleep(0.01)
        self.over.set()
        for thread in others:
            thread.join()


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_a_reader_loses_nothing_while_writers_keep_transactions_open(handlers, rounds):
    """The attack that costs 12 to 38 in a hundred when paging by time or id."""
    storm = Storm(writers=8, each=rounds * 6)
    storm.rage()
    committed = OutboxEvent.objects.count()
    assert committed > storm.writers * storm.each * 0.7
    assert len(storm.seen) == committed, f"{committed - len(storm.seen)} of {committed} lost"
    assert sorted(set(storm.seen)) == storm.seen
