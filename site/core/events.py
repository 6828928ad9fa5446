"""Events: handlers that must be part of the transaction run at once, the others after commit, through the outbox."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from core.models import OutboxEvent
from core.rows import insert

Handler = Callable[[OutboxEvent], None]

_transactional: dict[str, list[Handler]] = defaultdict(list)
_after_commit: dict[str, dict[str, Handler]] = defaultdict(dict)


def transactional(topic: str) -> Callable[[Handler], Handler]:
    """Run the handler inside the publisher's transaction: it succeeds or fails with it."""

    def register(handler: Handler) -> Handler:
        if handler not in _transactional[topic]:
            _transactional[topic].append(handler)
        return handler

    return register


def after_commit(topic: str, subscriber: str = "") -> Callable[[Handler], Handler]:
    """Run the handler from the relay, once the event is committed.

    It runs in a transaction of its own together with the mark that it was told, is tried again with growing pauses
    when it fails, and may see events out of order after a failure: let it read the present state rather than trust
    the payload. What talks to other machines belongs in a job it enqueues. `subscriber` is the name deliveries are
    kept under (its dotted path by default); renaming one means events still waiting for the old name stay untold.
    """

    def register(handler: Handler) -> Handler:
        name = subscriber or f"{handler.__module__}.{handler.__qualname__}"
        if len(name) > 80:
            raise ValueError(f"{name} is too long for a subscriber's name: pass `subscriber`")
        if _after_commit[topic].setdefault(name, handler) is not handler:
            raise ValueError(f"{name} is taken among the handlers of {topic}")
        return handler

    return register


def publish(topic: str, payload: dict[str, Any], key: str = "", by: Any = None) -> OutboxEvent:
    """Write the event in the caller's transaction and run its transactional handlers.

    `payload` holds references and codes (JSON values), never names, numbers of people or clinical text. `by` is whose
    act it is: transactional handlers find it on the event, nothing keeps it.
    """
    event = OutboxEvent(topic=topic, key=key, payload=payload)
    insert(event)
    event.by = by
    for handler in _transactional[topic]:
        handler(event)
    return event


def handlers_after_commit(topic: str) -> dict[str, Handler]:
    """What the relay runs for `topic`, by subscriber."""
    return dict(_after_commit[topic])


def subscribers() -> set[str]:
    """Every name the relay delivers to itself."""
    return {name for handlers in _after_commit.values() for name in handlers}
