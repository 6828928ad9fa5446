"""Faults of calculations and scores: unreadable, dangling, of the wrong type, dividing by zero."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from careplan_forms.schema.calculating import compile_calculation
from careplan_forms.schema.calculation_parts import calculation_references, nodes
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.english_calculations import kind_of
from careplan_forms.schema.findings import Findings, Spot, listed, text
from careplan_forms.schema.items.kinds import CALCULATED, NUMBERS, REPEATS
from careplan_forms.schema.registry import answer_type
from careplan_forms.schema.rules import RuleError

_NUMBERS = ("sum", "min", "max", "add", "subtract", "multiply", "divide")
_SINGLE = ("add", "subtract", "multiply", "divide", "days_between")
_WANTED = {"number": "a number", "date": "a date"}

TypeOf = Callable[[str], str]


def type_finder(by_uid: Mapping[str, Spot]) -> TypeOf:
    """Gives the type of an item by its uid; of a calculated one what it comes to ("" while nobody can say)."""
    asked: set[str] = set()

    def type_of(uid: str) -> str:
        spot = by_uid.get(uid)
        if spot is None or spot.type not in CALCULATED:
            return _plain_type(spot.type) if spot else ""
        if uid in asked:
            return ""
        asked.add(uid)
        kind = kind_of(spot.item.get("calculation"), type_of)
        asked.discard(uid)
        return kind

    return type_of


def _plain_type(kind: str) -> str:
    return "number" if kind in NUMBERS else "repeat" if kind in REPEATS else kind


def calculations(spots: list[Spot], by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any]) -> Findings:
    """All faults of the calculations and scores of a document."""
    type_of = type_finder(by_uid)
    for spot in spots:
        yield from _scores(spot)
        calculation = spot.item.get("calculation")
        if spot.type not in CALCULATED:
            if calculation is not None:
                yield spot.find("calculation-stray", "calculation")
        elif calculation is None:
            yield spot.find("calculation-missing", "calculation")
        else:
            yield from _one(spot, calculation, by_uid, value_sets, type_of)


def _one(
    spot: Spot, calculation: Any, by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any], type_of: TypeOf
) -> Findings:
    try:
        compile_calculation(calculation)
    except RuleError as problem:
        yield spot.find("calculation-malformed", "calculation", problem=str(problem))
        return
    asked = calculation_references(calculation)
    if not asked and not any("today" in node for node in nodes(calculation)):
        yield spot.find("calculation-constant", "calculation")
    for uid in asked:
        if uid not in by_uid:
            yield spot.find("calculation-dangling", "calculation")
        elif answer_type(by_uid[uid].type) is None and by_uid[uid].type not in REPEATS:
            yield spot.find("calculation-unanswerable", "calculation", key=by_uid[uid].what)
    if kind_of(calculation, type_of) == "mixed":
        yield spot.find("calculation-mixed", "calculation")
    for node in nodes(calculation):
        yield from _node(spot, node, by_uid, value_sets, type_of)


def _node(
    spot: Spot, node: Mapping[str, Any], by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any], type_of: TypeOf
) -> Findings:
    for part, wanted in _demands(node):
        kind = kind_of(part, type_of)
        if kind and kind not in (wanted, "mixed"):
            yield spot.find("calculation-type", "calculation", key=_name(part, by_uid), wanted=_WANTED[wanted])
    if "divide" in node and decimal_of(node["divide"][1].get("value")) == 0:
        yield spot.find("calculation-divide-zero", "calculation")
    scored = by_uid.get(text(node.get("score")))
    if scored is not None and not _weighed(scored, value_sets):
        yield spot.find("calculation-unscored", "calculation", key=scored.what)
    for key in _SINGLE:
        for part in listed(node.get(key)):
            asked = by_uid.get(text(part.get("item")))
            if asked is not None and _may_be_several(spot, asked):
                yield spot.find("calculation-several", "calculation", key=asked.what)


def _demands(node: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """The parts of an operator with the type it needs them to be."""
    for key in _NUMBERS:
        yield from ((part, "number") for part in listed(node.get(key)))
    yield from ((part, "date") for part in listed(node.get("days_between")))
    yield from ((node[key], "date") for key in ("age", "on") if node.get(key) is not None)
    rows = [row for row in listed(node.get("table")) if isinstance(row, Mapping)]
    if "lookup" in node and any("is" not in row for row in rows):
        yield node["lookup"], "number"


def _name(part: Any, by_uid: Mapping[str, Spot]) -> str:
    asked = by_uid.get(text(part.get("item")))
    return asked.what if asked else "a part"


def _may_be_several(spot: Spot, asked: Spot) -> bool:
    repeats = [each.uid for each in asked.around if each.type in REPEATS]
    return asked.type == "choices" or any(uid not in [each.uid for each in spot.around] for uid in repeats)


def _weighed(spot: Spot, value_sets: Mapping[str, Any]) -> bool:
    return any(decimal_of(each.get("score")) is not None for each in _options(spot, value_sets))


def _options(spot: Spot, value_sets: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    named = value_sets.get(text(spot.item.get("value_set")))
    offered = named.get("options") if isinstance(named, Mapping) else spot.item.get("options")
    return [each for each in listed(offered) if isinstance(each, Mapping)]


def _scores(spot: Spot) -> Findings:
    options = [each for each in listed(spot.item.get("options")) if isinstance(each, Mapping)]
    given = [each for each in options if each.get("score") is not None]
    for each in given:
        if decimal_of(each["score"]) is None:
            yield spot.find("score-wrong", "options", key=_option_name(each))
    bare = [each for each in options if each.get("score") is None and each.get("status") != "retired"]
    if given and bare:
        yield spot.find("score-some", "options", key=_option_name(bare[0]))


def _option_name(option: Mapping[str, Any]) -> str:
    return text(option.get("display")) or text(option.get("code"))
