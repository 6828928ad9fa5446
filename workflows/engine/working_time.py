"""How long something has: over every day, or over working days only.

A working day counts whole, from midnight to midnight in London, so what came on Friday at five and has a working day
is due on Monday at five. Over every day an hour is an hour, also in the nights the clocks change.
"""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from workflows.engine.bank_holidays import Region, is_working_day
from workflows.engine.spec import Counts

LONDON = ZoneInfo("Europe/London")
_NOTHING, _DAY = datetime.timedelta(0), datetime.timedelta(days=1)


def after(start: datetime.datetime, time: datetime.timedelta, counts: Counts, region: Region) -> datetime.datetime:
    """The moment (UTC) when `time` has passed since `start`, an aware moment; `start` itself for no time at all."""
    start = start.astimezone(datetime.UTC)
    if counts is Counts.EVERY_DAY or time <= _NOTHING:
        return start + max(time, _NOTHING)
    for begin, end in _working_spans(start, region):
        if time <= end - begin:
            return begin + time
        time -= end - begin
    raise OverflowError("there are working days without end")


def between(start: datetime.datetime, end: datetime.datetime, counts: Counts, region: Region) -> datetime.timedelta:
    """The time that counts between two moments; nothing when the end is not after the start."""
    start, end = start.astimezone(datetime.UTC), end.astimezone(datetime.UTC)
    if end <= start:
        return _NOTHING
    if counts is Counts.EVERY_DAY:
        return end - start
    found = _NOTHING
    for begin, until in _working_spans(start, region):
        if begin >= end:
            break
        found += min(until, end) - begin
    return found


def _working_spans(start: datetime.datetime, region: Region) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """What is left of the working day of `start`, then every working day after it, whole."""
    day = start.astimezone(LONDON).date()
    while True:
        end = _midnight(day + _DAY)
        if is_working_day(day, region):
            yield max(start, _midnight(day)), end
        day += _DAY


def _midnight(day: datetime.date) -> datetime.datetime:
    """When a day begins in London, in UTC. There is such a moment on every day: the clocks change at one."""
    return datetime.datetime.combine(day, datetime.time.min, LONDON).astimezone(datetime.UTC)
