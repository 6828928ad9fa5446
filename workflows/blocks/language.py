"""The words of the flow language as an editor needs them, read from its published schema.

A word added to the language has a field here at once; a better label for it is one line in `LABELS`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any

from governance.enums import Action, RoleKey
from workflows.engine import spec as language
from workflows.engine.json_schema import flow_schema
from workflows.happenings import happenings

JSONDict = dict[str, Any]
#: Not fields of their own: the state a step stands under.
_IMPLIED = frozenset({"from"})
_CLASSES: dict[str, Any] = {"state": language.State, "transition": language.Transition}

#: Word → label and help. What is not here is called by its own name.
LABELS: dict[str, tuple[str, str]] = {
    "label": ("Name", "As people see it"),
    "key": ("Name in records", "Made from the name when left empty; cases and reports know it by this"),
    "kind": ("What it means", ""),
    "outcome": ("Outcome", "In one word, like approved or returned; needed at the end"),
    "waits_for": ("Waits for", "In whose inbox the work stands"),
    "due_hours": ("Due after, in hours", ""),
    "reminder_hours": ("Reminder after, in hours", ""),
    "escalate_to": ("Who is told when it is overdue", ""),
    "counts": ("Deadlines count", ""),
    "pauses": ("The clock stands still here", "That of the state before; back there, what was left of it goes on"),
    "to": ("Leads to", "The name of a state"),
    "actors": ("Who may do it", ""),
    "guards": ("Conditions", "All of them must be met"),
    "effects": ("What follows", "In this order"),
    "reason": ("Reason", ""),
    "confirm_text": ("What the person confirms", ""),
    "four_eyes": ("Nobody who wrote it may do this", ""),
    "on_open": ("Happens at once when a case is opened", ""),
    "action": ("What the access rules are asked", ""),
    "quorum": ("How many must agree", "Leave it empty when the first decision is enough"),
    "people": ("How many people", ""),
    "organisations": ("Each from another organisation", ""),
    "each": ("Somebody else for every role named above", ""),
    "checklist": ("What has to be ticked", ""),
    "significant": (
        "Changes that count",
        "Items whose change makes earlier decisions void; none, and all do",
    ),
    "on_event": ("Taken by itself when this is recorded", "Nobody presses it; leave it empty for a step of people"),
    "bulk": ("May be done for several cases at once", ""),
    "role": ("Role", ""),
    "scope": ("Where they stand", ""),
}
#: Values of enumerations, as people read them.
VALUES: dict[str, str] = {
    "start": "A case begins here",
    "work": "Somebody works on it",
    "wait": "Something is awaited",
    "final": "The end",
    "every_day": "Every day",
    "working_days": "Working days only",
    "none": "Not asked for",
    "optional": "May be given",
    "required": "Must be given",
    "owner_org": "At the organisation that owns it",
    "sharing_org": "At an organisation it is shared with",
    "host": "At the host of the service",
    "submitter": "Sent it",
    "named_user": "Has the task",
    "author": "Wrote it",
    "patient_or_proxy": "Is the person, or acts for them",
}


@dataclass(frozen=True)
class Word:
    """One word: its shape in the schema, whether it must be said, and what its absence means."""

    name: str
    shape: JSONDict
    required: bool
    default: Any

    @property
    def label(self) -> str:
        return LABELS.get(self.name, (self.name.replace("_", " ").capitalize(), ""))[0]

    @property
    def help(self) -> str:
        return LABELS.get(self.name, ("", ""))[1]

    @property
    def kind(self) -> str:
        """text, choice, number, tick, list of texts, rows of a kind, a group; empty for what has no field."""
        shape = self.shape
        if "enum" in shape or self.name in chosen():
            return "choice"
        types = shape.get("type")
        if types == "array":
            return self._kind_of_rows(shape["items"])
        names = {"string": "text", "boolean": "tick", "integer": "number"}
        one = next((each for each in types if each != "null"), "") if isinstance(types, list) else types
        return names.get(str(one), "group" if shape.get("properties") else "")

    def _kind_of_rows(self, items: JSONDict) -> str:
        if items.get("$ref", "").endswith("/use"):
            return "uses"
        if resolved(items).get("properties"):
            return "rows"
        return "texts" if items.get("type") == "string" or "enum" in items else ""

    @property
    def inner(self) -> "tuple[Word, ...]":
        """The words of a group, or of each of the rows."""
        shape = resolved(self.shape["items"]) if self.kind == "rows" else self.shape
        return _words_in(shape, {})


@cache
def words(kind: str) -> tuple[Word, ...]:
    """The words of a `state`, a `transition` or another definition of the schema, in its order."""
    known = {each.name: each.default for each in fields(_CLASSES[kind])} if kind in _CLASSES else {}
    return _words_in(flow_schema()["$defs"][kind], known)


@cache
def chosen() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Words that are texts in the language and chosen from a list in the editor."""
    return {
        "role": ((language.ANY_ROLE, "Whoever"), *((role.value, role.label) for role in RoleKey)),
        "escalate_to": tuple((role.value, role.label) for role in RoleKey),
        "action": tuple((action.value, action.label) for action in Action),
        "on_event": tuple((name, one.label) for name, one in happenings.items()),
    }


def choices_of(word: Word) -> tuple[tuple[str, str], ...]:
    """What a choice offers: (value, words)."""
    if word.name in chosen():
        return chosen()[word.name]
    return tuple(
        (str(value), VALUES.get(str(value), str(value).replace("_", " ").capitalize())) for value in word.shape["enum"]
    )


def resolved(shape: JSONDict) -> JSONDict:
    """A shape with its reference followed; of one that may be null, what it is otherwise."""
    if "anyOf" in shape:
        shape = next(each for each in shape["anyOf"] if each != {"type": "null"})
    found: JSONDict = flow_schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]] if "$ref" in shape else shape
    return found


def _words_in(shape: JSONDict, known: Mapping[str, Any]) -> tuple[Word, ...]:
    needed = set(shape.get("required", ()))
    return tuple(
        Word(name, resolved(each), name in needed, _default(known.get(name, MISSING), resolved(each)))
        for name, each in shape["properties"].items()
        if name not in _IMPLIED
    )


def _default(known: Any, shape: JSONDict) -> Any:
    """What a row holds when the word is not said."""
    if isinstance(known, str | bool | int) and not isinstance(known, type(MISSING)):
        return str(known) if isinstance(known, str) else known
    types = shape.get("type")
    if types == "array":
        return []
    if shape.get("properties"):
        return {}
    return {"string": "", "boolean": False}.get(types) if isinstance(types, str) else None
