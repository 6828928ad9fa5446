"""Calculations read out in plain English, and what type of value they come to."""

from collections.abc import Callable, Mapping
from typing import Any

from careplan_forms.schema.calculation_parts import parts_of
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.english import item_name, rule_in_words
from careplan_forms.schema.model import Item
from careplan_forms.schema.rules import MAX_DEPTH

_UNREADABLE = "(a calculation that cannot be read)"
_LISTS = {
    "sum": "the sum of {}",
    "min": "the least of {}",
    "max": "the greatest of {}",
    "count": "the number of answers to {}",
    "coalesce": "the first there is of {}",
}
_JOINTS = {"add": " + ", "subtract": " − ", "multiply": " × ", "divide": " ÷ "}
_NUMERIC = ("sum", "count", "min", "max", "add", "subtract", "multiply", "divide", "age", "days_between", "score")

Items = Mapping[str, Item]


def calculation_in_words(calculation: Any, items: Items) -> str:
    """A calculation as a phrase: `the sum of “Pain”, “Nausea”`."""
    return _words(calculation, items, 0)


def _words(node: Any, items: Items, depth: int, inside: bool = False) -> str:
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        return _UNREADABLE
    for key, say in _SAYINGS.items():
        if key in node:
            return say(node, items, depth)
    for key, pattern in _LISTS.items():
        if key in node:
            return pattern.format(_listed(node[key], items, depth))
    for key, joint in _JOINTS.items():
        if isinstance(node.get(key), list | tuple):
            joined = joint.join(_words(each, items, depth + 1, inside=True) for each in node[key])
            joined = f"({joined})" if inside or "scale" in node else joined
            return f"{joined} rounded to {_places(node['scale'])}" if "scale" in node else joined
    return _UNREADABLE


def _places(scale: Any) -> str:
    return "a whole number" if scale == 0 else f"{scale} decimal place{'' if scale == 1 else 's'}"


def _listed(parts: Any, items: Items, depth: int) -> str:
    if not isinstance(parts, list | tuple):
        return _UNREADABLE
    return ", ".join(_words(each, items, depth + 1) for each in parts)


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _if(node: Mapping[str, Any], items: Items, depth: int) -> str:
    then = _words(node.get("then"), items, depth + 1)
    other = _words(node["else"], items, depth + 1) if node.get("else") is not None else "nothing"
    return f"{then} if {rule_in_words(node['if'], items)}, otherwise {other}"


def _age(node: Mapping[str, Any], items: Items, depth: int) -> str:
    on = _words(node["on"], items, depth + 1) if node.get("on") is not None else "today"
    return f"the whole years from {_words(node['age'], items, depth + 1)} to {on}"


def _days(node: Mapping[str, Any], items: Items, depth: int) -> str:
    ends = node["days_between"] if isinstance(node["days_between"], list | tuple) else []
    said = [_words(each, items, depth + 1) for each in ends]
    return f"the days from {said[0]} to {said[1]}" if len(said) == 2 else _UNREADABLE


def _lookup(node: Mapping[str, Any], items: Items, depth: int) -> str:
    rows = [each for each in node.get("table") or [] if isinstance(each, Mapping)]
    said = [f"{_constant(row.get('result'))} for {_range(row)}" for row in rows]
    if node.get("else") is not None:
        said.append(f"otherwise {_words(node['else'], items, depth + 1)}")
    return f"by {_words(node['lookup'], items, depth + 1)}: {'; '.join(said) or 'nothing'}"


def _range(row: Mapping[str, Any]) -> str:
    if "is" in row:
        return _constant(row["is"])
    least, most = row.get("from"), row.get("to")
    if least is not None and most is not None:
        return f"{least} to {most}"
    return f"{least} or more" if least is not None else f"{most} or less"


def _concat(node: Mapping[str, Any], items: Items, depth: int) -> str:
    return f"{_listed(node['concat'], items, depth)}, written one after the other"


_Say = Callable[[Mapping[str, Any], Items, int], str]
_SAYINGS: dict[str, _Say] = {
    "item": lambda node, items, depth: item_name(node["item"], items),
    "value": lambda node, items, depth: _constant(node["value"]),
    "today": lambda node, items, depth: "today",
    "score": lambda node, items, depth: f"the score of {item_name(node['score'], items)}",
    "if": _if,
    "age": _age,
    "days_between": _days,
    "lookup": _lookup,
    "concat": _concat,
}


def kind_of(calculation: Any, type_of: Callable[[str], str]) -> str:
    """What a calculation comes to: number, text, yes_no, date, mixed (several of these), or "" when nobody can say.

    `type_of` gives the type of an item by its uid, that of a calculated one being what it comes to.
    """
    return _kind(calculation, type_of, 0)


def _kind(node: Any, type_of: Callable[[str], str], depth: int) -> str:
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        return ""
    if "item" in node:
        kind = type_of(node["item"]) if isinstance(node["item"], str) else ""
        return kind if kind in ("number", "yes_no", "date", "", "repeat", "mixed") else "text"
    if "value" in node:
        return kind_of_constant(node["value"])
    if "today" in node:
        return "date"
    if any(key in node for key in _NUMERIC):
        return "number"
    if "concat" in node:
        return "text"
    return _common(_branches(node, type_of, depth))


def _branches(node: Mapping[str, Any], type_of: Callable[[str], str], depth: int) -> set[str]:
    parts = [part for part in parts_of(node) if part is not node.get("lookup")]
    kinds = {_kind(part, type_of, depth + 1) for part in parts}
    rows = [row for row in node.get("table") or [] if isinstance(row, Mapping)] if "lookup" in node else []
    return kinds | {kind_of_constant(row.get("result")) for row in rows}


def _common(kinds: set[str]) -> str:
    known = kinds - {""}
    return known.pop() if len(known) == 1 else "mixed" if known else ""


def kind_of_constant(value: Any) -> str:
    """The type of a fixed value."""
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, str):
        return "text"
    return "number" if decimal_of(value) is not None else ""
