"""Conditions of our document in FHIR: flat ones as `enableWhen`, nested ones as a FHIRPath formula."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.fhir.expressions import quoted
from careplan_forms.schema.fhir.layout import Layout, Place
from careplan_forms.schema.fhir.options import LOCAL_SYSTEM
from careplan_forms.schema.fhir.paths import NotRunnable
from careplan_forms.schema.fhir.urls import ABSENT, ENABLE_WHEN

Rule = Any
JSONDict = dict[str, Any]

_FHIR_OPERATORS = frozenset({"=", "<", "<=", ">", ">="})
_ANSWER = {
    "boolean": "answerBoolean",
    "integer": "answerInteger",
    "decimal": "answerDecimal",
    "date": "answerDate",
    "dateTime": "answerDateTime",
    "time": "answerTime",
}


def own_rule(rule: Rule, inherited: list[Rule]) -> Rule:
    """The rule without the conditions of the questions above, which FHIR's nesting says by itself."""
    parts = _conjuncts(rule)
    for each in (part for above in inherited for part in _conjuncts(above)):
        if each not in parts:
            return rule
        parts.remove(each)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"all": parts}


def _conjuncts(rule: Rule) -> list[Rule]:
    if not rule:
        return []
    if isinstance(rule, Mapping) and isinstance(rule.get("all"), list) and rule["all"]:
        return [part for each in rule["all"] for part in _conjuncts(each)]
    return [rule]


class RuleWriter:
    """Writes rules over the places of one layout; `fhir_types` says what type each item is exported as, by uid."""

    def __init__(self, layout: Layout, fhir_types: Mapping[str, str]) -> None:
        self.layout, self.fhir_types = layout, fhir_types
        self.places = layout.by_uid()

    def elements(self, rule: Rule) -> tuple[JSONDict, list[JSONDict]]:
        """The elements and extensions that say a rule. Raises NotRunnable when FHIR cannot say it."""
        behaviour, conditions = "all", [rule]
        for each in ("all", "any"):
            if isinstance(rule.get(each), list):
                behaviour, conditions = each, rule[each]
        try:
            rows = [row for each in conditions for row in self._rows(each, behaviour)]
        except NotRunnable:
            return {}, [self._formula(rule)]
        if not rows:
            return {}, [self._formula(rule)]
        return {"enableWhen": rows} | ({"enableBehavior": behaviour} if len(rows) > 1 else {}), []

    def _formula(self, rule: Rule) -> JSONDict:
        expression = {"language": "text/fhirpath", "expression": self.expression(rule)}
        return {"url": ENABLE_WHEN, "valueExpression": expression}

    def _rows(self, rule: Rule, behaviour: str) -> list[JSONDict]:
        if "not" in rule:
            return [self._opposite(rule["not"])]
        operator = rule.get("op")
        place = self._place(rule)
        if operator == "exists":
            return [{"question": place.link_id, "operator": "exists", "answerBoolean": rule["value"]}]
        if operator == "in" and (behaviour == "any" or len(rule["value"]) == 1):
            return [self._row(place, "=", each) for each in rule["value"]]
        if operator in _FHIR_OPERATORS:
            return [self._row(place, operator, rule["value"])]
        if operator == "!=" and behaviour == "all":
            # Ours wants an answer, FHIR's does not.
            exists = {"question": place.link_id, "operator": "exists", "answerBoolean": True}
            return [exists, self._row(place, "!=", rule["value"])]
        raise NotRunnable("not one row")

    def _opposite(self, rule: Rule) -> JSONDict:
        place = self._place(rule)
        if rule.get("op") == "=":
            return self._row(place, "!=", rule["value"])
        if rule.get("op") == "exists":
            return {"question": place.link_id, "operator": "exists", "answerBoolean": not rule["value"]}
        raise NotRunnable("not one row")

    def _row(self, place: Place, operator: str, value: Any) -> JSONDict:
        return {"question": place.link_id, "operator": operator, **self._answer(place, value)}

    def _answer(self, place: Place, value: Any) -> JSONDict:
        kind = self.fhir_types.get(place.item["uid"], "string")
        if isinstance(value, Mapping) and "absent" in value:
            raise NotRunnable("FHIR has no word for why there is no answer")
        if place.item["type"] in ("choice", "choices"):
            return _coded(self.layout.options(place.item), value)
        if kind == "quantity":
            number = value.get("value") if isinstance(value, Mapping) else value
            unit = place.item["unit"]
            return {"answerQuantity": {"value": _plain_number(number)} | ({"unit": unit} if unit else {})}
        if kind in ("integer", "decimal"):
            number = _plain_number(value.get("value") if isinstance(value, Mapping) else value)
            key = _ANSWER["integer"] if kind == "integer" and isinstance(number, int) else _ANSWER["decimal"]
            return {key: number}
        return {_ANSWER.get(kind, "answerString"): value}

    def _place(self, rule: Rule) -> Place:
        place = self.places.get(str(rule.get("item")))
        if place is None:
            raise NotRunnable("its condition asks about a question that is not in the form")
        return place

    # FHIRPath

    def expression(self, rule: Rule) -> str:
        """A rule as FHIRPath that is true exactly when the rule is. Raises NotRunnable when it cannot be said."""
        for how, word in (("all", " and "), ("any", " or ")):
            if isinstance(rule.get(how), list):
                parts = [f"({self.expression(each)})" for each in rule[how]]
                return word.join(parts) or ("true" if how == "all" else "false")
        if "not" in rule:
            return f"({self.expression(rule['not'])}).not()"
        path = self._path(self._place(rule))
        operator, value = rule.get("op"), rule.get("value")
        if operator == "exists":
            return f"{path}.exists()" if value else f"{path}.empty()"
        if operator == "in":
            return " or ".join(self._fits(path, rule, each) for each in value) or "false"
        if operator == "!=":
            return f"{path}.exists() and ({self._fits(path, rule, value)}).not()"
        if operator == "=":
            return self._fits(path, rule, value)
        return f"{path}.value.where({self._ordered(rule, operator, value)}).exists()"

    def _path(self, place: Place) -> str:
        return f"%resource.descendants().where(linkId = {quoted(place.link_id)}).answer"

    def _fits(self, path: str, rule: Rule, value: Any) -> str:
        """Some answer of the question is this one; never empty."""
        place = self._place(rule)
        if isinstance(value, Mapping) and "absent" in value:
            return f"{path}.extension({quoted(ABSENT)}).value.where($this = {quoted(str(value['absent']))}).exists()"
        answer = self._answer(place, value)
        key, said = next(iter(answer.items()))
        if key == "answerCoding":
            return f"{path}.value.where(code = {quoted(str(said.get('code') or ''))}).exists()"
        if key == "answerQuantity":
            return f"{path}.value.where(value = {said['value']}).exists()"
        return f"{path}.value.where($this = {_literal(key, said)}).exists()"

    def _ordered(self, rule: Rule, operator: str, value: Any) -> str:
        key, said = next(iter(self._answer(self._place(rule), value).items()))
        if key == "answerQuantity":
            return f"value {operator} {said['value']}"
        return f"$this {operator} {_literal(key, said)}"


def _coded(options: list[JSONDict], value: Any) -> JSONDict:
    code, system = (value.get("code"), value.get("system")) if isinstance(value, Mapping) else (value, None)
    for option in options:
        if option["code"] == code and (not system or option["system"] == system):
            if option["system"] == LOCAL_SYSTEM:
                return {"answerString": option["display"]}
            given = {"system": option["system"], "code": code, "display": option["display"]}
            return {"answerCoding": {key: each for key, each in given.items() if each}}
    raise NotRunnable("its condition waits for an answer that the question does not offer")


def _plain_number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number == int(number) else number


def _literal(key: str, said: Any) -> str:
    if key == "answerBoolean":
        return "true" if said else "false"
    if key in ("answerInteger", "answerDecimal"):
        return str(said)
    if key in ("answerDate", "answerDateTime"):
        return f"@{said}"
    return quoted(str(said))
