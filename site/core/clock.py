"""The one clock. Access ends on dates, and a date means midnight in London, also in summer."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime.datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today(at: datetime.datetime | None = None) -> datetime.date:
    """The date in London at `at` (now, when not given)."""
    return (at or now()).astimezone(LONDON).date()
