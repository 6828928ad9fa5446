"""Reading a flow from JSON, strictly; its canonical bytes and their hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from workflows.engine.reading import NAME_LENGTH, Reader, SpecError, read_json
from workflows.engine.spec import (
    SPEC_VERSION,
    ActorRule,
    Counts,
    Quorum,
    ReasonRule,
    Scope,
    Spec,
    State,
    StateKind,
    Transition,
    Use,
)

DEFINITION_NAME_LENGTH = 120
MAX_PRIORITY = 32_767
EXEMPTION_LENGTH = 200
NOTE_LENGTH = 1000
MAX_PEOPLE = 9


def canonical_json(document: Any) -> bytes:
    """One byte string for equal documents: sorted keys, no blanks, UTF-8, no NaN."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256_of(document: Any) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


@dataclass(frozen=True, slots=True)
class FlowFile:
    """A flow as it travels: a definition's name and routing, and one version's spec as it was written."""

    key: str
    name: str
    subject_kind: str
    applies_when: Mapping[str, Any]
    priority: int
    is_default: bool
    spec: Mapping[str, Any]


def load_file(content: bytes) -> FlowFile:
    """The flow in the bytes of a file; SpecError, with the place, when there is none in it."""
    top = Reader(read_json(content), "file", {field.name for field in fields(FlowFile)})
    found = FlowFile(
        key=top.slug("key"),
        name=top.text("name", required=True, limit=DEFINITION_NAME_LENGTH),
        subject_kind=top.text("subject_kind", required=True, limit=NAME_LENGTH),
        applies_when=top.value("applies_when", dict, {}),
        priority=top.number("priority", 0, MAX_PRIORITY),
        is_default=top.value("is_default", bool, False),
        spec=top.value("spec", dict),
    )
    load_spec(found.spec)
    return found


def load_spec(document: Any) -> Spec:
    """The flow in a parsed JSON document; SpecError when it is not one."""
    top = Reader(document, "flow", {"spec_version", "title", "note", "exemption", "states", "transitions"})
    if top.value("spec_version", int) != SPEC_VERSION:
        raise SpecError(f"flow.spec_version: only version {SPEC_VERSION} is understood")
    states = top.rows("states", _state, required=True)
    transitions = top.rows("transitions", _transition)
    spec = Spec(
        title=top.text("title", required=True),
        states=states,
        transitions=transitions,
        exemption=top.text("exemption", limit=EXEMPTION_LENGTH),
        note=top.text("note", limit=NOTE_LENGTH),
    )
    _check_references(spec)
    return spec


def _check_references(spec: Spec) -> None:
    keys = [state.key for state in spec.states]
    _refuse_duplicates("flow.states", keys)
    _refuse_duplicates("flow.transitions", [f"{t.key} out of {t.source}" for t in spec.transitions])
    if sum(state.kind is StateKind.START for state in spec.states) != 1:
        raise SpecError("flow.states: exactly one state must be of kind start")
    for transition in spec.transitions:
        for end in (transition.source, transition.target):
            if end not in keys:
                raise SpecError(f"flow.transitions.{transition.key}: there is no state {end!r}")


def _refuse_duplicates(path: str, keys: list[str]) -> None:
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise SpecError(f"{path}: {', '.join(twice)} stands here twice")


def _state(value: Any, path: str) -> State:
    row = Reader(
        value,
        path,
        {
            *("key", "label", "kind", "outcome", "waits_for", "due_hours", "reminder_hours", "escalate_to"),
            *("counts", "pauses"),
        },
    )
    return State(
        key=row.key(),
        label=row.text("label", required=True),
        kind=row.word("kind", StateKind),
        outcome=row.text("outcome", limit=NAME_LENGTH),
        waits_for=row.rows("waits_for", _actor),
        due_hours=row.hours("due_hours"),
        reminder_hours=row.hours("reminder_hours"),
        escalate_to=row.text("escalate_to", limit=NAME_LENGTH),
        counts=row.word("counts", Counts, Counts.EVERY_DAY),
        pauses=row.value("pauses", bool, False),
    )


def _transition(value: Any, path: str) -> Transition:
    row = Reader(
        value,
        path,
        {
            *("key", "label", "from", "to", "actors", "guards", "effects", "reason", "confirm_text"),
            *("four_eyes", "on_open", "action", "quorum", "checklist", "significant", "bulk", "on_event"),
        },
    )
    return Transition(
        key=row.key(),
        label=row.text("label", required=True),
        source=row.text("from", required=True),
        target=row.text("to", required=True),
        actors=row.rows("actors", _actor),
        guards=row.rows("guards", _use),
        effects=row.rows("effects", _use),
        reason=row.word("reason", ReasonRule, ReasonRule.NONE),
        confirm_text=row.text("confirm_text"),
        four_eyes=row.value("four_eyes", bool, False),
        on_open=row.value("on_open", bool, False),
        action=row.text("action", limit=NAME_LENGTH),
        quorum=row.one("quorum", _quorum),
        checklist=row.texts("checklist"),
        significant=row.texts("significant"),
        bulk=row.value("bulk", bool, False),
        on_event=row.text("on_event", limit=NAME_LENGTH),
    )


def _quorum(value: Any, path: str) -> Quorum:
    row = Reader(value, path, {"people", "organisations", "each"})
    return Quorum(
        people=row.number("people", 1, MAX_PEOPLE, least=1),
        organisations=row.value("organisations", bool, False),
        each=row.value("each", bool, False),
    )


def _actor(value: Any, path: str) -> ActorRule:
    row = Reader(value, path, {"role", "scope"})
    return ActorRule(row.text("role", required=True, limit=NAME_LENGTH), row.word("scope", Scope))


def _use(value: Any, path: str) -> Use:
    row = Reader(value, path, {"name", "params"})
    params = row.value("params", dict, {})
    return Use(row.text("name", required=True, limit=NAME_LENGTH), params)
