"""JSON Schema of a flow file, for tools and for people who write one by hand.

It says what shape a file has; reading forgives blanks around a text, the schema does not. What a shape cannot say
(states that are named exist, one start, a sound flow) is said by `loading` and `lint` when the file is brought in.
"""

from workflows.engine import loading, reading
from workflows.engine.schema_words import JSONDict
from workflows.engine.schema_words import object_of as _object
from workflows.engine.schema_words import text as _text
from workflows.engine.schema_words import word as _word
from workflows.engine.spec import SPEC_VERSION, Counts, ReasonRule, Scope, StateKind

ADDRESS = "https://foreword.example/schemas/flow.schema.json"


def flow_schema() -> JSONDict:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Foreword flow",
        **_object(
            {
                "key": {"type": "string", "pattern": reading.SLUG.pattern},
                "name": _text(loading.DEFINITION_NAME_LENGTH, needed=True),
                "subject_kind": _text(reading.NAME_LENGTH, needed=True),
                "applies_when": {"type": "object", "description": "Facts of the subject that must be equal"},
                "priority": {"type": "integer", "minimum": 0, "maximum": loading.MAX_PRIORITY},
                "is_default": {"type": "boolean"},
                "spec": {"$ref": "#/$defs/spec"},
            },
            required=["key", "name", "subject_kind", "spec"],
        ),
        "$defs": {
            "spec": _spec(),
            "state": _state(),
            "transition": _transition(),
            "actor": _object(
                {"role": _text(reading.NAME_LENGTH, needed=True), "scope": _word(Scope)}, required=["role", "scope"]
            ),
            "quorum": _quorum(),
            "use": _object(
                {"name": _text(reading.NAME_LENGTH, needed=True), "params": {"type": "object"}}, required=["name"]
            ),
        },
    }


def _spec() -> JSONDict:
    return _object(
        {
            "spec_version": {"const": SPEC_VERSION},
            "title": _text(needed=True),
            "exemption": _text(loading.EXEMPTION_LENGTH),
            "note": _text(loading.NOTE_LENGTH),
            "states": _rows("state"),
            "transitions": _rows("transition"),
        },
        required=["spec_version", "title", "states"],
    )


def _state() -> JSONDict:
    return _object(
        {
            "key": _key(),
            "label": _text(needed=True),
            "kind": _word(StateKind),
            "outcome": _text(reading.NAME_LENGTH),
            "waits_for": _rows("actor"),
            "due_hours": _hours(),
            "reminder_hours": _hours(),
            "escalate_to": _text(reading.NAME_LENGTH),
            "counts": _word(Counts),
            "pauses": {"type": "boolean"},
        },
        required=["key", "label", "kind"],
    )


def _transition() -> JSONDict:
    return _object(
        {
            "key": _key(),
            "label": _text(needed=True),
            "from": _text(needed=True),
            "to": _text(needed=True),
            "actors": _rows("actor"),
            "guards": _rows("use"),
            "effects": _rows("use"),
            "reason": _word(ReasonRule),
            "confirm_text": _text(),
            "four_eyes": {"type": "boolean"},
            "on_open": {"type": "boolean"},
            "on_event": _text(loading.NAME_LENGTH),
            "action": _text(reading.NAME_LENGTH),
            "quorum": {"anyOf": [{"$ref": "#/$defs/quorum"}, {"type": "null"}]},
            "checklist": _texts(),
            "significant": _texts(),
            "bulk": {"type": "boolean"},
        },
        required=["key", "label", "from", "to"],
    )


def _quorum() -> JSONDict:
    return _object(
        {
            "people": {"type": "integer", "minimum": 1, "maximum": loading.MAX_PEOPLE},
            "organisations": {"type": "boolean"},
            "each": {"type": "boolean"},
        },
        required=[],
    )


def _key() -> JSONDict:
    return {"type": "string", "pattern": reading.KEY.pattern}


def _hours() -> JSONDict:
    return {"type": ["integer", "null"], "minimum": 1, "maximum": reading.MAX_HOURS}


def _texts() -> JSONDict:
    return {"type": "array", "items": _text(needed=True), "uniqueItems": True, "maxItems": reading.MAX_ROWS}


def _rows(kind: str) -> JSONDict:
    return {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}, "maxItems": reading.MAX_ROWS}
