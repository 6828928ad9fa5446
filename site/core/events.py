"""Events: handlers that must be part of the transaction run at once, the others after commit, through the outbox."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from core.models import OutboxEvent

Handler = Callable[[OutboxEvent], None]

_transactional: dict[str, list[Handler]] = defaultdict(list)
_after_commit: dict[str, list[Handler]] = defaultdict(list)


def transactional(topic: str) -> Callable[[Handler], Handler]:
    """Run the handler inside the publisher's transaction: it succeeds or fails with it."""

    def register(handler: Handler) -> Handler:
        if handler not in _transactional[topic]:
            _transactional[topic].append(handler)
        return handler

    return register


def after_commit(topic: str) -> Callable[[Handler], Handler]:
    """Run the handler from the relay, once the event is committed; it may run more than once."""

    def register(handler: Handler) -> Handler:
        if handler not in _after_commit[topic]:
            _after_commit[topic].append(handler)
        return handler

    return register


def publish(topic: str, payload: dict[str, Any], key: str = "") -> OutboxEvent:
    """Write the event in the caller's transaction and run its transactional handlers.

    `payload` holds references and codes (JSON values), never names, numbers of people or clinical text.
    """
    event = OutboxEvent.objects.create(topic=topic, key=key, payload=payload)
    for handler in _transactional[topic]:
        handler(event)
    return event


def handlers_after_commit(topic: str) -> list[Handler]:
    """What the relay runs for `topic`."""
    return list(_after_commit[topic])
