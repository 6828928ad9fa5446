"""Calculated values: a closed tree of operators over answers, compiled to closures and never executed as code.

An operator is an object with exactly one of these keys (the vectors in `vectors.json` are the test of them):

* `{"item": uid}` an answer; `{"value": 5}` a number, text, true or false; `{"today": true}` the date today.
* `sum`, `count`, `min`, `max` over a list: of what is there. What is missing is passed over; the sum, least and
  greatest of nothing are missing, the count of nothing is 0. Each chosen option and each filled entry of a
  repeat counts one; an absent reason ("Not known") counts none.
* `add`, `multiply` (two or more), `subtract`, `divide` (two; with `scale`, the decimal places kept, rounded half
  up): missing when any part is missing. Dividing by zero is missing.
* `{"if": RULE, "then": …, "else": …}`; without `else`, missing. `coalesce`: the first that is not missing.
* `{"age": date, "on": date}` whole years, `on` being today when left out. Of a partial date, missing when its days
  differ in it. Born on 29 February, one is a year older on 1 March. A date to come has no age.
* `{"days_between": [from, to]}` of two whole dates, below zero when `to` comes first.
* `{"score": uid}` the weight of the chosen option, of several the sum; without weights missing.
* `{"lookup": …, "table": [{"is": …} or {"from": …, "to": …} with "result"], "else": …}` the first row that fits;
  `from` and `to` are inclusive and either may be left out. A missing key is missing, whatever `else` says.
* `{"concat": […], "separator": " "}` what is there, written one after the other; of nothing missing.

Missing is missing, zero and "no" are values. Missing are: no answer, a hidden one, an absent reason, several where
one is wanted, and what is not of the kind an operator works on. Numbers are exact decimals; beyond 20 decimal
places they are rounded half up, from 10^30 on they are missing.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from careplan_forms.schema import arithmetic
from careplan_forms.schema.arithmetic import Scalar
from careplan_forms.schema.calculation_parts import KEYS, LISTS
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.rules import (
    MAX_DEPTH,
    Compiled,
    Look,
    RuleError,
    answers_in,
    compile_rule,
    look_in,
)

MOST_SCALE = 10
_FEWEST = {"add": 2, "multiply": 2, "subtract": 2, "divide": 2, "days_between": 2}
_EXACTLY_TWO = ("subtract", "divide", "days_between")

# uid → (code, system, weight) of the options that have one.
Scores = Mapping[str, tuple[tuple[str, str, Decimal], ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a calculation is worked out from: the answers, the weights of options, and the date today."""

    look: Look
    today: datetime.date
    scores: Scores = field(default_factory=dict)


# Nothing: missing. One: a value. More: several answers.
Working = Callable[[Scope], list[Scalar]]


def compile_calculation(calculation: Any) -> Working:
    """Turn a calculation into closures. Raises RuleError with a sentence."""
    return _compile(calculation, 0)


def evaluate_calculation(
    calculation: Any,
    answers: Mapping[str, Any],
    *,
    today: datetime.date,
    hidden: frozenset[str] = frozenset(),
    instance: Mapping[str, Any] | None = None,
    scores: Scores | None = None,
    decimals: int | None = None,
    unit: str = "",
) -> Any:
    """The answer a calculation gives, as it is stored; None when it is missing. Raises RuleError."""
    scope = Scope(look_in(answers, hidden, instance), today, scores or {})
    return arithmetic.stored(compile_calculation(calculation)(scope), decimals, unit)


def _compile(node: Any, depth: int) -> Working:
    if not isinstance(node, Mapping):
        raise RuleError("A calculation must be an object with one operator.")
    if depth > MAX_DEPTH:
        raise RuleError(f"A calculation may be nested at most {MAX_DEPTH} deep.")
    kinds = [key for key in KEYS if key in node]
    if len(kinds) != 1:
        raise RuleError("A calculation must have exactly one operator: " + ", ".join(KEYS) + ".")
    kind = kinds[0]
    if kind in LISTS:
        return _over_list(kind, node, depth)
    return _SINGLE[kind](node, depth)


def _over_list(kind: str, node: Mapping[str, Any], depth: int) -> Working:
    if not isinstance(node[kind], list | tuple) or not node[kind]:
        raise RuleError(f"What {kind} works on must be a list that is not empty.")
    if len(node[kind]) < _FEWEST.get(kind, 1) or (kind in _EXACTLY_TWO and len(node[kind]) != 2):
        raise RuleError(f"{kind} works on {'exactly two' if kind in _EXACTLY_TWO else 'two or more'} parts.")
    parts = [_compile(each, depth + 1) for each in node[kind]]
    if kind == "coalesce":
        return lambda scope: next((found for part in parts if (found := part(scope))), [])
    if kind in ("sum", "count", "min", "max"):
        gather = arithmetic.GATHERED[kind]
        return lambda scope: gather([each for part in parts for each in part(scope)])
    if kind == "concat":
        separator = node.get("separator", " ")
        if not isinstance(separator, str):
            raise RuleError("The separator of concat must be text.")
        return lambda scope: arithmetic.concat([each for part in parts for each in part(scope)], separator)
    combine = arithmetic.divider(_scale(node)) if kind == "divide" else arithmetic.COMBINED[kind]
    return lambda scope: arithmetic.combined([part(scope) for part in parts], combine)


def _scale(node: Mapping[str, Any]) -> int:
    scale = node.get("scale")
    if isinstance(scale, bool) or not isinstance(scale, int) or not 0 <= scale <= MOST_SCALE:
        raise RuleError(f"divide needs a scale, the number of decimal places to keep, from 0 to {MOST_SCALE}.")
    return scale


def constant(value: Any) -> Scalar:
    """A constant of a calculation. Raises RuleError for anything but text, a number, true or false."""
    number = None if isinstance(value, str) else decimal_of(value)
    if number is not None:
        return number
    if isinstance(value, str | bool):
        return value
    raise RuleError("A fixed value must be text, a number, true or false.")


def _value(node: Mapping[str, Any], depth: int) -> Working:
    value = [constant(node["value"])]
    return lambda scope: value


def _item(node: Mapping[str, Any], depth: int) -> Working:
    uid = _uid(node["item"])
    return lambda scope: arithmetic.scalars(scope.look(uid))


def _score(node: Mapping[str, Any], depth: int) -> Working:
    uid = _uid(node["score"])
    return lambda scope: arithmetic.weighed(answers_in(scope.look(uid)), scope.scores.get(uid, ()))


def _uid(uid: Any) -> str:
    if not isinstance(uid, str) or not uid:
        raise RuleError("A calculation must name the item it asks about.")
    return uid


def _today(node: Mapping[str, Any], depth: int) -> Working:
    return lambda scope: [scope.today.isoformat()]


def _if(node: Mapping[str, Any], depth: int) -> Working:
    if not isinstance(node["if"], Mapping) or not node["if"]:
        raise RuleError("The rule of an if must be a condition.")
    rule: Compiled = compile_rule(node["if"])
    then, other = _compile(node.get("then"), depth + 1), _optional(node.get("else"), depth)
    return lambda scope: then(scope) if rule(scope.look) else other(scope)


def _optional(node: Any, depth: int) -> Working:
    return _compile(node, depth + 1) if node is not None else lambda scope: []


def _age(node: Mapping[str, Any], depth: int) -> Working:
    born = _compile(node["age"], depth + 1)
    on = _compile(node["on"], depth + 1) if node.get("on") is not None else _today(node, depth)
    return lambda scope: arithmetic.combined([born(scope), on(scope)], arithmetic.age)


def _lookup(node: Mapping[str, Any], depth: int) -> Working:
    key, other = _compile(node["lookup"], depth + 1), _optional(node.get("else"), depth)
    rows = node.get("table")
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) and "result" in row for row in rows):
        raise RuleError("The table of a lookup must be a list of rows, each with a result.")
    table = [(_fits(row), constant(row["result"])) for row in rows]

    def working(scope: Scope) -> list[Scalar]:
        found = key(scope)
        if len(found) != 1:
            return []
        return next(([result] for fits, result in table if fits(found[0])), None) or other(scope)

    return working


def _fits(row: Mapping[str, Any]) -> Callable[[Scalar], bool]:
    if "is" in row:
        return arithmetic.equal_to(constant(row["is"]))
    limits = [row.get(key) for key in ("from", "to")]
    numbers = [None if limit is None else decimal_of(limit) for limit in limits]
    if limits == [None, None] or any(
        limit is not None and number is None for limit, number in zip(limits, numbers, strict=True)
    ):
        raise RuleError("A row of a lookup must say is, or numbers from and to.")
    return arithmetic.between(*numbers)


_SINGLE: dict[str, Callable[[Mapping[str, Any], int], Working]] = {
    "item": _item,
    "value": _value,
    "today": _today,
    "if": _if,
    "age": _age,
    "score": _score,
    "lookup": _lookup,
}
