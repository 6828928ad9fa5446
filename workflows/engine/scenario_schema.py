"""JSON Schema of a scenario file, for tools and for people who write one by hand.

What a shape cannot say (people and steps that are named exist, the times follow each other) is said by `scenarios`.
"""

from workflows.engine import reading
from workflows.engine.scenarios import NAME_LIMIT, SCENARIO_VERSION, Happens
from workflows.engine.schema_words import JSONDict, object_of, text, word

ADDRESS = "https://foreword.example/schemas/scenarios.schema.json"


def scenario_schema() -> JSONDict:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Foreword scenarios of a flow",
        **object_of(
            {
                "scenario_version": {"const": SCENARIO_VERSION},
                "flow": {"type": "string", "pattern": reading.SLUG.pattern},
                "scenarios": _rows("scenario") | {"minItems": 1},
            },
            required=["scenario_version", "flow", "scenarios"],
        ),
        "$defs": {
            "scenario": _scenario(),
            "person": _person(),
            "step": {"oneOf": [_deed(), _event()]},
            "fails": _fails(),
        },
    }


def _scenario() -> JSONDict:
    return object_of(
        {
            "name": text(NAME_LIMIT, needed=True),
            "about": text(),
            "facts": {"type": "object", "description": "Facts of the subject, by which it takes this flow"},
            "owner": text(NAME_LIMIT, needed=True),
            "care_team": _names(),
            "host": text(NAME_LIMIT),
            "opened_by": text(NAME_LIMIT) | {"description": "Who opened the case, where no step of the flow does"},
            "people": _rows("person"),
            "fails": {"$ref": "#/$defs/fails"},
            "exemption_signed": {"type": "boolean"},
            "steps": _rows("step"),
        },
        required=["name", "owner", "people", "steps"],
    )


def _person() -> JSONDict:
    marks = {name: {"type": "boolean"} for name in ("wrote", "is_person", "has_task")}
    return object_of(
        {
            "name": text(NAME_LIMIT, needed=True),
            "role": text(reading.NAME_LENGTH, needed=True),
            "organisation": text(NAME_LIMIT),
            **marks,
            "stands_in_for": _names(),
        },
        required=["name", "role"],
    )


def _deed() -> JSONDict:
    follows = {
        "leads_to": text(reading.NAME_LENGTH, needed=True),
        "refused": text(reading.NAME_LENGTH, needed=True),
        "waits_for_more": {"type": "integer", "minimum": 1, "maximum": 9},
    }
    deed = object_of(
        {
            "who": text(NAME_LIMIT, needed=True),
            "does": text(reading.NAME_LENGTH, needed=True),
            "records": text(reading.NAME_LENGTH, needed=True)
            | {"description": "What is recorded elsewhere and moves the case; by the service itself without who"},
            "instead_of": text(NAME_LIMIT),
            "at": _moment(),
            "reason": text(),
            "leaves_unticked": {"type": "boolean"},
            "fails": {"$ref": "#/$defs/fails"},
            **follows,
        },
        required=[],
    )
    acts = [{"required": ["who", "does"], "not": {"required": ["records"]}}, _recording()]
    return deed | {"allOf": [{"oneOf": acts}, {"oneOf": [{"required": [name]} for name in follows]}]}


def _recording() -> JSONDict:
    return {"required": ["records"], "not": {"required": ["does"]}}


def _event() -> JSONDict:
    return object_of({"happens": word(Happens), "items": _names(), "at": _moment()}, required=["happens"])


def _fails() -> JSONDict:
    words = "Guards, or actions of the access gate, that refuse, each with the code with which it does"
    return {"type": "object", "additionalProperties": text(needed=True), "description": words}


def _moment() -> JSONDict:
    return {"type": "string", "description": "A moment without a time zone, such as 2027-03-01T09:00"}


def _names() -> JSONDict:
    return {"type": "array", "items": text(needed=True), "uniqueItems": True}


def _rows(kind: str) -> JSONDict:
    return {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}, "maxItems": reading.MAX_ROWS}
