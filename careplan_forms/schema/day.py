"""Which day it is where a form is judged: today in London, or the day a test case names."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/London")
_day: ContextVar[datetime.date | None] = ContextVar("day on which forms are judged", default=None)


def today() -> datetime.date:
    """The day that "today" means in the limits of a form."""
    return _day.get() or datetime.datetime.now(_ZONE).date()


@contextmanager
def judged_on(day: datetime.date) -> Iterator[None]:
    """While this holds, "today" is that day, in this thread or task only."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
