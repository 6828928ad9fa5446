"""Faults of conditions: unreadable, dangling, circular, out of order, impossible."""

from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.findings import Findings, Spot, listed, text
from careplan_forms.schema.model import read
from careplan_forms.schema.registry import answer_type
from careplan_forms.schema.rules import MAX_DEPTH, RuleError, compile_rule, references
from careplan_forms.schema.visibility import order_of

_ORDERINGS = ("<", "<=", ">", ">=")


def rules(spots: list[Spot], value_sets: Mapping[str, Any]) -> Findings:
    """All faults of the conditions of a document."""
    by_uid: dict[str, Spot] = {}
    for spot in spots:
        by_uid.setdefault(spot.uid, spot)
    yield from _loops(spots, by_uid)
    for spot in spots:
        rule = spot.item.get("show_if")
        if rule is None or rule == {}:
            continue
        try:
            compile_rule(rule)
        except RuleError as problem:
            yield spot.find("rule-malformed", "show_if", problem=str(problem))
            continue
        yield from _references(spot, by_uid)
        yield from _reach(spot, rule, by_uid, value_sets)


def _loops(spots: list[Spot], by_uid: Mapping[str, Spot]) -> Findings:
    top = [spot.item for spot in spots if not spot.around]
    form = read({"sections": [{"items": top}]})
    for loop in order_of(form.sections[0].items).loops:
        yield by_uid[loop[0]].find("rule-loop", "show_if")


def _references(spot: Spot, by_uid: Mapping[str, Spot]) -> Findings:
    for uid in references(spot.item.get("show_if")):
        asked = by_uid.get(uid)
        if asked is None:
            yield spot.find("rule-dangling", "show_if")
        elif answer_type(asked.type) is None and asked.type != "repeat":
            yield spot.find("rule-unanswerable", "show_if", key=asked.what)
        elif asked.position > spot.position and not any(each.uid == spot.uid for each in asked.around):
            yield spot.find("rule-later", "show_if", key=asked.what.strip("“”"))


def _reach(spot: Spot, rule: Any, by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any]) -> Findings:
    reach = Reach(by_uid, value_sets)
    around = [each.item.get("show_if") for each in spot.around if each.item.get("show_if")]
    if not reach.possible({"all": [*around, rule]}, 0):
        yield spot.find("rule-unreachable", "show_if")
    for asked in dict.fromkeys(reach.mismatched):
        yield spot.find("rule-mismatch", "show_if", key=asked.strip("“”"))


class Reach:
    """Whether a rule can ever be true; says no only when that is certain."""

    def __init__(self, by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any]) -> None:
        self.by_uid, self.value_sets = by_uid, value_sets
        self.mismatched: list[str] = []

    def possible(self, rule: Any, depth: int) -> bool:
        """Judge one rule."""
        if not isinstance(rule, Mapping) or not rule or depth > MAX_DEPTH:
            return True
        if isinstance(rule.get("all"), list):
            parts = list(_flat(rule["all"], depth))
            # Every part is judged, so that each mismatch is found.
            verdicts = [self.possible(part, depth + 1) for part in parts]
            return all(verdicts) and not _contradict(parts, self.by_uid)
        if isinstance(rule.get("any"), list):
            verdicts = [self.possible(part, depth + 1) for part in rule["any"]]
            return any(verdicts)
        if "not" in rule:
            self.possible(rule["not"], depth + 1)
            return not _always(rule["not"])
        return self._condition(rule)

    def _condition(self, rule: Mapping[str, Any]) -> bool:
        asked = self.by_uid.get(text(rule.get("item")))
        operator, value = rule.get("op"), rule.get("value")
        if asked is None or operator == "exists":
            return True
        values = listed(value) if operator == "in" else [value]
        if not values:
            return False
        fitting = [each for each in values if self._fits(asked, operator, each)]
        if len(fitting) < len(values):
            self.mismatched.append(asked.what)
        return bool(fitting) or operator == "!="

    def _fits(self, asked: Spot, operator: Any, value: Any) -> bool:
        if isinstance(value, Mapping) and "absent" in value:
            return value["absent"] in listed(asked.item.get("absent"))
        if operator in _ORDERINGS:
            return asked.type in ("number", "date")
        if asked.type == "yes_no":
            return isinstance(value, bool)
        if asked.type in ("choice", "choices"):
            code = value.get("code") if isinstance(value, Mapping) else value
            return code in self._codes(asked)
        if asked.type == "number":
            return decimal_of(value.get("value") if isinstance(value, Mapping) else value) is not None
        return not isinstance(value, bool)

    def _codes(self, asked: Spot) -> list[Any]:
        named = self.value_sets.get(text(asked.item.get("value_set")))
        offered = named.get("options") if isinstance(named, Mapping) else asked.item.get("options")
        return [each.get("code") or each.get("id") for each in listed(offered) if isinstance(each, Mapping)]


def _flat(parts: Iterable[Any], depth: int) -> Iterable[Any]:
    """The parts of nested `all` rules as one list."""
    for part in parts:
        if isinstance(part, Mapping) and isinstance(part.get("all"), list) and depth <= MAX_DEPTH:
            yield from _flat(part["all"], depth + 1)
        else:
            yield part


def _contradict(parts: list[Any], by_uid: Mapping[str, Spot]) -> bool:
    """Whether conditions that must all hold exclude each other: one answer equal to two values.

    Or there and not.
    """
    equal: dict[str, Any] = {}
    blank, answered = set(), set()
    for part in parts:
        if not isinstance(part, Mapping) or not isinstance(part.get("item"), str):
            continue
        uid, operator, value = part["item"], part.get("op"), part.get("value")
        asked = by_uid.get(uid)
        single = asked is not None and asked.type not in ("choices", "repeat")
        if single and any(each.type == "repeat" for each in asked.around if asked):  # type: ignore[union-attr]
            single = False
        if operator == "exists" and value is False:
            blank.add(uid)
        else:
            answered.add(uid)
        if operator == "=" and single:
            code = value.get("code") if isinstance(value, Mapping) and "code" in value else value
            if uid in equal and (equal[uid] != code or type(equal[uid]) is not type(code)):
                return True
            equal[uid] = code
    return bool(blank & answered)


def _always(rule: Any) -> bool:
    """Whether a rule is certainly true: nothing asked, or an empty `all`."""
    return not rule or (isinstance(rule, Mapping) and rule.get("all") == [])
