"""Which settings of an item FHIR has no word for, or not one that reading gives back letter by letter."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.fhir import ours, translations
from careplan_forms.schema.fhir.layout import Place
from careplan_forms.schema.items.kinds import CALCULATED, STRUCTURED

JSONDict = dict[str, Any]

#: Settings told in FHIR's own words; all others go under an extension of ours.
_TOLD = frozenset(
    {
        *("type", "label", "hint", "code", "required", "show_if", "max_length", "options", "value_set", "other"),
        *("unit", "min", "max", "decimals", "min_items", "max_items", "translations", "roles"),
        *("file_kinds", "max_size"),
    }
)
#: Types of ours that reading FHIR does not give by itself.
_UNTOLD_TYPES = frozenset({"telephone", "email", "nhs_number", *CALCULATED, *STRUCTURED, "scale", "table", "body"})


def own_settings(place: Place, out: JSONDict, places: Mapping[str, Place]) -> JSONDict:
    """The settings of a place to be told under an extension of ours, beside its element as written so far."""
    item, rule = place.item, place.outer["show_if"]
    untold = {name for name in ("min", "max") if item[name] == "today"}
    if item["type"] in _UNTOLD_TYPES:
        untold.add("type")
    if item["type"] == "scale":
        # A scale is an integer in FHIR, and that has no decimals.
        untold.add("decimals")
    own = ours.settings_of(item, _TOLD - untold)
    if told := translations.only(item["translations"], "patient_label"):
        own["translations"] = told
    if rule and not ("enableWhen" in out and _comes_back(rule, places)):
        own["show_if"] = rule
    came = ours.settings_of(place.came, frozenset()) if place.came else {}
    came_rule = place.came_outer["show_if"] if place.came_outer else None
    came = came | ({"show_if": came_rule} if came_rule else {})
    came["translations"] = translations.only(came.get("translations"), "patient_label")
    if item["type"] == "date":
        # Reading a FHIR date takes any precision.
        own["precision"] = item["precision"]
        came = {"precision": ["D", "M", "Y"]} | came
    return {key: value for key, value in own.items() if value != came.get(key)}


def _comes_back(rule: Any, places: Mapping[str, Place]) -> bool:
    """Whether reading the rows written for a rule gives exactly this rule again."""
    if not isinstance(rule, Mapping) or "not" in rule:
        return False
    if "item" not in rule:
        return all(_comes_back(each, places) for how in ("all", "any") for each in rule.get(how) or [])
    asked = places.get(str(rule["item"]))
    coded = asked is not None and asked.item["type"] in ("choice", "choices")
    value = rule.get("value")
    whole = isinstance(value, Mapping) and bool(value.get("system"))
    return rule.get("op") not in ("in", "!=") and (not coded or rule.get("op") == "exists" or whole)
