"""Comparing one answer with the value a rule names: true, false, or open (None)."""

import operator as operators
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items.date import compare as compare_dates

# None: the answer does not settle the question (an absent reason, a date too imprecise).
Outcome = bool | None

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?\Z")
_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
    "=": operators.eq,
}


def comparer(operator: str, expected: Any) -> Callable[[Any], Outcome]:
    """A closure comparing one answer with an expected value.

    Raises ValueError when the value has no such order.
    """
    if isinstance(expected, bool):
        return _equality(operator, lambda answer: answer is expected)
    if isinstance(expected, Mapping):
        return _structured(operator, expected)
    if isinstance(expected, str):
        return _text(operator, expected)
    number = decimal_of(expected)
    if number is None:
        raise ValueError("The value of a condition must be text, a number, true, false, or a coded value.")
    return _numeric(operator, number, None)


def _equality(operator: str, same: Callable[[Any], bool]) -> Callable[[Any], Outcome]:
    if operator != "=":
        raise ValueError(f"{operator} compares numbers and dates only.")
    return lambda answer: True if same(answer) else (None if _absent(answer) else False)


def _structured(operator: str, expected: Mapping[str, Any]) -> Callable[[Any], Outcome]:
    if isinstance(expected.get("absent"), str):
        if operator != "=":
            raise ValueError(f"{operator} compares numbers and dates only.")
        return lambda answer: _absent(answer) == expected["absent"]
    if "value" in expected:
        number = decimal_of(expected["value"])
        if number is None:
            raise ValueError("The value of a number condition must be a number.")
        return _numeric(operator, number, str(expected.get("unit") or ""))
    if isinstance(expected.get("code"), str):
        code, system = expected["code"], expected.get("system")
        return _equality(operator, lambda answer: _is_coded(answer, code, system))
    raise ValueError("A structured value must have code, value or absent.")


def _text(operator: str, expected: str) -> Callable[[Any], Outcome]:
    is_date, number = _DATE.match(expected) is not None, decimal_of(expected)
    if operator != "=" and not is_date and number is None:
        raise ValueError(f"{operator} compares numbers and dates only.")

    def compare(answer: Any) -> Outcome:
        if isinstance(answer, str):
            if is_date and _DATE.match(answer):
                return _dated(operator, answer, expected)
            return answer == expected if operator == "=" else False
        if _absent(answer):
            return None
        if isinstance(answer, Mapping) and "code" in answer:
            return operator == "=" and _is_coded(answer, expected, None)
        return _ordered(operator, answer, number, None) if number is not None else False

    return compare


def _dated(operator: str, answer: str, expected: str) -> Outcome:
    order = compare_dates(answer, expected)
    return None if order is None else _ORDERINGS[operator](order, 0)


def _numeric(operator: str, expected: Decimal, unit: str | None) -> Callable[[Any], Outcome]:
    return lambda answer: None if _absent(answer) else _ordered(operator, answer, expected, unit)


def _ordered(operator: str, answer: Any, expected: Decimal, unit: str | None) -> Outcome:
    if isinstance(answer, Mapping):
        if unit is not None and str(answer.get("unit") or "") != unit:
            return False
        answer = answer.get("value")
    elif isinstance(answer, str):
        return False
    number = decimal_of(answer)
    return _ORDERINGS[operator](number, expected) if number is not None else False


def _absent(answer: Any) -> str | None:
    reason = answer.get("absent") if isinstance(answer, Mapping) else None
    return reason if isinstance(reason, str) and reason else None


def _is_coded(answer: Any, code: str, system: Any) -> bool:
    if not isinstance(answer, Mapping) or not code or answer.get("code") != code:
        return False
    return not system or answer.get("system") == system
