"""Limits and units as the file has them, also where numbers were written as text.

What cannot be used is added to ``node.unread``, so that it stays in the residue.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from careplan_forms.schema.fhir.elements import extension_value
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text, plain
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.items.kinds import REPEATS

_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_LONGEST_ANSWER = 20_000
_LARGEST_NUMBER = Decimal(10) ** 12


def add_length(node: Node, item: dict[str, Any]) -> None:
    """The longest answer allowed, for texts."""
    raw = node.source.get("maxLength")
    if raw is None:
        return
    if item["type"] not in ("text", "long_text"):
        _leave(node, "maxLength", "has no meaning for this kind of answer")
        return
    length = _whole(node, raw, "maxLength", 1, _LONGEST_ANSWER)
    if length is not None:
        item["max_length"] = length


def add_number_limits(node: Node, item: dict[str, Any]) -> None:
    """Bounds, decimals and unit of a number; bounds of anything else are kept and not checked."""
    if item["type"] == "number":
        _add_decimals(node, item)
        _add_unit(node, item)
    elif extension_value(node, "maxDecimalPlaces") is not None:
        node.unread.add("maxDecimalPlaces")
    for ours, theirs in (("min", "minValue"), ("max", "maxValue")):
        value = extension_value(node, theirs)
        if value is None:
            value = node.source.get(theirs)
        if value is not None:
            _add_limit(node, item, ours, theirs, value)


def add_occurrences(node: Node, item: dict[str, Any]) -> None:
    """How often a repeat must and may be answered."""
    for ours, theirs in (("min_items", "minOccurs"), ("max_items", "maxOccurs")):
        value = extension_value(node, theirs)
        if value is None:
            continue
        if item["type"] not in (*REPEATS, "attachment"):
            _leave(node, theirs, "has no meaning for this kind of answer")
            continue
        number = _whole(node, value, theirs, 0 if ours == "min_items" else 1, 100)
        if number is not None:
            item[ours] = number


def _add_decimals(node: Node, item: dict[str, Any]) -> None:
    decimals = extension_value(node, "maxDecimalPlaces")
    if node.type == "integer":
        item["decimals"] = 0
    elif decimals is not None:
        item["decimals"] = _whole(node, decimals, "maxDecimalPlaces", 0, 6)


def _add_unit(node: Node, item: dict[str, Any]) -> None:
    for name in ("unit", "unitOption"):
        value = extension_value(node, name)
        if not isinstance(value, dict):
            continue
        text = plain(value.get("display"))[0] or as_text(value.get("code"))
        if text:
            item["unit"] = text[:30]
            node.unread.add(name)  # the unit's code travels on in the residue
            return


def _add_limit(node: Node, item: dict[str, Any], ours: str, theirs: str, value: Any) -> None:
    if item["type"] == "date" and isinstance(value, str) and _DATE.match(value):
        item[ours] = value[:10]
        return
    if item["type"] != "number":
        node.unread.add(theirs)
        node.outcome.note(Outcome.NOT_EXECUTED, f"the limit {theirs} is not checked for this kind of answer")
        return
    number = decimal_of(value)
    if number is None or abs(number) > _LARGEST_NUMBER:
        _leave(node, theirs, "is not a number that can be used")
        return
    if isinstance(value, str):
        node.outcome.note(Outcome.MAPPED, f"its {theirs} was written as text and is read as a number")
    item[ours] = int(number) if number == number.to_integral_value() else float(number)


def _whole(node: Node, value: Any, name: str, least: int, most: int) -> int | None:
    number = decimal_of(value)
    if number is None or number != number.to_integral_value() or not least <= number <= most:
        _leave(node, name, f"is not a whole number from {least} to {most}")
        return None
    if isinstance(value, str):
        node.outcome.note(Outcome.MAPPED, f"its {name} was written as text and is read as a number")
    return int(number)


def _leave(node: Node, name: str, why: str) -> None:
    node.unread.add(name)
    node.outcome.note(Outcome.NOT_EXECUTED, f"its {name} {why}; it is kept and not used")


def decimal_of(value: Any) -> Decimal | None:
    """A finite number, also when written as text; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
