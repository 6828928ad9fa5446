"""Reading emergency facts without ever turning "we do not know" into a blank."""

import datetime
from collections.abc import Mapping
from typing import Any

from careplan_forms.presenters import emergency_words as words

ABSENT = {"not-discussed": words.NOT_DISCUSSED, "not-known": words.NOT_KNOWN}


class Facts:
    """The emergency slots of one approved version: `{slot field: [value, …]}` as the projector stored them."""

    def __init__(self, values: Mapping[str, list[Any]]) -> None:
        self._values = values

    def all(self, field: str) -> list[Any]:
        """Every value mapped to the field; empty when nothing was recorded."""
        return list(self._values.get(field) or [])

    def tokens(self, field: str) -> list[str]:
        """The distinct fixed tokens of a coded slot, in the order they were recorded."""
        found = [token_of(value) for value in self.all(field)]
        return list(dict.fromkeys(token for token in found if token))

    def token(self, field: str, default: str = "") -> str:
        return next(iter(self.tokens(field)), default)

    def texts(self, field: str) -> list[str]:
        """What was written, line by line; an absent answer says which kind of absence it is."""
        return [text for text in (text_of(value) for value in self.all(field)) if text]

    def text(self, field: str, default: str = words.NOT_RECORDED) -> str:
        return "; ".join(self.texts(field)) or default

    def date(self, field: str) -> datetime.date | None:
        """A full date, or None when none or only a part of one was recorded."""
        for value in self.all(field):
            try:
                return datetime.date.fromisoformat(str(value))
            except ValueError:
                continue
        return None


def token_of(value: Any) -> str:
    """The token of a coded value; an absent one has none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and "absent" not in value:
        return str(value.get("code") or "")
    return ""


def text_of(value: Any) -> str:
    """A value as words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return _text_of_mapping(value)
    return str(value).strip() if value is not None else ""


def _text_of_mapping(value: Mapping[str, Any]) -> str:
    if "absent" in value:
        return ABSENT.get(str(value["absent"]), words.NOT_RECORDED)
    if "value" in value:
        return f"{value['value']} {value.get('unit') or ''}".strip()
    parts = [str(value.get(key) or "").strip() for key in ("display", "text")]
    return ": ".join(dict.fromkeys(part for part in parts if part))
