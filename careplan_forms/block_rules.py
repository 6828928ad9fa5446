"""Conditions, warnings and calculations in the section editor.

They are stored as the document says them, word for word, and edited as rows by `designer.js`; what rows cannot say
stays as it was brought, and the page says so.
"""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks

#: The parts of an item that are edited as rows, and what each is when it says nothing.
EMPTY: dict[str, Any] = {"show_if": None, "required_if": None, "warnings": [], "calculation": None}
_LONGEST = 20_000
_UNREADABLE = "This could not be read, so it was not saved. Build it again with the buttons."


class RuleBlock(blocks.FieldBlock):
    """One of the parts of `EMPTY` as JSON; the page shows its sentence and, on a press, its rows."""

    def __init__(self, part: str, **kwargs: Any) -> None:
        self.part = part
        widget = forms.HiddenInput(attrs={"data-fw-rule": part})
        self.field = forms.CharField(required=False, max_length=_LONGEST, widget=widget)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            found = json.loads(text) if text else EMPTY[self.part]
        except (ValueError, RecursionError):
            raise ValidationError(_UNREADABLE) from None
        return said(self.part, found)


def said(part: str, value: Any) -> str:
    """A part of an item as the editor stores it; empty when it says nothing."""
    return "" if value == EMPTY[part] else json.dumps(value, ensure_ascii=False)


def heard(part: str, text: str) -> Any:
    """`said` back again. Text that nobody can read becomes a rule that the checks name."""
    if not text:
        return [] if part == "warnings" else None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {"unreadable": text[:200]}


def score_said(score: Any) -> str:
    """The weight of an answer as its field shows it."""
    return "" if score is None else str(score)


def score_heard(text: str) -> Any:
    """A weight as written: a number where it is one, else the text, which the checks name."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    if number in (float("inf"), float("-inf")) or number != number:
        return text
    return int(number) if number.is_integer() else number
