"""What a concept's value domain and the text about its value sets say about its answers."""

import re
from typing import Any

from careplan_forms.schema.fhir.text import as_text, plain
from careplan_forms.schema.lint_items import SNOMED
from careplan_forms.schema.verhoeff import is_snomed_id

JSONDict = dict[str, Any]

# A code with its words between bars: `450475007 | For resuscitation |`. Not one that stands for a set of others.
_LISTED = re.compile(r"(?P<mark>[\^<]\s*)?(?P<code>[0-9]{6,18})\s*\|\s*(?P<words>[^|]{1,200}?)\s*\|")
_TYPES = {
    "text": "text",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "quantity": "quantity",
    "decimal": "decimal",
    "count": "integer",
    "identifier": "string",
}


def fhir_type_of(concept: JSONDict) -> str:
    """The FHIR type of a concept's answer; text for what names no type."""
    domain = _domain(concept)
    kind = as_text(domain.get("type"))
    if kind == "datetime":
        precision = as_text(_property(domain, "timeStampPrecision"))
        return "dateTime" if "H" in precision else "date"
    return _TYPES.get(kind, "string")


def length_of(concept: JSONDict) -> int | None:
    """The most characters an answer may have, where the standard says so."""
    said = as_text(_property(_domain(concept), "maxLength"))
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said) <= 20_000 else None


def codes_in(concept: JSONDict) -> tuple[list[JSONDict], list[str]]:
    """The codings listed in the text about a concept's values, and codes among them that cannot be right."""
    text = plain(concept.get("valueSets"))[0].replace("&lt;", "<")
    codes: dict[str, JSONDict] = {}
    wrong: list[str] = []
    for found in _LISTED.finditer(text):
        words = " ".join(found["words"].split())
        if found["mark"] or "reference set" in words:
            continue
        if is_snomed_id(found["code"]):
            codes.setdefault(found["code"], {"system": SNOMED, "code": found["code"], "display": words})
        else:
            wrong.append(found["code"])
    return list(codes.values()), wrong


def _domain(concept: JSONDict) -> JSONDict:
    raw = concept.get("valueDomain")
    first = raw[0] if isinstance(raw, list) and raw else raw
    return first if isinstance(first, dict) else {}


def _property(domain: JSONDict, name: str) -> Any:
    raw = domain.get("property")
    for each in raw if isinstance(raw, list) else [raw]:
        if isinstance(each, dict) and name in each:
            return each[name]
    return None
