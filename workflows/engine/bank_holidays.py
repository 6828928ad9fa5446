"""Bank holidays of the United Kingdom by rule: fixed days with their substitutes, Mondays, Easter, royal occasions.

Source of the rules: Banking and Financial Dealings Act 1971 with the proclamations made under it, as published on
GOV.UK. A holiday proclaimed for one year stands in `_MOVED` or `_ADDED`; add a line when the next one is proclaimed.
"""

import datetime
import re
from enum import StrEnum
from functools import lru_cache

_DAY = datetime.timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5


class Region(StrEnum):
    """Where the same days are bank holidays."""

    ENGLAND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


_EVERYWHERE = frozenset(Region)
#: In that year the holiday by rule was kept on another day.
_MOVED: dict[datetime.date, datetime.date] = {
    datetime.date(2012, 5, 28): datetime.date(2012, 6, 4),
    datetime.date(2020, 5, 4): datetime.date(2020, 5, 8),
    datetime.date(2022, 5, 30): datetime.date(2022, 6, 2),
}
#: Days proclaimed beside those by rule.
_ADDED: dict[datetime.date, frozenset[Region]] = {
    datetime.date(2011, 4, 29): _EVERYWHERE,
    datetime.date(2012, 6, 5): _EVERYWHERE,
    datetime.date(2022, 6, 3): _EVERYWHERE,
    datetime.date(2022, 9, 19): _EVERYWHERE,
    datetime.date(2023, 5, 8): _EVERYWHERE,
    datetime.date(2026, 6, 15): frozenset({Region.SCOTLAND}),
}
#: Postcode areas of the two other regions. Areas that straddle the border count where most of them lies, but for the
#: two districts of TD that are English.
_SCOTTISH = frozenset(
    ("AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "TD", "ZE"),
)
_ENGLISH_DISTRICTS = frozenset({"TD12", "TD15"})
_OUTWARD = re.compile(r"^([A-Z]{1,2})([0-9]{1,2})")


def region_of(postcode: str) -> Region:
    """The region a postcode lies in; England and Wales when it tells nothing."""
    found = _OUTWARD.match(postcode.strip().upper())
    if found is None or found[0] in _ENGLISH_DISTRICTS:
        return Region.ENGLAND_WALES
    if found[1] == "BT":
        return Region.NORTHERN_IRELAND
    return Region.SCOTLAND if found[1] in _SCOTTISH else Region.ENGLAND_WALES


def is_working_day(day: datetime.date, region: Region) -> bool:
    """Monday to Friday, unless it is a bank holiday there."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year, region)


@lru_cache(maxsize=128)
def bank_holidays(year: int, region: Region) -> frozenset[datetime.date]:
    """Every bank holiday of a year in a region, substitute days in the place of those they stand for."""
    found = {_MOVED.get(day, day) for day in (*_mondays(year, region), *_with_substitutes(_fixed(year, region)))}
    good_friday = easter(year) - 2 * _DAY
    found.add(good_friday)
    if region is not Region.SCOTLAND:
        found.add(good_friday + 3 * _DAY)
    return frozenset(found | {day for day, where in _ADDED.items() if day.year == year and region in where})


def easter(year: int) -> datetime.date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, as Meeus gives it)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, skipped = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, remainder = divmod(rest, 4)
    weekday = (32 + 2 * skipped + 2 * quarter - epact - remainder) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return datetime.date(year, month, day + 1)


def _fixed(year: int, region: Region) -> list[datetime.date]:
    """The holidays with a date of their own, in order."""
    days = [(1, 1), (12, 25), (12, 26)]
    if region is Region.SCOTLAND:
        days += [(1, 2), (11, 30)]
    if region is Region.NORTHERN_IRELAND:
        days += [(3, 17), (7, 12)]
    return [datetime.date(year, month, day) for month, day in sorted(days)]


def _with_substitutes(days: list[datetime.date]) -> set[datetime.date]:
    """Those on a weekend are kept on the next working day that is no holiday itself."""
    kept = {day for day in days if day.weekday() < _SATURDAY}
    for day in days:
        if day.weekday() >= _SATURDAY:
            kept.add(_next_free(day, kept))
    return kept


def _next_free(day: datetime.date, taken: set[datetime.date]) -> datetime.date:
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _mondays(year: int, region: Region) -> list[datetime.date]:
    """Early May, spring and summer."""
    scottish = region is Region.SCOTLAND
    summer = _first_monday(year, 8) if scottish else _first_monday(year, 9) - 7 * _DAY
    return [_first_monday(year, 5), _first_monday(year, 6) - 7 * _DAY, summer]


def _first_monday(year: int, month: int) -> datetime.date:
    first = datetime.date(year, month, 1)
    return first + (_MONDAY - first.weekday()) % 7 * _DAY
