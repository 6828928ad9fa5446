"""The answers of a choice field as the design system's radios, checkboxes and lists take them."""

from collections.abc import Mapping
from typing import Any

from django.forms import BoundField
from markupsafe import escape


def choices(bound: BoundField) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of every choice, groups laid flat."""
    value = bound.value()
    many = isinstance(value, list | tuple | set)
    chosen = {_key(one) for one in (value if many else [value])}
    flat: list[tuple[Any, Any]] = []
    for key, words in bound.field.widget.choices:
        flat += words if isinstance(words, list | tuple) else [(key, words)]
    return [(_key(key), str(words), _key(key) in chosen) for key, words in flat]


def items(bound: BoundField, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Radios or checkboxes with the hints, dividers and questions that belong to single answers."""
    hints = options.get("item_hints", {})
    conditional = options.get("conditional", {})
    dividers = options.get("divider_before", {})
    drawn: list[dict[str, Any]] = []
    for value, words, chosen in choices(bound):
        if value in dividers:
            drawn.append({"divider": dividers[value]})
        item: dict[str, Any] = {"value": value, "text": words, "checked": chosen}
        if value in hints:
            item["hint"] = {"text": str(hints[value])}
        if value in conditional:
            item["conditional"] = {"html": escape(conditional[value])}
        drawn.append(item)
    return drawn


def _key(value: Any) -> str:
    return "" if value is None else str(value)
