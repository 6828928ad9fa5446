"""The items of a layout as items of a Questionnaire, with what stands under each and the help texts beside it."""

import copy
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir import files, translations
from careplan_forms.schema.fhir.layout import Place
from careplan_forms.schema.fhir.report import ItemOutcome
from careplan_forms.schema.fhir.urls import ITEM_CONTROL, ITEM_CONTROL_SYSTEM
from careplan_forms.schema.fhir.write_element import Element, Tools, words

JSONDict = dict[str, Any]

_ORDER = (
    *("id", "extension", "modifierExtension", "linkId", "definition", "code", "prefix", "text", "_text", "type"),
    *("enableWhen", "enableBehavior", "required", "repeats", "readOnly", "maxLength", "answerValueSet"),
    *("answerOption", "option", "initial"),
)


@dataclass
class ItemWriter:
    """Writes the items of one layout, each with a line of the report."""

    tools: Tools
    lines: list[ItemOutcome] = field(default_factory=list)

    def element(self, place: Place, path: str) -> JSONDict:
        """The item with everything under it."""
        line = ItemOutcome(path, place.item.get("link_id") or place.link_id, place.link_id, "", "")
        line.source_type = "section" if place.section else place.item["type"]
        self.lines.append(line)
        element = Element(self.tools, place, line).written()
        if not place.section and place.item["type"] == "attachment":
            files.tell(element, place.item, place.came)
        line.became = str(element.get("type"))
        below = self.children(place, element, path)
        if below:
            element["item"] = below
        known = [key for key in _ORDER if key in element]
        rest = [key for key in element if key not in _ORDER and key != "item"]
        return {key: element[key] for key in [*known, *rest, *(["item"] if "item" in element else [])]}

    def children(self, place: Place, element: JSONDict, path: str) -> list[JSONDict]:
        """What stands under an item: its help texts where they stood, then the items, in our order."""
        helps = _helps(place)
        found: list[JSONDict] = []
        for child in place.children:
            while helps and helps[0][0] <= len(found):
                found.append(helps.pop(0)[1])
            found.append(self.element(child, f"{path}.item[{len(found)}]"))
        return found + [each for _, each in helps]


def _helps(place: Place) -> list[tuple[int, JSONDict]]:
    """The texts that stand in our hint, each with its place among its neighbours."""
    item, came = place.item, place.came
    if came is not None and place.node is not None and all(item[key] == came[key] for key in ("hint", "unit")):
        said = [(n, child.source) for n, child in enumerate(place.node.children) if child.item == {}]
        return [(number, _withwords(source, item, came)) for number, source in said]
    long_label = came is not None and place.node is not None and "text" in place.node.unread and not came["items"]
    if not item.get("hint") or (long_label and came is not None and item["hint"] == came["hint"]):
        return []
    control = {"coding": [{"system": ITEM_CONTROL_SYSTEM, "code": "help"}]}
    text = {"linkId": f"{place.link_id}-help", "type": "display", "text": item["hint"]}
    translations.rewritten(text, "text", item["translations"], "hint")
    return [(0, {"extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}], **text})]


def _withwords(source: JSONDict, item: JSONDict, came: JSONDict) -> JSONDict:
    if words(item, "hint") == words(came, "hint"):
        return source
    source = copy.deepcopy(source)
    translations.rewritten(source, "text", item["translations"], "hint")
    return source
