"""Dates in words: one shape for staff, one for patients.

Staff read `12-Mar-1938` (NHS common user interface guidance D+Ta-0002 to 0009: no month in figures, so nobody
reads 03/04 the American way); patients and the public read `12 March 1938` (D+Ta-0011). Partial dates are ISO
texts cut short: `1938-03`, `1938`.
"""

from datetime import date, datetime, time

from django.utils import timezone

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

DateLike = date | str | None


def parts(value: DateLike) -> list[int]:
    """Year, then month and day as far as known, of a date, a moment (in London) or a partial ISO text."""
    if not value:
        return []
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    return [int(part) for part in value[:10].split("-")]


def staff_date(value: DateLike) -> str:
    """`12-Mar-1938`; of a partial date `Mar-1938` or `1938`; of nothing an empty text."""
    found = parts(value)
    words = [str(found[0])] if found else []
    if len(found) > 1:
        words.insert(0, MONTHS[found[1] - 1][:3])
    if len(found) > 2:
        words.insert(0, f"{found[2]:02d}")
    return "-".join(words)


def long_date(value: DateLike) -> str:
    """`12 March 1938`; of a partial date `March 1938` or `1938`; of nothing an empty text."""
    found = parts(value)
    words = [str(found[0])] if found else []
    if len(found) > 1:
        words.insert(0, MONTHS[found[1] - 1])
    if len(found) > 2:
        words.insert(0, str(found[2]))
    return " ".join(words)


def clock_time(value: datetime | time | None) -> str:
    """`14:02`, London time."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%H:%M}" if value else ""


def staff_moment(value: datetime | None) -> str:
    """`12-Mar-2026 14:02`, London time."""
    return f"{staff_date(value)} {clock_time(value)}" if value else ""


def long_moment(value: datetime | None) -> str:
    """`12 March 2026 at 14:02`, London time."""
    return f"{long_date(value)} at {clock_time(value)}" if value else ""


def age_on(born: DateLike, on: date) -> int | None:
    """Whole years between a birth and a day; of a partial birth date None, because it would be a guess."""
    found = parts(born)
    if len(found) < 3:
        return None
    before_birthday = (on.month, on.day) < (found[1], found[2])
    return on.year - found[0] - before_birthday
