"""The reference's reader of dates, made of Django's own fields. See `oracle`."""

import calendar
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from careplan_forms.schema.oracle_text import line


def date(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    """A date in as many parts as the question takes."""
    precision = item.get("precision") or ["D"]
    asked = "day" if "D" in precision else "month" if "M" in precision else "year"
    parts = ["day", "month", "year"][["day", "month", "year"].index(asked) :]
    typed = {part: line(value, part) for part in parts}
    given = "".join(part[0].upper() for part in parts if typed[part])
    if not given:
        return None
    if given not in ("DMY", "MY", "Y") or {"DMY": "D", "MY": "M", "Y": "Y"}[given] not in precision:
        raise ValidationError("Parts are missing.")
    return _calendar_date(typed, given)


def _calendar_date(typed: Mapping[str, str], given: str) -> str:
    if not re.fullmatch(r"\d{4}", typed["year"], re.ASCII):
        raise ValidationError("Not a year.")
    text = typed["year"]
    forms.IntegerField(min_value=1850, max_value=2150).clean(text)
    if "M" in given:
        names = [each.lower() for each in calendar.month_name]
        short = [name[:3] for name in names]
        month = typed["month"].lower()
        month = "9" if month == "sept" else month
        number = names.index(month) if month in names[1:] else short.index(month) if month in short[1:] else month
        text += f"-{_whole(str(number), 12):02}"
    if "D" in given:
        text += f"-{_whole(typed['day'], 31):02}"
        forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)
    return text


def _whole(text: str, most: int) -> int:
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII):
        raise ValidationError("Not a number.")
    number: int = forms.IntegerField(min_value=1, max_value=most).clean(text)
    return number
