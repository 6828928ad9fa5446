"""Whether two Questionnaires mean the same, element by element.

Spelled differently but meaning the same are: the order of extensions and of keys, ids of elements, whole numbers with
and without a decimal point, numbers and flags written as text, `option` for `answerOption` (an earlier FHIR release),
an absent flag and one that is false, several conditions without `enableBehavior` (read as any), a linkId that had to be
repaired and the repaired one. Left out are what names the publication and not the form (id, meta, version, status,
date) and extensions of ours. Everything else must be equal, elements we know nothing of included.
"""

import json
from typing import Any

from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.numbers import decimal_of
from careplan_forms.schema.fhir.report import ImportReport
from careplan_forms.schema.fhir.source import Unreadable, load
from careplan_forms.schema.fhir.text import as_text, plain
from careplan_forms.schema.fhir.tree import Node, build
from careplan_forms.schema.fhir.urls import OURS

JSONDict = dict[str, Any]

_PUBLICATION = frozenset({"resourceType", "id", "meta", "version", "status", "date", "item", "text"})
_FLAGS = frozenset({"required", "repeats", "readOnly"})
_NUMBERS = frozenset({"maxLength"})
_HELD = frozenset({"item", "linkId", "id"})


def same_meaning(a: JSONDict, b: JSONDict) -> list[str]:
    """The differences in words, each with its place; none when the two mean the same.

    Raises Unreadable when one of them is not a Questionnaire.
    """
    first, second = load(a), load(b)
    found = [f"the form: {each}" for each in _differing(_head(first), _head(second))]
    return found + _items(_nodes(first), _nodes(second), "")


def _nodes(questionnaire: JSONDict) -> list[Node]:
    return build(questionnaire, "urn:compared", ImportReport())


def _items(first: list[Node], second: list[Node], path: str) -> list[str]:
    if len(first) != len(second):
        names = [", ".join(node.link_id for node in nodes[:8]) or "nothing" for nodes in (first, second)]
        return [f"{path or 'the form'}: {len(first)} items here, {len(second)} there ({names[0]} / {names[1]})"]
    found: list[str] = []
    for one, other in zip(first, second, strict=True):
        place = f"{path}/{one.link_id}"
        if one.link_id != other.link_id:
            found.append(f"{place}: linkId {one.link_id} here, {other.link_id} there")
        found += [f"{place}: {each}" for each in _differing(_item(one), _item(other))]
        found += _items(one.children, other.children, place)
    return found


def _differing(one: JSONDict, other: JSONDict) -> list[str]:
    return [
        f"{key} is {_short(one.get(key))} here and {_short(other.get(key))} there"
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)[:160] if value is not None else "not said"


def _head(questionnaire: JSONDict) -> JSONDict:
    return _meant({key: value for key, value in questionnaire.items() if key not in _PUBLICATION})


def _item(node: Node) -> JSONDict:
    source = {key: value for key, value in node.source.items() if key not in _HELD}
    if "option" in source and "answerOption" not in source:
        source["answerOption"] = source.pop("option")
    for key in _FLAGS & set(source):
        source[key] = as_text(source[key]).lower() in ("true", "1") or source[key] is True
        if source[key] is False:
            del source[key]
    for key in _NUMBERS & set(source):
        source[key] = _number(source[key])
    if "text" in source:
        source["text"] = plain(source["text"])[0]
    source["type"] = node.type or ("group" if node.children else "string")
    _conditions(source)
    return _meant(source)


def _conditions(source: JSONDict) -> None:
    raw = source.get("enableWhen")
    rows = [raw] if isinstance(raw, dict) else raw if isinstance(raw, list) else []
    if not rows:
        return
    source["enableWhen"] = [_row(row) if isinstance(row, dict) else row for row in rows]
    if len(rows) == 1:
        source.pop("enableBehavior", None)
    else:
        source.setdefault("enableBehavior", "any")


def _row(row: JSONDict) -> JSONDict:
    """A coding waits for its code in its system; the words beside it decide nothing."""
    row = dict(row)
    coding = row.get("answerCoding")
    if isinstance(coding, dict) and coding.get("code"):
        row["answerCoding"] = {key: value for key, value in coding.items() if key in ("code", "system")}
    return row


def _meant(value: Any) -> Any:
    """A value without what decides nothing."""
    if isinstance(value, dict):
        found = {key: _meant(each) for key, each in value.items() if key != "id" or "resourceType" in value}
        if isinstance(value.get("extension"), list):
            found["extension"] = _extensions(value["extension"])
        return {key: each for key, each in found.items() if each not in ([], {}, "", None)}
    if isinstance(value, list):
        return [_meant(each) for each in value]
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _extensions(raw: list[Any]) -> list[Any]:
    kept = [each for each in raw if not (isinstance(each, dict) and as_text(each.get("url")).startswith(OURS))]
    return sorted((_extension(each) for each in kept), key=lambda each: json.dumps(each, sort_keys=True, default=str))


def _extension(each: Any) -> Any:
    """An extension by the last part of its address; a limit is the same as whole and as decimal number."""
    meant = _meant(each)
    if isinstance(meant, dict) and isinstance(each, dict):
        name = short_name(each.get("url"))
        if name in ("minValue", "maxValue", "maxDecimalPlaces", "minOccurs", "maxOccurs"):
            value = next((value for key, value in meant.items() if key.startswith("value")), None)
            return {"name": name, "value": _number(value)}
        meant["url"] = name
    return meant


def _number(value: Any) -> Any:
    number = decimal_of(value)
    return str(number.normalize()) if number is not None else value


__all__ = ["Unreadable", "same_meaning"]
