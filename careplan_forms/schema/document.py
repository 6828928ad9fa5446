"""The canonical form document: its defaults, its bytes and its hash.

Two documents that mean the same have the same bytes: keys sorted, defaults written out, whole numbers without
a decimal point, text as UTF-8. A `FormVersion` stores these bytes; everything else is compiled from them.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

SCHEMA_VERSION = 1

JSONDict = dict[str, Any]

DOCUMENT_DEFAULTS: JSONDict = {
    "schema_version": SCHEMA_VERSION,
    "key": "",
    "url": "",
    "title": "",
    "purpose": "",
    "language": "en",
    "value_sets": {},
    "sections": [],
    # {language: {field: text}}, here and in sections, items and options.
    "translations": {},
    # What an import brought that has no place here, word for word.
    "residue": {},
}
SECTION_DEFAULTS: JSONDict = {
    "key": "",
    "title": "",
    "hint": "",
    "group": "",
    "items": [],
    "translations": {},
    "residue": {},
}
VALUE_SET_DEFAULTS: JSONDict = {
    "key": "",
    "version": "",
    "title": "",
    # The first and the last day on which the list may be used, None: no limit.
    "valid_from": None,
    "valid_until": None,
    "options": [],
}
OPTION_DEFAULTS: JSONDict = {
    "id": "",
    "code": "",
    "system": "",
    "display": "",
    "status": "active",
    "retired_on": None,
    "replaced_by": None,
    "score": None,
    "translations": {},
}
BAND_DEFAULTS: JSONDict = {"from": None, "to": None, "text": ""}
WARNING_DEFAULTS: JSONDict = {"uid": "", "rule": None, "text": ""}
ROLES_DEFAULTS: JSONDict = {"see": None, "edit": None, "require": None}
ITEM_DEFAULTS: JSONDict = {
    "uid": "",
    "link_id": "",
    "type": "text",
    "label": "",
    "hint": "",
    "patient_label": "",
    "code": [],
    "required": "never",
    "absent": [],
    "show_if": None,
    "required_if": None,
    "recommended": False,
    "warnings": [],
    "calculation": None,
    # What a score means: [{"from": 0, "to": 4, "text": "…"}]; either end may be left out.
    "bands": [],
    # The words at the ends of a scale.
    "min_label": "",
    "max_label": "",
    "max_length": None,
    "value_set": None,
    "options": [],
    "other": False,
    "unit": "",
    "min": None,
    "max": None,
    "decimals": None,
    "precision": ["D"],
    "items": [],
    "min_items": 0,
    "max_items": None,
    "file_kinds": [],
    "max_size": None,
    "slot": None,
    "slot_values": {},
    "prefill": None,
    # Who may see, change and must answer: {"see", "edit", "require"}, each a list of roles or null. See `roles`.
    "roles": None,
    "translations": {},
    "residue": {},
}


class DocumentError(ValueError):
    """The document cannot be read at all; the message is a sentence for the person who brought it."""


def upgrade(document: Mapping[str, Any]) -> JSONDict:
    """Bring a document of any earlier schema version to the present one.

    Raises DocumentError when it is not a document, or was written by a newer Foreword.
    """
    if not isinstance(document, Mapping):
        raise DocumentError("This is not a form document: it must be a JSON object.")
    upgraded = dict(document)
    version = upgraded.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise DocumentError("The form document's schema_version must be a whole number.")
    if version > SCHEMA_VERSION:
        raise DocumentError(
            f"This form document has schema version {version}; this release reads up to {SCHEMA_VERSION}."
        )
    for step in range(version, SCHEMA_VERSION):
        upgraded = _UPGRADERS[step](upgraded)
    upgraded["schema_version"] = SCHEMA_VERSION
    return upgraded


# One small tested function per past schema version: {1: from_1_to_2, …}.
_UPGRADERS: dict[int, Callable[[JSONDict], JSONDict]] = {}


def normalise(document: Mapping[str, Any]) -> JSONDict:
    """The document with every default written out, as plain JSON values.

    Unknown keys are kept (an importer's residue must survive), wrong shapes are left for the linter to name.
    """
    filled = _filled(upgrade(document), DOCUMENT_DEFAULTS)
    if isinstance(filled["value_sets"], dict):
        filled["value_sets"] = {key: _value_set(key, each) for key, each in filled["value_sets"].items()}
    filled["sections"] = _each(filled["sections"], _section)
    try:
        plain: JSONDict = _plain(filled)
    except RecursionError:
        raise DocumentError("This form document is nested too deeply to be read.") from None
    return plain


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed, signed and stored."""
    text = json.dumps(normalise(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def sha256_of(document: Mapping[str, Any]) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _filled(given: Mapping[str, Any], defaults: JSONDict) -> JSONDict:
    filled = {key: (value.copy() if isinstance(value, dict | list) else value) for key, value in defaults.items()}
    # A key given as null where the default is not null says no more than leaving it out.
    filled.update({key: value for key, value in given.items() if value is not None or key not in defaults})
    return filled


def _each(values: Any, fill: Callable[[Any], Any]) -> Any:
    return [fill(value) for value in values] if isinstance(values, list | tuple) else values


def _section(section: Any) -> Any:
    if not isinstance(section, Mapping):
        return section
    filled = _filled(section, SECTION_DEFAULTS)
    filled["items"] = _each(filled["items"], _item)
    return filled


def _item(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    filled = _filled(item, ITEM_DEFAULTS)
    filled["link_id"] = filled["link_id"] or filled["uid"]
    filled["options"] = _each(filled["options"], _option)
    filled["roles"] = _roles(filled["roles"])
    filled["warnings"] = _each(filled["warnings"], lambda warning: _with(warning, WARNING_DEFAULTS))
    filled["bands"] = _each(filled["bands"], lambda band: _with(band, BAND_DEFAULTS))
    try:
        filled["items"] = _each(filled["items"], _item)
    except RecursionError:
        raise DocumentError("This form document is nested too deeply to be read.") from None
    return filled


def _roles(roles: Any) -> Any:
    """Limits that limit nothing are none at all."""
    if not isinstance(roles, Mapping):
        return roles
    filled = ROLES_DEFAULTS | dict(roles)
    return None if all(each is None for each in filled.values()) else filled


def _value_set(key: str, value_set: Any) -> Any:
    if not isinstance(value_set, Mapping):
        return value_set
    filled = _filled(value_set, VALUE_SET_DEFAULTS)
    filled["key"] = filled["key"] or key
    filled["options"] = _each(filled["options"], _option)
    return filled


def _with(part: Any, defaults: JSONDict) -> Any:
    return _filled(part, defaults) if isinstance(part, Mapping) else part


def _option(option: Any) -> Any:
    if not isinstance(option, Mapping):
        return option
    filled = _filled(option, OPTION_DEFAULTS)
    filled["id"] = filled["id"] or filled["code"]
    return filled


def _plain(value: Any) -> Any:
    """Plain JSON values only, numbers without drift, text without lone surrogates."""
    if isinstance(value, str):
        return value if value.isascii() else _whole_text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    raise DocumentError(f"A form document holds JSON values only, not {type(value).__name__}.")


def _number(value: float | Decimal) -> int | float:
    if not math.isfinite(value):
        raise DocumentError("A form document cannot hold a number that is infinite or not a number.")
    return int(value) if value == int(value) else float(value)


def _whole_text(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
