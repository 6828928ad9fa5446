"""Dates, whole or partial: a year, a month of a year, or a day.

`precision` lists what an answer may be: D a day, M a month, Y a year. Stored as ISO text of that length,
never filled up with a first of the month that nobody said.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from careplan_forms.schema import day, markup, welsh
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, grouped, shown
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

EARLIEST_YEAR, LATEST_YEAR = 1850, 2150
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_NUMBERS = {name[:length].lower(): n for n, name in enumerate(_MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBERS["sept"] = 9
_MONTH_NUMBERS |= {name.lower(): n for n, name in enumerate(welsh.MONTHS, 1)}
_STORED = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_PRECISIONS = {4: "Y", 7: "M", 10: "D"}


def parts_of(item: Item) -> tuple[str, ...]:
    """The inputs a date question shows."""
    if "D" in item.precision:
        return ("day", "month", "year")
    return ("month", "year") if "M" in item.precision else ("year",)


@lru_cache(maxsize=4096)
def is_real(text: str) -> bool:
    """Whether ISO text, whole or partial, is a date of the calendar within the years we accept."""
    found = _STORED.match(text)
    if not found:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1 for two dates; None when the less precise one leaves it open (March against 12 March)."""
    length = min(len(left), len(right))
    if left[:length] != right[:length]:
        return -1 if left[:length] < right[:length] else 1
    return 0 if len(left) == len(right) else None


class DateType(AnswerType):
    """Three text inputs, as the design system asks; months may be written as words."""

    key = "date"
    title = "Date"
    fhir_type = "date"
    parts = ("day", "month", "year")
    text_parts = ("day", "month", "year")

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        wanted = parts_of(field.item)
        typed = {part: first(raw, part) for part in wanted}
        given = [part for part in wanted if typed[part]]
        if not given:
            return None, None
        missing = _missing(field.item, given)
        if missing:
            return None, field.fault("date.parts", part=missing[0], parts=" and ".join(missing))
        return _real(field, typed, given)

    def fault_missing(self, field: Field) -> Fault:
        return field.fault(self.missing, part=parts_of(field.item)[0])

    def spread(self, field: Field, value: Any) -> Raw:
        found = _STORED.match(value) if isinstance(value, str) else None
        if not found:
            return {"year": [str(value)]}
        year, month, day = found.groups()
        return {
            "year": [year],
            "month": [str(int(month))] if month else [""],
            "day": [str(int(day))] if day else [""],
        }

    def verdict(self, field: Field) -> Check:
        allowed = frozenset(field.item.precision)
        part = parts_of(field.item)[0]
        unreal, imprecise = field.fault("date.real", part=part), field.fault("date.whole", part=part)
        limits = _limits(field, part)

        def check(value: Any) -> Fault | None:
            if type(value) is not str or not is_real(value):
                return unreal
            if _PRECISIONS[len(value)] not in allowed:
                return imprecise
            return limits(value) if limits else None

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        wanted = parts_of(field.item)
        inputs = f'<div class="nhsuk-date-input" id="{name}">{_boxes(field, name, wanted, raw, fault)}</div>'
        hint = field.say.say("date.hint") if wanted[0] == "day" and not field.item.hint else ""
        if len(field.item.precision) > 1:
            partial = "date.partial" if "Y" in field.item.precision else "date.month_known"
            hint = f"{hint}. {field.say.say(partial)}" if hint else field.say.say(partial)
        return grouped(field, name, inputs + absent.below(field, name, raw), fault, note, role="group", hint=hint)

    def text(self, item: Item, value: Any) -> str:
        """As staff read it: 27-Mar-2027, Mar-2027, 2027."""
        return _written(value, "-", 3)

    def plain_text(self, item: Item, value: Any) -> str:
        """As patients read it: 27 March 2027."""
        return _written(value, " ", None)

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}


def boxes(field: Field, name: str, wanted: tuple[str, ...], raw: Raw, fault: Fault | None) -> str:
    """The inputs of a date that is part of a larger answer."""
    own = fault if fault and fault.part in wanted else None
    return f'<div class="nhsuk-date-input">{_boxes(field, name, wanted, raw, own)}</div>'


def _boxes(field: Field, name: str, wanted: tuple[str, ...], raw: Raw, fault: Fault | None) -> str:
    failed = fault.part if fault and fault.part in wanted else None
    return "".join(_box(field, name, part, shown(raw, part), failed, fault is not None) for part in wanted)


def _missing(item: Item, given: list[str]) -> list[str]:
    """The inputs still to fill: the fewest that make the answer one of the allowed precisions."""
    wanted = {"D": ["day", "month", "year"], "M": ["month", "year"], "Y": ["year"]}
    fitting = [wanted[each] for each in "YMD" if each in item.precision and set(given) <= set(wanted[each])]
    return [part for part in fitting[0] if part not in given] if fitting else []


def _real(field: Field, typed: dict[str, str], given: list[str]) -> tuple[Any, Fault | None]:
    numbers: dict[str, int] = {}
    for part in given:
        number = _MONTH_NUMBERS.get(typed[part].lower()) if part == "month" else None
        if number is None and re.fullmatch(r"[0-9]{4}" if part == "year" else r"[0-9]{1,2}", typed[part]):
            number = int(typed[part])
        if number is None:
            return None, field.fault("date.real", part=part)
        numbers[part] = number
    if not EARLIEST_YEAR <= numbers["year"] <= LATEST_YEAR:
        return None, field.fault("date.year", part="year")
    text = f"{numbers['year']:04}" + "".join(f"-{numbers[part]:02}" for part in ("month", "day") if part in numbers)
    return (text, None) if is_real(text) else (None, field.fault("date.real", part=given[0]))


def _box(field: Field, name: str, part: str, value: str, failed: str | None, any_failed: bool) -> str:
    own = join(name, part)
    wrong = any_failed and failed in (None, part)
    width = 4 if part == "year" else 2
    text = markup.esc(field.say.say(part))
    label = f'<label class="nhsuk-label nhsuk-date-input__label" for="{own}">{text}</label>'
    error = " nhsuk-input--error" if wrong else ""
    classes = f"nhsuk-input{error} nhsuk-input--width-{width} nhsuk-date-input__input"
    box = (
        f'<input class="{classes}" id="{own}" name="{own}" type="text" value="{markup.esc(value)}" inputmode="numeric">'
    )
    return f'<div class="nhsuk-date-input__item">{markup.group(label + box)}</div>'


def _limits(field: Field, part: str) -> Check | None:
    """Judge `min` and `max`: ISO dates, or "today" for the day on which the check is made, see `day`."""
    least, most = field.item.min, field.item.max
    if not isinstance(least, str) and not isinstance(most, str):
        return None

    def check(value: Any) -> Fault | None:
        low, high = _resolved(least), _resolved(most)
        if low and compare(value, low) == -1:
            return field.fault("date.min", part=part, limit=in_words(low, field.say.months))
        if high and compare(value, high) == 1:
            return field.fault("date.max", part=part, limit=in_words(high, field.say.months))
        return None

    return check


def _resolved(limit: Any) -> str | None:
    if limit == "today":
        return day.today().isoformat()
    return limit if isinstance(limit, str) and is_real(limit) else None


def in_words(text: str, months: tuple[str, ...] | None = None) -> str:
    """A date as patients read it: 27 March 2027; `months` names them in another language."""
    return _written(text, " ", None, months or _MONTHS)


def _written(value: Any, separator: str, letters: int | None, months: tuple[str, ...] = _MONTHS) -> str:
    found = _STORED.match(value) if isinstance(value, str) else None
    if not found or not is_real(value):
        return str(value)
    year, month, day = found.groups()
    words = [day if letters else str(int(day))] if day else []
    words += [months[int(month) - 1][:letters]] if month else []
    return separator.join([*words, year])
