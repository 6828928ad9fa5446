"""Which days are worked in each part of the United Kingdom, and in which part a postcode lies.

The bank holidays are those of the `holidays` library, proclaimed ones and substitute days among them. It learns of the
next proclamation by an upgrade (`make lock`).
"""

import datetime
import re
from enum import StrEnum
from functools import lru_cache

import holidays

_SATURDAY = 5


class Region(StrEnum):
    """Where the same days are bank holidays."""

    ENGLAND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


#: Each as ISO 3166-2 calls it, England standing for Wales too.
_SUBDIVISIONS = {Region.ENGLAND_WALES: "ENG", Region.SCOTLAND: "SCT", Region.NORTHERN_IRELAND: "NIR"}
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
    """Every weekday of a year that is a bank holiday in a region."""
    found = holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[region], years=year)
    return frozenset(day for day in found if day.weekday() < _SATURDAY)
