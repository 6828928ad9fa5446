"""The mapping from one form to another as a JSON document, and as the steps it is read into.

A mapping says of every question of the old form what becomes of its answer. Questions inside a repeat stand inside
the repeat's own row, because an answer never leaves its entry.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jsonschema_rs

from careplan_forms.merging import canonical

MAPPING_VERSION = 1

Action = Literal["keep", "convert", "rename", "split", "merge", "drop"]
ACTIONS: tuple[Action, ...] = ("keep", "convert", "rename", "split", "merge", "drop")
#: What each action means to the person who edits the mapping.
ACTION_WORDS: dict[str, str] = {
    "keep": "Keeps its answer",
    "convert": "Keeps its answer, in another kind of question",
    "rename": "Its answer moves to another question",
    "split": "Is asked as several questions",
    "merge": "Is asked together with others in one question",
    "drop": "Is left out: its answer stays in approved versions only",
}

#: (code, system) of an option.
Coded = tuple[str, str]

_CODED = {
    "type": "object",
    "required": ["code", "system"],
    "additionalProperties": False,
    "properties": {"code": {"type": "string"}, "system": {"type": "string"}},
}
_ITEM = {
    "type": "object",
    "required": ["uid", "action", "to", "options", "items"],
    "additionalProperties": False,
    "properties": {
        "uid": {"type": "string", "minLength": 1},
        "action": {"enum": list(ACTIONS)},
        "to": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        "options": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["from", "to"],
                "additionalProperties": False,
                "properties": {"from": _CODED, "to": {"anyOf": [_CODED, {"type": "null"}]}},
            },
        },
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    },
}
#: JSON Schema of a mapping. `from` and `to` are the SHA-256 of the documents' canonical bytes.
MAPPING_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "How answers on one form become answers on another",
    "type": "object",
    "required": ["schema_version", "from", "to", "items"],
    "additionalProperties": False,
    "properties": {
        "schema_version": {"const": MAPPING_VERSION},
        "from": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "to": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    },
    "$defs": {"item": _ITEM},
}
_VALIDATOR = jsonschema_rs.Draft202012Validator(MAPPING_SCHEMA)


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the answer to one question of the old form; `steps` are those inside a repeat."""

    uid: str
    action: str
    to: tuple[str, ...]
    options: Mapping[Coded, Coded | None]
    steps: tuple["Step", ...]


def shape_faults(mapping: Any) -> list[str]:
    """Where a document is not a mapping at all: sentences, at most five."""
    found = []
    for error in _VALIDATOR.iter_errors(mapping):
        place = "/".join(str(part) for part in error.instance_path) or "the whole"
        found.append(f"This is not a mapping: at {place}, {error.message}")
    return found[:5]


def read_steps(mapping: Mapping[str, Any]) -> tuple[Step, ...]:
    """The rows of a mapping of the right shape (see `shape_faults`)."""
    return _steps(mapping["items"])


def every_row(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All rows of a mapping, those inside repeats after their repeat."""
    for row in rows:
        yield row
        yield from every_row(row["items"])


def row_of(uid: str, action: Action, to: list[str], items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """One row of a mapping."""
    return {"uid": uid, "action": action, "to": to, "options": [], "items": items or []}


def mapping_sha256(mapping: Mapping[str, Any]) -> str:
    """The hash by which a mapping is edited, counted and carried out."""
    return hashlib.sha256(canonical(mapping)).hexdigest()


def _steps(rows: list[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(
        Step(row["uid"], row["action"], tuple(row["to"]), _options(row["options"]), _steps(row["items"]))
        for row in rows
    )


def _options(rows: list[dict[str, Any]]) -> dict[Coded, Coded | None]:
    return {_coded(row["from"]): _coded(row["to"]) if row["to"] else None for row in rows}


def _coded(value: dict[str, str]) -> Coded:
    return value["code"], value["system"]
