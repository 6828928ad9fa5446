"""What the section editor stores, as items of the form document, and back.

Both ways work on plain JSON values, so that compiling a form builds no editor. Going there and back gives the same
items: what the editor has no field for, or would say differently, travels in `kept` and stands until somebody edits
the field it belongs to.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.block_fields import CONTAINERS
from careplan_forms.block_lines import code_lines, codes_in, slot_lines, slot_values_in
from careplan_forms.block_roles import role_choices, roles_in
from careplan_forms.block_rules import TypeOf, rows_of, rule_of
from careplan_forms.schema.document import ITEM_DEFAULTS, OPTION_DEFAULTS, normalise
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.wording import ABSENT

JSONDict = dict[str, Any]

_PLAIN = ("label", "hint", "patient_label", "link_id", "unit")
_NULLABLE = ("max_length", "min", "max", "decimals", "max_items", "slot", "prefill", "value_set")
_NUMBERS = ("min", "max")
#: What an answer may have that the editor shows no field for.
_UNSEEN = ("score", "translations")
_TYPED = {
    "max_length": ("text", "long_text"),
    "value_set": ("choice", "choices"),
    "options": ("choice", "choices"),
    "other": ("choice", "choices"),
    "unit": ("number",),
    "min": ("number",),
    "max": ("number",),
    "decimals": ("number",),
    "precision": ("date",),
    "min_items": ("repeat",),
    "max_items": ("repeat",),
}
_NOT_IN_GROUP = ("required", "absent", "who_require")
_NOT_IN_GUIDANCE = ("hint", "patient_label", "code", "slot", "slot_values", "prefill", "who_edit", *_NOT_IN_GROUP)


def types_in(streams: Iterable[list[JSONDict]]) -> dict[str, str]:
    """The type of every item of some sections, by uid; `streams` are stored block lists."""
    found: dict[str, str] = {}
    for stream in streams:
        for block in stream:
            found[block.get("id") or ""] = block["type"]
            found |= types_in([block["value"].get("items") or []])
    return found


def items_of(stream: list[JSONDict], types: Mapping[str, str]) -> list[JSONDict]:
    """The items that stored blocks stand for, defaults written out. `types` tells conditions what they ask about."""
    return [_item(block, lambda uid: types.get(uid, "")) for block in stream]


def stream_of(items: list[JSONDict], types: Mapping[str, str] | None = None) -> list[JSONDict]:
    """The stored blocks of items; raises ValueError for an item of a type the editor does not know."""
    plain = _normal(items)
    known = dict(types or {}) | types_of(plain)
    return [_block(item, lambda uid: known.get(uid, "")) for item in plain]


def stream_of_options(options: list[JSONDict]) -> list[JSONDict]:
    """The stored blocks of a list of answers."""
    return [{"type": "option", "id": each["id"] or each["code"], "value": _option_row(each)} for each in options]


def options_of(stream: list[JSONDict]) -> list[JSONDict]:
    """The options that stored blocks stand for."""
    return [_option(block) for block in stream]


def _normal(items: list[JSONDict]) -> list[JSONDict]:
    filled: list[JSONDict] = normalise({"sections": [{"items": items}]})["sections"][0]["items"]
    return filled


def types_of(items: list[JSONDict]) -> dict[str, str]:
    """The type of every item and of everything inside, by uid."""
    found: dict[str, str] = {}
    for item in items:
        found[item["uid"]] = item["type"]
        found |= types_of(item["items"])
    return found


# Blocks to items


def _item(block: JSONDict, type_of: TypeOf) -> JSONDict:
    item = _as_edited(block, type_of)
    kept = json.loads(block["value"].get("kept") or "{}")
    for key, (brought, edited) in kept.get("fields", {}).items():
        if item.get(key) == edited:
            item[key] = brought
    return item | kept.get("more", {})


def _as_edited(block: JSONDict, type_of: TypeOf) -> JSONDict:
    value = block["value"]
    item = _empty() | {"uid": block.get("id") or "", "type": block["type"]}
    for key in _PLAIN:
        item[key] = value.get(key) or ""
    for key in _NULLABLE:
        item[key] = value.get(key) or None if key not in (*_NUMBERS, "decimals") else value.get(key)
    item["link_id"] = item["link_id"] or item["uid"]
    item["required"] = "publish" if value.get("required") else "never"
    item["other"] = bool(value.get("other"))
    item["min_items"] = value.get("min_items") or 0
    item["absent"] = list(value.get("absent") or [])
    item["precision"] = list(value.get("precision") or ["D"])
    item["code"] = codes_in(value.get("code") or "")
    item["slot_values"] = slot_values_in(value.get("slot_values") or "")
    item["options"] = [_option(each) for each in value.get("options") or []]
    item["show_if"] = _rule(value, type_of)
    item["roles"] = roles_in(value)
    item["items"] = [_item(each, type_of) for each in value.get("items") or []]
    for key in _NUMBERS:
        item[key] = _tidy(item[key])
    return item


def _rule(value: JSONDict, type_of: TypeOf) -> Any:
    rows = _rows(value.get("show_if"))
    rule = rule_of(value.get("match") or "all", rows, type_of)
    if rule is None and value.get("rule"):
        try:
            return json.loads(value["rule"])
        except ValueError:
            return {"unreadable": value["rule"]}
    return rule


def _rows(stored: Any) -> list[JSONDict]:
    return [
        row["value"] if isinstance(row, Mapping) and "value" in row and "type" in row else row for row in stored or []
    ]


def _option(block: JSONDict) -> JSONDict:
    row = block["value"]
    return OPTION_DEFAULTS | {
        "id": block.get("id") or row.get("code") or "",
        "code": row.get("code") or "",
        "system": row.get("system") or "",
        "display": row.get("display") or "",
        "status": row.get("status") or "active",
        "replaced_by": row.get("replaced_by") or None,
        **_unseen(row.get("kept") or "{}"),
    }


def _unseen(text: str) -> JSONDict:
    """What travelled through the page with an answer; nothing of it when somebody wrote something else there."""
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return {key: kept[key] for key in _UNSEEN if key in kept} if isinstance(kept, dict) else {}


def _empty() -> JSONDict:
    return {key: (each.copy() if isinstance(each, dict | list) else each) for key, each in ITEM_DEFAULTS.items()}


def _tidy(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number == int(number) else number


# Items to blocks


def _block(item: JSONDict, type_of: TypeOf) -> JSONDict:
    if item["type"] not in ITEM_TYPES:
        raise ValueError(f"“{item['link_id']}” is of a type this form editor does not know: {item['type']}.")
    value = _fields(item, type_of)
    block = {"type": item["type"], "id": item["uid"], "value": value}
    value["kept"] = _kept(item, _as_edited(block, type_of))
    return block


def _fields(item: JSONDict, type_of: TypeOf) -> JSONDict:
    rows = rows_of(item["show_if"], type_of)
    value: JSONDict = {key: item[key] for key in (*_PLAIN, *_NULLABLE, "absent", "precision", "other", "min_items")}
    value["absent"] = [each for each in item["absent"] if isinstance(each, str) and each in ABSENT]
    value["required"] = item["required"] == "publish"
    value["match"] = rows[0] if rows else "all"
    value["show_if"] = _listed(item["uid"], "when", rows[1] if rows else [])
    value["rule"] = "" if rows else json.dumps(item["show_if"], ensure_ascii=False)
    value["code"] = code_lines(item["code"])
    value["slot_values"] = slot_lines(item["slot_values"])
    value |= role_choices(item["roles"])
    value["options"] = [
        {"type": "item", "id": each["id"], "value": _option_row(each)}
        for each in item["options"]
        if isinstance(each, dict)
    ]
    value = {key: each for key, each in value.items() if _has(item["type"], key)}
    if item["type"] in CONTAINERS:
        value["items"] = [_block(each, type_of) for each in item["items"]]
    return value


def _has(kind: str, field: str) -> bool:
    if kind == "guidance" and field in _NOT_IN_GUIDANCE:
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


def _option_row(option: JSONDict) -> JSONDict:
    more = {key: option[key] for key in _UNSEEN if option.get(key) not in (None, {})}
    return {
        "kept": json.dumps(more, ensure_ascii=False, sort_keys=True) if more else "",
        "display": option["display"],
        "code": option["code"],
        "system": option["system"],
        "status": option["status"],
        "replaced_by": option["replaced_by"] or "",
    }


def _listed(uid: str, name: str, rows: list[JSONDict]) -> list[JSONDict]:
    """Rows as a list block stores them, with ids that stay the same when the same document is written again."""
    return [
        {"type": "item", "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{uid}/{name}/{index}")), "value": row}
        for index, row in enumerate(rows)
    ]
