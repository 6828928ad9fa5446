"""Looking into calculations without working them out: their operators and what they ask about."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.model import Item
from careplan_forms.schema.rules import MAX_DEPTH, references

LISTS = ("sum", "count", "min", "max", "add", "subtract", "multiply", "divide", "coalesce", "days_between", "concat")
KEYS = ("item", "value", "today", "if", "age", "score", "lookup", *LISTS)


def calculation_references(calculation: Any) -> list[str]:
    """The uids a calculation asks about, each once, in order; tolerant of malformed ones."""
    found: dict[str, None] = {}
    for node in nodes(calculation):
        uid = node.get("item") if "item" in node else node.get("score")
        if isinstance(uid, str):
            found.setdefault(uid)
        for each in references(node.get("if")):
            found.setdefault(each)
    return list(found)


def decided_by(item: Item) -> list[str]:
    """The uids whose answers decide whether an item is shown, or what it comes to."""
    worked_out = calculation_references(item.calculation) if item.type in CALCULATED else []
    return references(item.show_if) + worked_out


def sources_of(item: Item) -> list[str]:
    """The uids of all questions that the rules and the calculation of an item look at."""
    rules = [item.required_if, *(each.rule for each in item.warnings)]
    return decided_by(item) + [uid for rule in rules for uid in references(rule)]


def nodes(calculation: Any) -> list[Mapping[str, Any]]:
    """Every operator of a calculation, outermost first; rules inside `if` are not looked into."""
    found: list[Mapping[str, Any]] = []
    pending: list[tuple[Any, int]] = [(calculation, 0)]
    while pending:
        node, depth = pending.pop(0)
        if isinstance(node, Mapping) and depth <= MAX_DEPTH:
            found.append(node)
            pending += [(each, depth + 1) for each in parts_of(node)]
    return found


def parts_of(node: Mapping[str, Any]) -> list[Any]:
    """The operators directly inside one."""
    parts = [each for key in LISTS for each in _listed(node.get(key))]
    return parts + [node[key] for key in ("then", "else", "age", "on", "lookup") if node.get(key) is not None]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
