"""The element of one item, without what stands under it.

What came with the item stands word for word wherever nothing was changed here; what was changed, and what is new, is
written from our document, and every extension we do not know stays beside it.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.fhir import ours, role_limits, translations
from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.layout import Layout, Place, offered
from careplan_forms.schema.fhir.paths import NotRunnable
from careplan_forms.schema.fhir.report import ItemOutcome, Outcome
from careplan_forms.schema.fhir.tree import is_id
from careplan_forms.schema.fhir.urls import (
    CALCULATED,
    DECIMALS,
    ENABLE_WHEN,
    ITEM,
    MAX_OCCURS,
    MAX_VALUE,
    MIN_OCCURS,
    MIN_VALUE,
    REFERENCE,
    ROLES,
    SECTION,
    UNIT,
)
from careplan_forms.schema.fhir.write_calculations import CalculationWriter
from careplan_forms.schema.fhir.write_options import answer_options
from careplan_forms.schema.fhir.write_rules import RuleWriter, own_rule
from careplan_forms.schema.fhir.write_settings import own_settings
from careplan_forms.schema.items.kinds import CONTAINERS, REPEATS

JSONDict = dict[str, Any]

#: What the reader keeps with an item for itself.
_CONTROL = frozenset({"not_run", "continues", "item", "linkId"})


@dataclass(frozen=True)
class Tools:
    """What writing the items of one layout needs: types by name, rules, and references to our lists of answers."""

    layout: Layout
    types: dict[str, str]
    rules: RuleWriter
    value_set_for: Callable[[str], str]


class Element:
    """The element of one place without what stands under it."""

    def __init__(self, tools: Tools, place: Place, line: ItemOutcome) -> None:
        self.tools, self.place, self.line = tools, place, line
        self.item, self.outer = place.item, place.outer
        self.came, self.came_outer = place.came, place.came_outer
        residue = place.node.source if place.node else self.item.get("residue") or {}
        kept = {key: value for key, value in residue.items() if place.node or key not in _CONTROL}
        self.out: JSONDict = copy.deepcopy({key: value for key, value in kept.items() if key != "item"})
        if not place.node and isinstance(self.out.get("repeats"), str):
            del self.out["repeats"]

    def written(self) -> JSONDict:
        place, out = self.place, self.out
        out["linkId"] = place.link_id
        out["type"] = self.tools.types[name_of(place)]
        if is_id(self.item.get("uid")):
            out["id"] = self.item["uid"]
        if place.section:
            self._section()
            return self.out
        for write in (self._text, self._codes, self._flags, self._options, self._limits, self._condition, self._value):
            write()
        self._roles()
        self._settings()
        if self.line.outcome == Outcome.KEPT and place.node and len(self.line.reasons) == 0:
            self.line.note(Outcome.KEPT, "word for word as it came")
        return out

    def changed(self, *keys: str, outer: bool = False) -> bool:
        """Whether settings are not what they were read as; everything is, of an item that did not come along."""
        now, came = (self.outer, self.came_outer) if outer else (self.item, self.came)
        return came is None or any(now[key] != came[key] for key in keys)

    def set(self, element: str, value: Any) -> None:
        """Say an element, or leave it out when there is nothing to say."""
        self.out.pop(element, None)
        if value not in (None, "", [], {}, False):
            self.out[element] = value
        if self.came is not None:
            self.line.note(Outcome.MAPPED, f"{element} is written as it was changed here")

    def extension(self, url: str, value_key: str, value: Any) -> None:
        """Say an extension in place of the one of that name, or take it out."""
        raw = self.out.pop("extension", None)
        kept = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
        kept = [each for each in kept if short_name(each.get("url")) != short_name(url)]
        if value is not None:
            kept.append({"url": url, value_key: value})
        if kept:
            self.out["extension"] = kept

    def _section(self) -> None:
        section = self.item
        self.out = {"linkId": self.place.link_id, "text": section["title"], "type": "group"}
        translations.rewritten(self.out, "text", _titled(section["translations"]), "label")
        own = {key: section[key] for key in ("key", "group") if section[key]}
        if told := translations.only(section["translations"], "group"):
            own["translations"] = told
        self.out["extension"] = [ours.extension(SECTION, own)]
        self.line.note(Outcome.MAPPED, "a section is a group in FHIR")

    def _text(self) -> None:
        if self.changed("label"):
            self.set("text", self.item["label"])
        if self.came is None or words(self.item, "label") != words(self.came, "label"):
            translations.rewritten(self.out, "text", self.item["translations"], "label")

    def _codes(self) -> None:
        if self.changed("code"):
            self.set("code", [{key: value for key, value in each.items() if value} for each in self.item["code"]])

    def _flags(self) -> None:
        if self.changed("required", outer=True) and self.changed("required"):
            self.set("required", "publish" in (self.outer["required"], self.item["required"]))
        if self.changed("type") or (self.place.holder is None) != (self.place.came_holder is None):
            repeats = self.place.holder is not None or self.item["type"] in (*REPEATS, "choices")
            self.set("repeats", repeats)
        if self.changed("max_length"):
            self.set("maxLength", self.item["max_length"])

    def _options(self) -> None:
        if self.item["type"] not in ("choice", "choices"):
            return
        now = self.tools.layout.options(self.item)
        whole = self.tools.layout.came
        if self.came is not None and whole is not None and now == offered(whole, self.came):
            return
        for element in ("answerOption", "option", "answerValueSet"):
            self.out.pop(element, None)
        if self.item["value_set"] in self.tools.layout.document["value_sets"]:
            self.set("answerValueSet", self.tools.value_set_for(self.item["value_set"]))
        else:
            self.set("answerOption", answer_options(now))

    def _limits(self) -> None:
        kind = str(self.out["type"])
        if self.changed("unit") and not (self.item["unit"] == "" and self.came is None):
            self.extension(UNIT, "valueCoding", {"display": self.item["unit"]} if self.item["unit"] else None)
        key = {"date": "valueDate", "integer": "valueInteger"}.get(kind, "valueDecimal")
        for ours_, url in (("min", MIN_VALUE), ("max", MAX_VALUE)):
            value = self.item[ours_]
            if self.changed(ours_) and (self.came is not None or value is not None):
                self._limit(ours_, url, key, value)
        if self.changed("decimals") and kind != "integer":
            self.extension(DECIMALS, "valueInteger", self.item["decimals"])
        if self.changed("min_items", outer=True):
            self.extension(MIN_OCCURS, "valueInteger", self.outer["min_items"] or None)
        if self.changed("max_items", outer=True):
            self.extension(MAX_OCCURS, "valueInteger", self.outer["max_items"])
        if kind == "reference" and self.item["type"] == "organisation" and self.came is None:
            self.extension(REFERENCE, "valueCode", "Organization")

    def _limit(self, name: str, url: str, key: str, value: Any) -> None:
        if value == "today":
            self.line.note(Outcome.MAPPED, f"the {name} “today” is told under an extension of ours")
            return
        self.extension(url, key, value)

    def _condition(self) -> None:
        if self.came is not None and not self.changed("show_if", outer=True):
            if "not_run" in (self.came.get("residue") or {}):
                self.line.note(Outcome.NOT_EXECUTED, "its condition goes back word for word; it is not run here")
            return
        for element in ("enableWhen", "enableBehavior"):
            self.out.pop(element, None)
        self.extension(ENABLE_WHEN, "", None)
        rule = own_rule(self.outer["show_if"], self._inherited())
        if not rule:
            return
        try:
            elements, extensions = self.tools.rules.elements(rule)
        except (NotRunnable, TypeError, ValueError, KeyError) as reason:
            self.line.note(Outcome.NOT_EXECUTED, f"its condition goes out only in our own words: {reason}")
            return
        self.out |= elements
        for each in extensions:
            self.extension(ENABLE_WHEN, "valueExpression", each["valueExpression"])
            self.line.note(Outcome.MAPPED, "its nested condition is a FHIRPath formula")

    def _value(self) -> None:
        calculation = self.item["calculation"]
        if not self.changed("calculation") or (self.came is None and not calculation):
            return
        self.extension(CALCULATED, "", None)
        if not calculation:
            return
        self.out["readOnly"] = True
        try:
            formula = CalculationWriter(self.tools.rules).expression(calculation)
        except (NotRunnable, TypeError, ValueError, KeyError) as reason:
            self.line.note(Outcome.NOT_EXECUTED, f"its calculation goes out only in our own words: {reason}")
            return
        self.extension(CALCULATED, "valueExpression", {"language": "text/fhirpath", "expression": formula})
        self.line.note(Outcome.MAPPED, "its calculation is a FHIRPath formula")

    def _inherited(self) -> list[Any]:
        """The conditions of the questions above, up to the group they stand in."""
        found, above = [], self.place.parent
        while above is not None and not above.section and above.item["type"] not in CONTAINERS:
            found.append(above.outer["show_if"])
            above = above.parent if above.holder is None else None
        return found

    def _roles(self) -> None:
        if not self.changed("roles") and not self.changed("roles", outer=True):
            return
        told = role_limits.written(self.item["roles"]) or role_limits.written(self.outer["roles"])
        self.extension(ROLES, "extension", told or None)
        if told:
            self.line.note(Outcome.MAPPED, "who may see, change and must answer it is told under an extension of ours")

    def _settings(self) -> None:
        own = own_settings(self.place, self.out, self.tools.rules.places)
        self.extension(ITEM, "valueString", None)
        if own:
            kept = self.out.get("extension", [])
            self.out["extension"] = [*kept, ours.extension(ITEM, own)]
            self.line.note(Outcome.MAPPED, f"told under an extension of ours: {', '.join(sorted(own))}")


def name_of(place: Place) -> str:
    """What a place is known by among all others: its uid, of a section its linkId."""
    return place.link_id if place.section else str(place.item["uid"])


def _titled(told: Any) -> JSONDict:
    """The translations of a section's title as those of a label."""
    texts = told.items() if isinstance(told, dict) else ()
    return {language: {"label": each.get("title")} for language, each in texts if isinstance(each, dict)}


def words(item: JSONDict, field: str) -> JSONDict:
    """What a field of an item is called in other languages."""
    told = item["translations"] if isinstance(item["translations"], dict) else {}
    return {language: texts.get(field) for language, texts in told.items() if isinstance(texts, dict)}
