"""A flow's spec as the rows of the editor, and back.

Both ways work on plain JSON values. Going there and back gives the same canonical bytes: what the editor has no field
for, or would write differently, travels in `kept` and stands until somebody changes what it belongs to.
"""

import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.blocks import uses
from workflows.blocks.language import JSONDict, Word, choices_of, words
from workflows.engine.reading import KEY
from workflows.engine.spec import SPEC_VERSION

KEPT, PLACE, STEPS = "kept", "place", "steps"
#: The words of the flow itself that have a field.
TOP = ("title", "note", "exemption")


@dataclass(frozen=True)
class Names:
    """The states by what they are called: steps say where they lead in the words people see."""

    labels: tuple[tuple[str, str], ...]

    def said(self, key: str) -> str:
        """The label of a state, when that is enough to find it again."""
        label = dict(self.labels).get(key, key)
        return label if self.heard(label) == key else key

    def heard(self, text: str) -> str:
        """The key of the state called so; the text itself when there is none."""
        text = text.strip()
        named = [key for key, label in self.labels if label.strip().casefold() == text.casefold()]
        return named[0] if len(named) == 1 else text


def rows_of(spec: JSONDict) -> tuple[JSONDict, list[JSONDict]]:
    """A definition's fields (`TOP` and `kept`) and the rows of its states; `spec` was loaded before."""
    names = Names(tuple((state["key"], state["label"]) for state in spec["states"]))
    steps = spec["transitions"]
    grouped = [step for state in spec["states"] for step in steps if step["from"] == state["key"]]
    places = None if grouped == steps else {id(step): place for place, step in enumerate(steps)}
    states = []
    for state in spec["states"]:
        row = _row("state", state, names)
        row[STEPS] = [_item(_step(step, names, places)) for step in steps if step["from"] == state["key"]]
        states.append(_item(row) | {"type": "state"})
    fields = {name: spec.get(name, "") for name in TOP}
    rest = {name: value for name, value in spec.items() if name not in ("states", "transitions")}
    return fields | {KEPT: rest if rest != _top(fields, {}) else {}}, states


def spec_of(fields: JSONDict, states: Iterable[JSONDict]) -> JSONDict:
    """The spec that the fields and rows say."""
    rows = [state["value"] for state in states]
    keys = state_keys(rows)
    names = Names(tuple((key, row["label"]) for key, row in zip(keys, rows, strict=True)))
    said, placed = [], []
    for key, row in zip(keys, rows, strict=True):
        said.append(_document("state", row | {"key": key}, names))
        placed += _placed(key, row, names)
    if any(_has_place(step["value"]) for row in rows for step in row[STEPS]):
        placed.sort(key=lambda pair: pair[0])
    steps = [step for _, step in placed]
    return _top(fields, fields.get(KEPT) or {}) | {"states": said, "transitions": steps}


def state_keys(rows: list[JSONDict]) -> list[str]:
    """The key of every state: its own, or one made from its name."""
    return _keys(rows, "state")


def step_keys(rows: list[JSONDict]) -> list[str]:
    """The same for the steps out of one state."""
    return _keys(rows, "step")


def _keys(rows: list[JSONDict], stem: str) -> list[str]:
    taken = {row["key"] for row in rows if row.get("key")}
    found = []
    for row in rows:
        key = row.get("key") or _free(_slug(row.get("label") or "") or stem, taken)
        taken.add(key)
        found.append(key)
    return found


def _slug(label: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:36].strip("_")
    return text if KEY.match(text) else ""


def _free(stem: str, taken: set[str]) -> str:
    number = 1
    while (key := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return key


def _top(fields: JSONDict, kept: JSONDict) -> JSONDict:
    """The words of the flow itself; what was kept stands while the fields still say the same."""
    if kept and all(str(kept.get(name, "")).strip() == (fields.get(name) or "").strip() for name in TOP):
        return dict(kept)
    said = {name: fields[name] for name in TOP if fields.get(name)}
    rest = {name: value for name, value in kept.items() if name not in TOP}
    return {"spec_version": SPEC_VERSION, "title": ""} | rest | said


def _step(step: JSONDict, names: Names, places: dict[int, int] | None) -> JSONDict:
    return _row("transition", step, names) | {PLACE: "" if places is None else str(places[id(step)])}


def _has_place(step: JSONDict) -> bool:
    """Whether a step says where it stood; none does as long as the steps stand state by state."""
    return str(step.get(PLACE) or "").isdigit()


def _placed(key: str, row: JSONDict, names: Names) -> list[tuple[tuple[int, int], JSONDict]]:
    """The steps out of a state, each with where it stands among all; a new one stands behind the one before it."""
    steps = [each["value"] for each in row[STEPS]]
    known = sorted(int(each[PLACE]) for each in steps if _has_place(each))
    found, last = [], known[0] if known else 0
    for number, (step, own) in enumerate(zip(steps, step_keys(steps), strict=True)):
        if _has_place(step):
            last = known.pop(0)
        found.append(((last, number), _document("transition", step | {"key": own}, names) | {"from": key}))
    return found


def _row(kind: str, document: JSONDict, names: Names) -> JSONDict:
    """A state or a step as a row, with what its fields cannot say."""
    row = _values(words(kind), document, names)
    again = _said(words(kind), row, names)
    source = {"from": document["from"]} if "from" in document else {}
    return row | {KEPT: "" if again | source == document else _text(document)}


def _document(kind: str, row: JSONDict, names: Names) -> JSONDict:
    """The state or step a row says: word for word what was kept, while the fields still say the same."""
    said = _said(words(kind), row, names)
    kept = _parsed(row.get(KEPT))
    if not kept:
        return said
    if _said(words(kind), _values(words(kind), kept, names), names) == said:
        return kept
    shown = {word.name for word in words(kind) if word.kind} | {"from"}
    return {name: value for name, value in kept.items() if name not in shown} | said


def _values(kind: tuple[Word, ...], document: JSONDict, names: Names) -> JSONDict:
    return {word.name: _value(word, document, names) for word in kind if word.kind}


def _value(word: Word, document: JSONDict, names: Names) -> Any:
    value = document.get(word.name)
    if value is None:
        return _values(word.inner, {}, names) if word.kind == "group" else _unsaid(word)
    if word.name == "to":
        return names.said(value)
    match word.kind:
        case "choice":
            return value if value in dict(choices_of(word)) else ""
        case "uses":
            return [uses.row_of(word.name, use) for use in value]
        case "rows":
            return [_item(_inner_row(word, each, names)) for each in value]
        case "texts":
            return "\n".join(str(each) for each in value)
        case "group":
            return _values(word.inner, value, names)
        case _:
            return value.strip() if isinstance(value, str) else value


def _unsaid(word: Word) -> Any:
    """What a field holds when its word is not said: a field of several texts holds one text, not a list."""
    return "" if word.kind == "texts" else word.default


def _inner_row(word: Word, document: JSONDict, names: Names) -> JSONDict:
    row = _values(word.inner, document, names)
    return row | {KEPT: "" if _said(word.inner, row, names) == document else _text(document)}


def _said(kind: tuple[Word, ...], row: JSONDict, names: Names) -> JSONDict:
    """What the fields of a row say, defaults left out."""
    found = {}
    for word in kind:
        if not word.kind:
            continue
        value = _heard(word, row.get(word.name), names)
        if word.required or value not in (None, word.default, [], {}):
            found[word.name] = value
    return found


def _heard(word: Word, value: Any, names: Names) -> Any:
    if word.name == "to":
        return names.heard(value or "")
    match word.kind:
        case "uses":
            return [uses.use_of(each) for each in value or []]
        case "rows":
            return [_inner_document(word, each["value"], names) for each in value or []]
        case "texts":
            return [line.strip() for line in (value or "").splitlines() if line.strip()]
        case "group":
            return _said(word.inner, value or {}, names)
        case "text":
            return (value or "").strip()
        case "choice":
            return value or (word.default if not word.required else "")
        case _:
            return value


def _inner_document(word: Word, row: JSONDict, names: Names) -> JSONDict:
    said, kept = _said(word.inner, row, names), _parsed(row.get(KEPT))
    if kept and _said(word.inner, _values(word.inner, kept, names), names) == said:
        return kept
    return said


def _item(value: JSONDict) -> JSONDict:
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}


def _text(document: JSONDict) -> str:
    return json.dumps(document, ensure_ascii=False)


def _parsed(text: str | None) -> JSONDict:
    """What was kept; nothing when somebody put something else there."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
