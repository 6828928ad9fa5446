"""The answers of coded questions in FHIR: listed in the item, or in a value set inside the form."""

import re
from collections.abc import Iterable
from typing import Any

from careplan_forms.schema.fhir import ours, translations
from careplan_forms.schema.fhir.options import LOCAL_SYSTEM, unique_id
from careplan_forms.schema.fhir.text import slug
from careplan_forms.schema.fhir.urls import OPTION, ORDINAL, VALUE_SET

JSONDict = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}\Z")


def answer_options(options: list[JSONDict]) -> list[JSONDict]:
    """`answerOption`, in the order of the form."""
    ids: set[str] = set()
    return [_answer_option(option, unique_id(option["code"], ids)) for option in options]


def _answer_option(option: JSONDict, plain_id: str) -> JSONDict:
    more = _extensions(option, plain_id)
    if option["system"] == LOCAL_SYSTEM and not option["translations"] and plain_id == option["id"]:
        # Words without a code came as words and go as words.
        return ({"extension": more} if more else {}) | {"valueString": option["display"]}
    coding = {key: option[key] for key in ("system", "code", "display") if option[key]}
    translations.rewritten(coding, "display", option["translations"], "display")
    return {"valueCoding": ({"extension": more} if more else {}) | coding}


def value_set(key: str, given: JSONDict, taken: Iterable[str]) -> JSONDict:
    """A `ValueSet` to travel inside the form; neighbours of the same code system share an include."""
    includes: list[JSONDict] = []
    ids: set[str] = set()
    for option in given["options"]:
        if not includes or includes[-1].get("system", "") != option["system"]:
            includes.append(({"system": option["system"]} if option["system"] else {}) | {"concept": []})
        includes[-1]["concept"].append(_concept(option, unique_id(option["code"], ids)))
    own = {"key": key} | ({"source": given["source"]} if given.get("source") else {})
    return {
        "resourceType": "ValueSet",
        "id": _free_id(key, set(taken)),
        "extension": [ours.extension(VALUE_SET, own)],
        "status": "active",
        **({"version": given["version"]} if given["version"] else {}),
        **({"title": given["title"]} if given["title"] else {}),
        "compose": {"include": includes},
    }


def _concept(option: JSONDict, plain_id: str) -> JSONDict:
    more = _extensions(option, plain_id)
    concept = {key: option[key] for key in ("code", "display") if option[key]}
    translations.rewritten(concept, "display", option["translations"], "display")
    return ({"extension": more} if more else {}) | concept


def _extensions(option: JSONDict, plain_id: str) -> list[JSONDict]:
    found = []
    score = option["score"]
    if isinstance(score, int | float) and not isinstance(score, bool):
        found.append({"url": ORDINAL, "valueDecimal": score})
    own = {key: option[key] for key in ("replaced_by",) if option[key]}
    own |= {"status": option["status"]} if option["status"] != "active" else {}
    own |= {"id": option["id"]} if option["id"] != plain_id else {}
    return [*found, ours.extension(OPTION, own)] if own else found


def _free_id(key: str, taken: set[str]) -> str:
    base = key if _ID.match(key) else slug(key, 60) or "answers"
    name, number = base, 2
    while name in taken:
        name, number = f"{base[:60]}-{number}", number + 1
    return name
