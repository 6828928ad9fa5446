"""Whether rules can ever hold, must always hold, or compare what cannot be compared."""

from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.findings import Spot, listed, text
from careplan_forms.schema.items.kinds import REPEATS
from careplan_forms.schema.lint_calculations import TypeOf
from careplan_forms.schema.rules import MAX_DEPTH

_ORDERINGS = ("<", "<=", ">", ">=")


class Reach:
    """Whether a rule can ever be true; says no only when that is certain."""

    def __init__(self, by_uid: Mapping[str, Spot], value_sets: Mapping[str, Any], type_of: TypeOf) -> None:
        self.by_uid, self.value_sets, self.type_of = by_uid, value_sets, type_of
        self.begin()

    def begin(self) -> None:
        """Start on another rule: what was found in those before is forgotten."""
        self.found: dict[tuple[str, str], None] = {}

    def faults(self) -> list[tuple[str, str]]:
        """(code, question) of the conditions judged since `begin` that cannot be meant."""
        return list(self.found)

    def certain(self, rule: Any, depth: int) -> bool:
        """Whether a rule is true whatever is answered; says yes only when that is certain."""
        if not isinstance(rule, Mapping) or depth > MAX_DEPTH:
            return False
        if not rule:
            return True
        if isinstance(rule.get("all"), list):
            return all(self.certain(part, depth + 1) for part in rule["all"])
        if isinstance(rule.get("any"), list):
            return _complete(rule["any"]) or any(self.certain(part, depth + 1) for part in rule["any"])
        return "not" in rule and not self.possible(rule["not"], depth + 1)

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
        if operator in _ORDERINGS and self.type_of(asked.uid) not in ("number", "date", "mixed", ""):
            self.found["rule-operator", asked.what] = None
        elif len(fitting) < len(values):
            self.found["rule-mismatch", asked.what] = None
        if any(self._retired(asked, each) for each in fitting):
            self.found["rule-option-retired", asked.what] = None
        return bool(fitting) or operator == "!="

    def _fits(self, asked: Spot, operator: Any, value: Any) -> bool:
        if isinstance(value, Mapping) and "absent" in value:
            return value["absent"] in listed(asked.item.get("absent"))
        kind = self.type_of(asked.uid)
        if operator in _ORDERINGS:
            return kind in ("number", "date", "mixed", "")
        if kind == "yes_no":
            return isinstance(value, bool)
        if asked.type in ("choice", "choices"):
            code = value.get("code") if isinstance(value, Mapping) else value
            return code in self._codes(asked)
        if kind == "number":
            return decimal_of(value.get("value") if isinstance(value, Mapping) else value) is not None
        return not isinstance(value, bool)

    def _retired(self, asked: Spot, value: Any) -> bool:
        code = value.get("code") if isinstance(value, Mapping) else value
        meant = [each for each in self._options(asked) if (each.get("code") or each.get("id")) == code]
        return bool(meant) and all(each.get("status") == "retired" for each in meant)

    def _codes(self, asked: Spot) -> list[Any]:
        return [each.get("code") or each.get("id") for each in self._options(asked)]

    def _options(self, asked: Spot) -> list[Mapping[str, Any]]:
        if asked.type not in ("choice", "choices"):
            return []
        named = self.value_sets.get(text(asked.item.get("value_set")))
        offered = named.get("options") if isinstance(named, Mapping) else asked.item.get("options")
        return [each for each in listed(offered) if isinstance(each, Mapping)]


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
        single = asked is not None and asked.type not in ("choices", *REPEATS)
        if single and any(each.type in REPEATS for each in asked.around if asked):  # type: ignore[union-attr]
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


def _complete(parts: list[Any]) -> bool:
    """Whether one of these holds in any case: a question is answered, or it is not."""
    asked = [
        (part.get("item"), part.get("value"))
        for part in parts
        if isinstance(part, Mapping) and part.get("op") == "exists"
    ]
    return any((uid, not value) in asked for uid, value in asked)
