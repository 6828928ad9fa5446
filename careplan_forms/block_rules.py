"""Conditions as rows of an editor, and back. A rule that rows cannot hold exactly is not turned into rows."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Rows = list[dict[str, str]]
# Gives the type of the question a condition asks about; "" when it is not known.
TypeOf = Callable[[str], str]


def rows_of(rule: Any, type_of: TypeOf) -> tuple[str, Rows] | None:
    """How to join them ("all" or "any") and the rows (item, op, value as text); None when rows cannot say it."""
    if not rule:
        return "all", []
    match, conditions = _joined(rule)
    if conditions is None:
        return None
    rows = [_row(each) for each in conditions]
    if any(row is None for row in rows):
        return None
    said = [row for row in rows if row is not None]
    return (match, said) if rule_of(match, said, type_of) == rule else None


def rule_of(match: str, rows: Rows, type_of: TypeOf) -> Any:
    """The rule that rows say; None without rows. A single row stands alone unless it was joined by "any"."""
    conditions = [
        {"item": row["item"], "op": row["op"], "value": _value(row["op"], row["value"], type_of(row["item"]))}
        for row in rows
        if row.get("item")
    ]
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 and match == "all" else {match: conditions}


def _joined(rule: Any) -> tuple[str, list[Any] | None]:
    if not isinstance(rule, Mapping):
        return "all", None
    if "item" in rule:
        return "all", [rule]
    for match in ("all", "any"):
        if isinstance(rule.get(match), list):
            return match, rule[match]
    return "all", None


def _row(condition: Any) -> dict[str, str] | None:
    if not isinstance(condition, Mapping) or not isinstance(condition.get("item"), str):
        return None
    value = condition.get("value")
    text = ", ".join(_text(each) for each in value) if isinstance(value, list) else _text(value)
    return {"item": condition["item"], "op": str(condition.get("op")), "value": text}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if isinstance(value.get("absent"), str):
            return f"absent:{value['absent']}"
        return f"{value.get('system') or ''}|{value.get('code') or ''}"
    return "" if value is None else str(value)


def _value(operator: str, text: str, kind: str) -> Any:
    if operator == "exists":
        return text.strip().lower() not in ("no", "false")
    if operator == "in":
        return [_single(part.strip(), kind) for part in text.split(",") if part.strip()]
    return _single(text.strip(), kind)


def _single(text: str, kind: str) -> Any:
    if text.startswith("absent:"):
        return {"absent": text.removeprefix("absent:")}
    if kind == "yes_no":
        return {"yes": True, "no": False, "true": True, "false": False}.get(text.lower(), text)
    if kind == "number":
        return _number(text)
    if kind in ("choice", "choices") and "|" in text:
        system, code = text.rsplit("|", 1)
        return {"code": code, "system": system}
    return text


def _number(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() else float(number)
