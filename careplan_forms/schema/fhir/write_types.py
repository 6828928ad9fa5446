"""Which FHIR item type each of ours is exported as."""

from typing import Any

from careplan_forms.schema.fhir.layout import Place
from careplan_forms.schema.items.kinds import CALCULATED, CONTAINERS, NUMBERS, STRUCTURED, TEXTS

JSONDict = dict[str, Any]

# Types of ours that an item of each FHIR type may be here; while it is one of them, the FHIR type stands.
_MAY_BE = {
    "group": {*CONTAINERS, *TEXTS},
    "display": {*TEXTS},
    "boolean": {"yes_no", *CALCULATED},
    "decimal": {*NUMBERS, *CALCULATED},
    "integer": {*NUMBERS, *CALCULATED},
    "quantity": {*NUMBERS, *CALCULATED},
    "date": {"date", *CALCULATED},
    "dateTime": {"date"},
    "time": {"text"},
    "string": {*CALCULATED, *STRUCTURED, "text", "long_text", "telephone", "email", "nhs_number"},
    "text": {"long_text", "text", *CALCULATED},
    "url": {"text"},
    "choice": {"choice", "choices", "text"},
    "open-choice": {"choice", "choices", "text"},
    "attachment": {"attachment", "text"},
    "reference": {"text", "organisation"},
}


def fhir_type(place: Place) -> str:
    """The type an item has in FHIR: the one it came with while that fits, else ours in FHIR's words."""
    if place.section:
        return "group"
    given = place.node.type if place.node else str(place.item["residue"].get("type") or "")
    came = place.came
    if given and came is not None and _same_kind(place.item, came):
        return given
    if given and place.item["type"] in _MAY_BE.get(given, ()) and not _turned(place.item, given):
        return given
    return plain_type(place.item)


def plain_type(item: JSONDict) -> str:
    """Our type in FHIR's words, whatever the item came as."""
    kind = item["type"]
    if kind in CALCULATED and "concat" in (item["calculation"] or {}):
        return "string"
    if kind in ("number", *CALCULATED):
        return "quantity" if item["unit"] else "integer" if item["decimals"] == 0 else "decimal"
    if kind in ("choice", "choices"):
        return "open-choice" if item["other"] else "choice"
    return _PLAIN.get(kind, "string")


_PLAIN = {
    "group": "group",
    "repeat": "group",
    "table": "group",
    "guidance": "display",
    "body": "display",
    "scale": "integer",
    "long_text": "text",
    "yes_no": "boolean",
    "date": "date",
    "organisation": "reference",
    "attachment": "attachment",
}


def _same_kind(item: JSONDict, came: JSONDict) -> bool:
    return all(item[key] == came[key] for key in ("type", "other", "unit", "decimals"))


def _turned(item: JSONDict, given: str) -> bool:
    """Whether a choice was opened or closed to other words, or a number got a unit or lost its decimals."""
    if given in ("choice", "open-choice"):
        return bool(item["other"]) is (given == "choice")
    return given in ("decimal", "integer", "quantity") and plain_type(item) != given
