"""JSON Schema of the canonical form document, made from its defaults so that the two cannot part.

It says what shape a document has; what a form must not say is the linter's to find (`linter`).
"""

from functools import cache
from typing import Any

import jsonschema_rs

from careplan_forms.schema.document import (
    BAND_DEFAULTS,
    DOCUMENT_DEFAULTS,
    ITEM_DEFAULTS,
    OPTION_DEFAULTS,
    SCHEMA_VERSION,
    SECTION_DEFAULTS,
    VALUE_SET_DEFAULTS,
    WARNING_DEFAULTS,
)
from careplan_forms.schema.items.file_kinds import KINDS
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.rules import OPERATORS

JSONDict = dict[str, Any]

ADDRESS = "https://foreword.example/schemas/form-document.schema.json"
_MOST_FAULTS = 20

_TEXT: JSONDict = {"type": "string"}
_TRANSLATIONS: JSONDict = {
    "type": "object",
    "description": "Language → field → text",
    "additionalProperties": {"type": "object", "additionalProperties": _TEXT},
}
_LIMIT: JSONDict = {"type": ["number", "string", "null"]}
_DAY: JSONDict = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_COUNT: JSONDict = {"type": ["integer", "null"], "minimum": 0}
_RULE: JSONDict = {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/rule"}]}

# What the type of a default does not say.
_ITEM: JSONDict = {
    "type": {"enum": sorted(ITEM_TYPES)},
    "code": {"type": "array", "items": {"type": "object"}},
    "required": {"enum": ["never", "publish"]},
    "absent": {"type": "array", "items": _TEXT},
    "show_if": _RULE,
    "required_if": _RULE,
    "warnings": {"type": "array", "items": {"$ref": "#/$defs/warning"}},
    "calculation": {"type": ["object", "null"], "description": "One operator; see the form language"},
    "roles": {"type": ["object", "null"], "description": "Who may see, edit and must answer; null: no limits"},
    "bands": {"type": "array", "items": {"$ref": "#/$defs/band"}},
    "max_length": {"type": ["integer", "null"], "minimum": 1},
    "value_set": {"type": ["string", "null"]},
    "options": {"type": "array", "items": {"$ref": "#/$defs/option"}},
    "min": _LIMIT,
    "max": _LIMIT,
    "decimals": _COUNT,
    "precision": {"type": "array", "items": {"enum": ["D", "M", "Y"]}},
    "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    "min_items": {"type": "integer", "minimum": 0},
    "max_items": _COUNT,
    "file_kinds": {"type": "array", "items": {"enum": list(KINDS)}},
    "max_size": {"type": ["integer", "null"], "minimum": 1, "description": "Bytes of one file"},
    "slot": {"type": ["string", "null"]},
    "slot_values": {"type": "object", "additionalProperties": _TEXT},
    "prefill": {"type": ["string", "null"]},
    "translations": _TRANSLATIONS,
}
_OPTION: JSONDict = {
    "status": {"enum": ["active", "retired"]},
    "retired_on": _DAY,
    "replaced_by": {"type": ["string", "null"]},
    "score": {"type": ["number", "string", "null"]},
    "translations": _TRANSLATIONS,
}
_SECTION: JSONDict = {
    "key": {"type": "string", "minLength": 1},
    "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    "translations": _TRANSLATIONS,
}
_VALUE_SET: JSONDict = {
    "valid_from": _DAY,
    "valid_until": _DAY,
    "options": {"type": "array", "items": {"$ref": "#/$defs/option"}},
    "source": _TEXT,
}
_DOCUMENT: JSONDict = {
    "schema_version": {"const": SCHEMA_VERSION},
    "key": {"type": "string", "minLength": 1, "maxLength": 100},
    "title": {"type": "string", "minLength": 1},
    "value_sets": {"type": "object", "additionalProperties": {"$ref": "#/$defs/valueSet"}},
    "sections": {"type": "array", "items": {"$ref": "#/$defs/section"}, "minItems": 1},
    "translations": _TRANSLATIONS,
}


def document_schema() -> JSONDict:
    """The schema of a whole document (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Foreword form document",
        **_object(DOCUMENT_DEFAULTS, _DOCUMENT, ["key", "title", "sections"]),
        "$defs": {
            "section": _object(SECTION_DEFAULTS, _SECTION, ["key", "title"]),
            "item": _object(ITEM_DEFAULTS, _ITEM, ["uid", "type"]),
            "option": _object(OPTION_DEFAULTS, _OPTION, []),
            "valueSet": _object(VALUE_SET_DEFAULTS, _VALUE_SET, ["options"]),
            "warning": _object(WARNING_DEFAULTS, {"rule": _RULE}, []),
            "rule": _rule(),
            "band": _object(BAND_DEFAULTS, {"from": _LIMIT, "to": _LIMIT}, []),
        },
    }


def faults(document: Any) -> list[str]:
    """What of a document has the wrong shape, in words, each with its place; at most twenty."""
    found = []
    for fault in _validator().iter_errors(document):
        place = "/".join(str(part) for part in fault.instance_path) or "the document"
        found.append(f"{place}: {str(fault.message)[:200]}")
        if len(found) == _MOST_FAULTS:
            break
    return found


def fits(key: str, value: Any) -> bool:
    """Whether a value has the shape that this setting of an item must have."""
    return key in ITEM_DEFAULTS and _item_validator().is_valid({"uid": "x", "type": "text", key: value})


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(document_schema())


@cache
def _item_validator() -> Any:
    schema = document_schema()
    return jsonschema_rs.validator_for(schema["$defs"]["item"] | {"$defs": schema["$defs"]})


def _object(defaults: JSONDict, known: JSONDict, required: list[str]) -> JSONDict:
    properties = {key: known.get(key) or _like(default) for key, default in defaults.items()}
    properties |= {key: each for key, each in known.items() if key not in defaults}
    return {"type": "object", "properties": properties, "required": required}


def _like(default: Any) -> JSONDict:
    """What a default without a schema of its own says about its values."""
    kinds = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    return {"type": kinds[type(default)]} if type(default) in kinds else {}


def _rule() -> JSONDict:
    """all, any, not, or one condition; an empty rule is always true."""
    several = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    return {
        "type": "object",
        "properties": {
            "all": several,
            "any": several,
            "not": {"$ref": "#/$defs/rule"},
            "item": _TEXT,
            "op": {"enum": list(OPERATORS)},
            "value": {},
        },
        "additionalProperties": False,
    }
