"""Choosing a period."""

import datetime
from typing import Any

from core.forms import DateField, NHSForm


class PeriodForm(NHSForm):
    """From and to, both inclusive."""

    start = DateField(label="From", subject="the first day")
    end = DateField(label="To", subject="the last day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day must be the same as or after the first day")
        if start and end and end - start > datetime.timedelta(days=366 * 10):
            self.add_error("start", "Choose a period of 10 years or less")
        return cleaned


def usual_period(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The twelve whole months before this one."""
    end = today.replace(day=1) - datetime.timedelta(days=1)
    start = (end.replace(day=1) - datetime.timedelta(days=330)).replace(day=1)
    return start, end
