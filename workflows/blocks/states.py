"""The blocks a clinical lead edits a flow with: states, under each the steps out of it.

The fields are made from the words of the language (`language`); a new word has a field here without a line of its own.
Nothing here is in a migration.
"""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError

from core.blocks import AreaBlock, KeptBlock
from workflows.blocks import uses
from workflows.blocks.language import Word, choices_of, words
from workflows.blocks.rows import KEPT, PLACE, STEPS, Names, state_keys, step_keys
from workflows.engine.reading import KEY, MAX_ROWS

Errors = dict[str, ValidationError]
#: The list of the page that offers the states by name (see the editor's template).
STATES_LIST = "fw-states"
_LONG = 100
#: What stands in a folded part of a state or step, by its heading; every word not named stands in the main part.
_FOLDED = {
    "When it takes too long": ("due_hours", "reminder_hours", "escalate_to"),
    "More": ("key", "action", "on_open", "confirm_text"),
}


def field_of(word: Word) -> blocks.Block:
    """The field of one word."""
    said: dict[str, Any] = {"required": word.required, "label": word.label, "help_text": word.help}
    if word.name == "key":
        message = {"invalid": "Use small letters, digits and _ only, 40 at most"}
        return blocks.RegexBlock(regex=KEY.pattern, error_messages=message, **said | {"required": False})
    return _FIELDS[word.kind](word, said)


def _text(word: Word, said: dict[str, Any]) -> blocks.Block:
    limit = word.shape.get("maxLength", 500)
    if word.name == "to":
        block = blocks.CharBlock(max_length=limit, **said)
        block.field.widget = forms.TextInput(attrs={"list": STATES_LIST, "autocomplete": "off"})
        return block
    long = limit > _LONG and word.name != "label"
    return (AreaBlock if long else blocks.CharBlock)(max_length=limit, **said)


def _choice(word: Word, said: dict[str, Any]) -> blocks.Block:
    # What is not offered any more is shown as nothing chosen, and kept; so no choice is required here.
    default = {"default": word.default} if word.default else {}
    return blocks.ChoiceBlock(choices=list(choices_of(word)), **said | {"required": False} | default)


def _number(word: Word, said: dict[str, Any]) -> blocks.Block:
    low, high = word.shape.get("minimum"), word.shape.get("maximum")
    return blocks.IntegerBlock(min_value=low, max_value=high, **said)


def _rows(word: Word, said: dict[str, Any]) -> blocks.Block:
    fields = [(each.name, field_of(each)) for each in word.inner if each.kind]
    row = RowBlock(word.inner, [*fields, (KEPT, KeptBlock(required=False))], label=word.label)
    return blocks.ListBlock(row, default=[], **{key: said[key] for key in ("label", "help_text")})


_FIELDS: dict[str, Callable[[Word, dict[str, Any]], blocks.Block]] = {
    "text": _text,
    "choice": _choice,
    "number": _number,
    "tick": lambda word, said: blocks.BooleanBlock(**said | {"required": False}),
    "texts": lambda word, said: AreaBlock(**said | {"help_text": f"{said['help_text']} One a line".strip()}),
    "uses": lambda word, said: uses.UseStreamBlock(word.name, label=said["label"], help_text=said["help_text"]),
    "rows": _rows,
    "group": lambda word, said: blocks.StructBlock(
        [(each.name, field_of(each)) for each in word.inner if each.kind], label=said["label"], form_classname="fw-row"
    ),
}


class RowBlock(blocks.StructBlock):
    """Some words as one row; what must be said is asked for, unless it is kept as it came."""

    def __init__(self, kind: tuple[Word, ...], *args: Any, **kwargs: Any) -> None:
        self._needed = [word for word in kind if word.required and word.kind == "choice"]
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        missing = [word for word in self._needed if not cleaned[word.name] and not cleaned[KEPT]]
        if missing:
            errors: Errors = {word.name: ValidationError(f"Choose: {word.label.lower()}") for word in missing}
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


def _block(kind: str, *more: tuple[str, blocks.Block], **kwargs: Any) -> RowBlock:
    """A state or a step, with what is rarely needed folded."""
    known = [word for word in words(kind) if word.kind]
    folded = {heading: [word.name for word in known if word.name in names] for heading, names in _FOLDED.items()}
    away = {name for names in folded.values() for name in names}
    main = [word.name for word in known if word.name not in away]
    groups = [
        BlockGroup(names, heading=heading, classname="collapsed", label_format="")
        for heading, names in folded.items()
        if names
    ]
    fields = [(word.name, field_of(word)) for word in known]
    shown = [name for name, _ in more]
    kept = KeptBlock(required=False)
    layout = BlockGroup([*main, *groups, *shown, KEPT])
    return RowBlock(words(kind), [*fields, *more, (KEPT, kept)], form_layout=layout, label_format="{label}", **kwargs)


class StateStreamBlock(blocks.StreamBlock):
    """The states of a flow. A case is always in one of them; the steps under it are what people may do there."""

    def __init__(self, **kwargs: Any) -> None:
        step = _block("transition", (PLACE, KeptBlock(required=False)), icon="arrow-right")
        steps = blocks.ListBlock(step, default=[], collapsed=True, label="Steps out of this state")
        state = _block("state", (STEPS, steps), label="State", icon="pick")
        super().__init__([("state", state)], **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = json.loads(value or "[]")
        if isinstance(value, list):
            value = [known(each) if isinstance(each, dict) else each for each in value]
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        rows = [child.value for child in cleaned]
        for row, key in zip(rows, state_keys(rows), strict=True):
            row["key"] = key
            for step, own in zip(row[STEPS], step_keys(list(row[STEPS])), strict=True):
                step["key"] = own
        _refuse(rows)
        return cleaned


def known(state: Any) -> Any:
    """A stored state, in which a guard or effect that is registered no longer stands as another, by its name."""
    for step in state.get("value", {}).get(STEPS, []):
        for word in words("transition"):
            if word.kind == "uses":
                rows = step["value"].get(word.name) or []
                step["value"][word.name] = [uses.known(word.name, row) for row in rows]
    return state


def _refuse(rows: list[Any]) -> None:
    """What could not be stored as it is meant: two of one name, a way that leads nowhere, too many."""
    if len(rows) > MAX_ROWS or sum(len(row[STEPS]) for row in rows) > MAX_ROWS:
        raise StreamBlockValidationError(non_block_errors=[f"A flow can have {MAX_ROWS} states and {MAX_ROWS} steps"])
    names = Names(tuple((row["key"], row["label"]) for row in rows))
    keys = [row["key"] for row in rows]
    errors: dict[int, ValidationError] = {}
    for place, row in enumerate(rows):
        wrong: dict[str, Any] = {}
        if row["key"] in keys[:place]:
            wrong["key"] = ValidationError(f"Another state is called “{row['key']}” already. Choose another name")
        if steps := _wrong_steps(row[STEPS], names, set(keys)):
            wrong[STEPS] = ListBlockValidationError(block_errors=steps)
        if wrong:
            errors[place] = StructBlockValidationError(block_errors=wrong)
    if errors:
        raise StreamBlockValidationError(block_errors=errors)


def _wrong_steps(steps: Any, names: Names, keys: set[str]) -> dict[int, ValidationError]:
    found: dict[int, ValidationError] = {}
    own = [step["key"] for step in steps]
    for place, step in enumerate(steps):
        wrong: Errors = {}
        if step["key"] in own[:place]:
            wrong["key"] = ValidationError(f"Another step out of this state is called “{step['key']}” already")
        if names.heard(step["to"]) not in keys:
            wrong["to"] = ValidationError(f"There is no state called “{step['to']}”. Choose one from the list")
        if wrong:
            found[place] = StructBlockValidationError(block_errors=wrong)
    return found
