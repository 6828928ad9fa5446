"""What FHIR has no word for: written under our own extensions, and read back when one of our forms comes home.

The value is JSON text. It may come from anywhere, so every part of it must have the shape its setting has.
"""

import json
from collections.abc import Iterable
from typing import Any

from careplan_forms.schema.document import ITEM_DEFAULTS, OPTION_DEFAULTS
from careplan_forms.schema.document_schema import fits
from careplan_forms.schema.fhir import translations
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.fhir.urls import ITEM, OPTION, SECTION
from careplan_forms.schema.items.kinds import CONTAINERS, TEXTS
from careplan_forms.schema.registry import ITEM_TYPES

JSONDict = dict[str, Any]

#: What decides what an item is and where it stands is read from the form itself, never from here.
_NEVER = frozenset({"uid", "link_id", "items", "residue", "options", "value_set"})
_HOLDS = frozenset({*CONTAINERS, *TEXTS})
#: Types that FHIR tells as another one of ours.
_DRAWN_AS = {"table": "repeat", "body": "guidance"}


def extension(url: str, value: JSONDict) -> JSONDict:
    """An extension of ours."""
    return {"url": url, "valueString": json.dumps(value, ensure_ascii=False, sort_keys=True)}


def value_of(holder: Any, url: str) -> JSONDict:
    """What an extension of ours says; empty when it is not there or says nothing readable."""
    raw = holder.get("extension") if isinstance(holder, dict) else None
    for each in raw if isinstance(raw, list) else []:
        if isinstance(each, dict) and each.get("url") == url:
            try:
                value = json.loads(str(each.get("valueString")))
            except (ValueError, RecursionError):
                return {}
            return value if isinstance(value, dict) else {}
    return {}


def section_of(node: Node | None) -> JSONDict:
    """The key, hint and heading of a group that was a section; empty for any other."""
    found = value_of(node.source, SECTION) if node else {}
    return found if isinstance(found.get("key"), str) and found["key"] else {}


def option_of(holder: Any) -> JSONDict:
    """What an option says beyond code, system and display."""
    found = value_of(holder, OPTION)
    return {key: each for key, each in found.items() if key in ("id", "status", "replaced_by") and _is_like(key, each)}


def bring_back(nodes: Iterable[Node]) -> None:
    """Give items the settings that only our own forms have."""
    for node in nodes:
        if not node.item:
            continue
        told = value_of(node.source, ITEM)
        if told.get("type") == "scale":
            node.item["decimals"] = None
        words = translations.only(told.pop("translations", None), "patient_label")
        if words:
            node.item["translations"] = translations.merged(node.item.get("translations", {}), words)
        for key, value in told.items():
            if key in _NEVER or not fits(key, value) or not _type_stays(key, value, node.item):
                if key not in _NEVER:
                    node.outcome.note(Outcome.REFUSED, f"its setting {key[:40]} has the wrong shape and is left out")
                continue
            (node.holder if key == "show_if" and node.holder else node.item)[key] = value


def settings_of(item: JSONDict, told: frozenset[str]) -> JSONDict:
    """The settings of an item that are neither at their default nor told in FHIR's own words."""
    return {
        key: value
        for key, value in item.items()
        if key in ITEM_DEFAULTS and key not in (_NEVER | told) and value != ITEM_DEFAULTS[key]
    }


def _type_stays(key: str, value: Any, item: JSONDict) -> bool:
    """A question may become another kind of question, never one that holds others or the reverse."""
    if key != "type":
        return True
    coded = ("choice", "choices")
    if value in _HOLDS or item["type"] in _HOLDS:
        return bool(_DRAWN_AS.get(value, value) == item["type"])
    return value in ITEM_TYPES and (value in coded) == (item["type"] in coded)


def _is_like(key: str, value: Any) -> bool:
    if key == "status":
        return value in ("active", "retired")
    return isinstance(value, str) and 0 < len(value) <= 200 and key in OPTION_DEFAULTS
