"""What the section editor stores, as items of the form document, and back.

Both ways work on plain JSON values, so that compiling a form builds no editor. Going there and back gives the same
items: what the editor has no field for, or would say differently, travels in `kept` and stands until somebody edits
the field it belongs to.
"""

import json
from typing import Any

from careplan_forms.block_lines import code_lines, codes_in, slot_lines, slot_values_in
from careplan_forms.block_options import option_row, options_of
from careplan_forms.block_roles import role_choices, roles_in
from careplan_forms.block_rules import EMPTY, heard, said
from careplan_forms.block_types import band_lines, bands_in, megabytes, tidy
from careplan_forms.schema.document import ITEM_DEFAULTS, normalise
from careplan_forms.schema.findings import listed
from careplan_forms.schema.items.file_kinds import KINDS, MB
from careplan_forms.schema.items.kinds import CALCULATED, CONTAINERS, NUMBERS, REPEATS, TEXTS
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.wording import ABSENT

JSONDict = dict[str, Any]

_PLAIN = ("label", "hint", "patient_label", "link_id", "unit", "min_label", "max_label")
_NULLABLE = ("max_length", "min", "max", "decimals", "max_items", "slot", "prefill", "value_set")
_LIMITS = ("min", "max")
_TYPED = {
    "max_length": ("text", "long_text"),
    "value_set": ("choice", "choices"),
    "options": ("choice", "choices"),
    "other": ("choice", "choices"),
    "unit": ("number", *CALCULATED),
    "min": (*NUMBERS, "date"),
    "max": (*NUMBERS, "date"),
    "min_label": ("scale",),
    "max_label": ("scale",),
    "bands": ("score",),
    "decimals": ("number", *CALCULATED),
    "precision": ("date",),
    "min_items": (*REPEATS, "attachment"),
    "max_items": (*REPEATS, "attachment"),
    "file_kinds": ("attachment",),
    "max_size": ("attachment",),
    "calculation": CALCULATED,
}
_NOT_IN_GROUP = ("required", "required_if", "recommended", "warnings", "absent", "who_require")
_NOT_IN_GUIDANCE = ("hint", "patient_label", "code", "slot", "slot_values", "prefill", "who_edit", *_NOT_IN_GROUP)


def items_of(stream: list[JSONDict]) -> list[JSONDict]:
    """The items that stored blocks stand for, defaults written out."""
    return [_item(block) for block in stream]


def stream_of(items: list[JSONDict]) -> list[JSONDict]:
    """The stored blocks of items; raises ValueError for an item of a type the editor does not know."""
    return [_block(item) for item in _normal(items)]


def _normal(items: list[JSONDict]) -> list[JSONDict]:
    filled: list[JSONDict] = normalise({"sections": [{"items": items}]})["sections"][0]["items"]
    return filled


# Blocks to items


def _item(block: JSONDict) -> JSONDict:
    item = _as_edited(block)
    kept = json.loads(block["value"].get("kept") or "{}")
    for key, (brought, edited) in kept.get("fields", {}).items():
        if item.get(key) == edited:
            item[key] = brought
    return item | kept.get("more", {})


def _as_edited(block: JSONDict) -> JSONDict:
    value = block["value"]
    item = _empty() | {"uid": block.get("id") or "", "type": block["type"]}
    for key in _PLAIN:
        item[key] = value.get(key) or ""
    for key in _NULLABLE:
        item[key] = value.get(key) or None if key not in (*_LIMITS, "decimals") else value.get(key)
    item["link_id"] = item["link_id"] or item["uid"]
    item["required"] = "publish" if value.get("required") else "never"
    item["other"] = bool(value.get("other"))
    item["min_items"] = value.get("min_items") or 0
    item["file_kinds"] = list(value.get("file_kinds") or [])
    item["max_size"] = (value.get("max_size") or 0) * MB or None
    item["absent"] = list(value.get("absent") or [])
    item["precision"] = list(value.get("precision") or ["D"])
    item["bands"] = bands_in(value.get("bands") or "")
    item["code"] = codes_in(value.get("code") or "")
    item["slot_values"] = slot_values_in(value.get("slot_values") or "")
    item["options"] = options_of(value.get("options") or [])
    item["roles"] = roles_in(value)
    item["recommended"] = bool(value.get("recommended"))
    for part in EMPTY:
        item[part] = heard(part, value.get(part) or "")
    item["items"] = [_item(each) for each in value.get("items") or []]
    for key in _LIMITS:
        item[key] = tidy(item[key])
    return item


def _empty() -> JSONDict:
    return {key: (each.copy() if isinstance(each, dict | list) else each) for key, each in ITEM_DEFAULTS.items()}


# Items to blocks


def _block(item: JSONDict) -> JSONDict:
    if item["type"] not in ITEM_TYPES:
        raise ValueError(f"“{item['link_id']}” is of a type this form editor does not know: {item['type']}.")
    value = _fields(item)
    block = {"type": item["type"], "id": item["uid"], "value": value}
    value["kept"] = _kept(item, _as_edited(block))
    return block


def _fields(item: JSONDict) -> JSONDict:
    value: JSONDict = {key: item[key] for key in (*_PLAIN, *_NULLABLE, "absent", "precision", "other", "min_items")}
    value["absent"] = [each for each in item["absent"] if isinstance(each, str) and each in ABSENT]
    value["file_kinds"] = [each for each in KINDS if each in listed(item["file_kinds"])]
    value["max_size"] = megabytes(item["max_size"])
    value["required"] = item["required"] == "publish"
    value["recommended"] = item["recommended"] is True
    for part in EMPTY:
        value[part] = said(part, item[part])
    value["bands"] = band_lines(item["bands"])
    value["code"] = code_lines(item["code"])
    value["slot_values"] = slot_lines(item["slot_values"])
    value |= role_choices(item["roles"])
    value["options"] = [
        {"type": "item", "id": each["id"], "value": option_row(each)}
        for each in item["options"]
        if isinstance(each, dict)
    ]
    value = {key: each for key, each in value.items() if _has(item["type"], key)}
    if item["type"] in CONTAINERS:
        value["items"] = [_block(each) for each in item["items"]]
    return value


def _has(kind: str, field: str) -> bool:
    if kind in TEXTS and field in _NOT_IN_GUIDANCE:
        return False
    if kind == "group" and field in _NOT_IN_GROUP:
        return False
    return kind in _TYPED.get(field, (kind,))


def _kept(item: JSONDict, edited: JSONDict) -> str:
    """What editing would lose: fields that come back differently, and keys the document gained elsewhere."""
    known = set(ITEM_DEFAULTS) - {"uid", "type", "items", "residue"}
    fields = {key: [item[key], edited[key]] for key in sorted(known) if item[key] != edited[key]}
    more = {key: each for key, each in item.items() if key not in ITEM_DEFAULTS}
    if item["residue"]:
        more["residue"] = item["residue"]
    if item["items"] and item["type"] not in CONTAINERS:
        more["items"] = item["items"]
    kept = {key: each for key, each in (("fields", fields), ("more", more)) if each}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""
