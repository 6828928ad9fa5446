"""Answers of several named parts: words for everybody, and the parts under an extension of ours."""

import json
from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.urls import PARTS
from careplan_forms.schema.model import Item
from careplan_forms.schema.model import read as read_form
from careplan_forms.schema.registry import answer_type

JSONDict = dict[str, Any]
_LONGEST = 20_000


def written(kind: str, value: Any) -> JSONDict:
    """The answer as text, its parts beside it."""
    known = answer_type(kind)
    text = known.text(_item(kind), value) if known else str(value)
    parts = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return {"valueString": text, "_valueString": {"extension": [{"url": PARTS, "valueString": parts}]}}


def read(kind: str, key: str, value: Any, answer: Mapping[str, Any]) -> JSONDict | None:
    """The parts of an answer; of a person whose parts are not told, the words are the name. None for others."""
    beside = answer.get("_valueString")
    extensions = beside.get("extension") if isinstance(beside, dict) else None
    for each in extensions if isinstance(extensions, list) else []:
        if isinstance(each, dict) and each.get("url") == PARTS:
            return _parts(as_text(each.get("valueString")))
    if kind == "person" and key == "valueString" and as_text(value):
        return {"name": as_text(value), "role": "", "organisation": "", "telephone": "", "email": ""}
    return None


def _parts(text: str) -> JSONDict | None:
    try:
        found = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _item(kind: str) -> Item:
    return read_form({"sections": [{"items": [{"uid": kind, "type": kind}]}]}).sections[0].items[0]
