"""Form fields the design system asks for and Django lacks: dates in three boxes, long texts, NHS numbers."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import nhs_number
from core.date_format import MONTHS, long_date, parts

BOXES = {"D": "day", "M": "month", "Y": "year"}


class DateBoxes(forms.MultiWidget):
    """Day, month and year as three text boxes named `<name>_day`, `<name>_month`, `<name>_year`.

    The value is a dict of what was typed, kept exactly, so that a wrong date can be shown again as it was.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({box: forms.TextInput() for box in BOXES.values()}, attrs)

    def decompress(self, value: Any) -> list[str]:
        return list(self.boxes(value).values())

    def boxes(self, value: Any) -> dict[str, str]:
        """What stands in each box for a typed dict, a date or a partial ISO text."""
        if isinstance(value, dict):
            return {box: value.get(box, "") for box in BOXES.values()}
        found = [str(number) for number in parts(value)]
        year, month, day = [*found, "", "", ""][:3]
        return {"day": day, "month": month, "year": year}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return {box: (data.get(f"{name}_{box}") or "").strip() for box in BOXES.values()}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{box}" in data for box in BOXES.values())

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_


class DateField(forms.Field):
    """A whole date. `subject` is how messages name it ("date of birth"); the limits are allowed days."""

    widget = DateBoxes

    def __init__(
        self,
        *,
        subject: str = "date",
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.subject = subject
        self.earliest = earliest
        self.latest = latest

    def clean(self, value: dict[str, str] | None) -> Any:
        boxes = DateBoxes().boxes(value)
        if not any(boxes.values()):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return self.nothing()
        return self.read(boxes)

    def nothing(self) -> Any:
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateBoxes().boxes(initial) != DateBoxes().boxes(data)

    def read(self, boxes: dict[str, str]) -> Any:
        """The date of three filled boxes; raises naming the boxes at fault."""
        self._need(boxes, list(BOXES.values()))
        date = self._date(*(self._number(boxes, box) for box in ("year", "month", "day")))
        self._check_limits(date)
        return date

    def _fail(self, message: str, *boxes: str) -> ValidationError:
        words = f"{capital(self.subject)} {message}"
        return ValidationError(words, code="date", params={"boxes": list(boxes)})

    def _need(self, boxes: dict[str, str], needed: Sequence[str]) -> None:
        missing = [box for box in needed if not boxes[box]]
        if missing:
            raise self._fail(f"must include a {' and '.join(missing)}", *missing)

    def _number(self, boxes: dict[str, str], box: str) -> int:
        typed = boxes[box]
        if box == "month" and (named := month_named(typed)):
            return named
        if not (typed.isascii() and typed.isdigit()):
            raise self._fail(f"must have a {box} in numbers", box)
        if box == "year" and len(typed) != 4:
            raise self._fail("must have a year with 4 numbers", box)
        return int(typed[:9])

    def _date(self, year: int, month: int, day: int) -> datetime.date:
        if not 1 <= month <= 12:
            raise self._fail("must have a month from 1 to 12", "month")
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._fail("must be a real date", *(["day"] if year else BOXES.values())) from None

    def _check_limits(self, date: datetime.date) -> None:
        if self.earliest and date < self.earliest:
            raise self._fail(f"must be on or after {long_date(self.earliest)}", *BOXES.values())
        if self.latest and date > self.latest:
            raise self._fail(f"must be on or before {long_date(self.latest)}", *BOXES.values())


class PartialDateField(DateField):
    """A date as far as it is known: cleans to `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.

    `precision` lists the finest things that will do, as in the form document: `["D", "M", "Y"]` takes a day,
    a month or a year, `["D"]` asks for a whole date.
    """

    def __init__(self, *, precision: Sequence[str] = ("D", "M", "Y"), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.precision = tuple(precision)

    def nothing(self) -> str:
        return ""

    def read(self, boxes: dict[str, str]) -> str:
        finest = "D" if boxes["day"] else "M" if boxes["month"] else "Y"
        wanted = finest if finest in self.precision else next(p for p in "YMD" if p in self.precision)
        self._need(boxes, {"D": ["day", "month", "year"], "M": ["month", "year"], "Y": ["year"]}[wanted])
        year = self._number(boxes, "year")
        month = self._number(boxes, "month") if boxes["month"] else 1
        day = self._number(boxes, "day") if boxes["day"] else 1
        date = self._date(year, month, day)
        self._check_limits(date)
        return date.isoformat()[: {"D": 10, "M": 7, "Y": 4}[finest]]


class LongTextField(forms.CharField):
    """Many lines. Line breaks count as one character, as the person's own browser counts them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return re.sub(r"\r\n?", "\n", super().to_python(value) or "")


class NHSNumberField(forms.CharField):
    """An NHS number however it was typed or pasted; cleans to ten digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "NHS number")
        kwargs.setdefault("help_text", "This is a 10 digit number, like 999 123 4560")
        kwargs.setdefault("error_messages", {"required": "Enter the NHS number"})
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="numeric", spellcheck="false", autocomplete="off")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return nhs_number.validate(text) if text else ""


def month_named(typed: str) -> int | None:
    """The month of a name or its first letters (at least three), for people who write `Mar`."""
    word = typed.strip(".").lower()
    if len(word) < 3:
        return None
    return next((n for n, month in enumerate(MONTHS, start=1) if month.lower().startswith(word)), None)


def capital(text: str) -> str:
    """The text with its first letter large; the rest as it is, so `NHS number` stays."""
    return text[:1].upper() + text[1:]
