"""The blocks a clinical lead edits a section with: one per item type, the block's id being the item's uid.

`block_items` turns what is stored here into items of the form document and back. Nothing here is in a migration.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError

from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.model import MAX_DEPTH
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.rules import OPERATORS
from careplan_forms.schema.wording import ABSENT

MAX_ITEMS = 40
LINK_ID = r"^\S{1,200}\Z"
CONTAINERS = ("group", "repeat")

_OPERATOR_WORDS = {
    "=": "is",
    "!=": "is not",
    "exists": "has an answer (yes) or none (no)",
    "in": "is one of (commas between)",
    "<": "is less than or before",
    "<=": "is at most, or on or before",
    ">": "is more than or after",
    ">=": "is at least, or on or after",
}

Choices = list[tuple[str, str]]
_questions: ContextVar[Choices] = ContextVar("questions", default=[])
_value_sets: ContextVar[Choices] = ContextVar("value_sets", default=[])


@contextmanager
def choices_for(questions: Choices, value_sets: Choices) -> Iterator[None]:
    """What the editor drawn inside offers to conditions (uid, label) and to coded questions (key, title)."""
    before = _questions.set(questions), _value_sets.set(value_sets)
    try:
        yield
    finally:
        _questions.reset(before[0])
        _value_sets.reset(before[1])


class OpenChoiceField(forms.ChoiceField):
    """A choice whose list depends on the page drawn; whether the chosen thing exists is the linter's question."""

    def valid_value(self, value: Any) -> bool:
        return bool(re.fullmatch(r"[\w.:/-]{1,200}", str(value)))


class OpenChoiceBlock(blocks.FieldBlock):
    """A select filled when the page is drawn."""

    def __init__(self, choices: Callable[[], Choices], required: bool = True, help_text: str = "", **kwargs: Any) -> None:
        self.field = OpenChoiceField(
            choices=lambda: [("", "Choose one"), *choices()], required=required, help_text=help_text
        )
        super().__init__(**kwargs)


class KeptBlock(blocks.FieldBlock):
    """What an import brought that this editor has no field for; travels through the page unseen."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, widget=forms.HiddenInput)
        super().__init__(**kwargs)


class CodeBlock(blocks.StructBlock):
    """A code that says what a question means."""

    system = blocks.CharBlock(max_length=200)
    code = blocks.CharBlock(max_length=60)
    display = blocks.CharBlock(required=False, max_length=300)


class OptionBlock(blocks.StructBlock):
    """One answer of a coded question. Retire an option instead of deleting it: old answers stay readable."""

    display = blocks.CharBlock(max_length=300, label="Answer")
    code = blocks.CharBlock(required=False, max_length=60)
    system = blocks.CharBlock(required=False, max_length=200)
    status = blocks.ChoiceBlock(choices=[("active", "Offered"), ("retired", "No longer offered")], default="active")
    replaced_by = blocks.CharBlock(required=False, max_length=60, help_text="Code of the answer to use instead")


class ConditionBlock(blocks.StructBlock):
    """One row of a condition."""

    item = OpenChoiceBlock(_questions.get, label="Question")
    op = blocks.ChoiceBlock(choices=[(each, _OPERATOR_WORDS[each]) for each in OPERATORS], default="=", label="Is")
    value = blocks.CharBlock(required=False, max_length=300, label="Answer", help_text="yes, no, a number, a date or a code")


class SlotValueBlock(blocks.StructBlock):
    """What an answer says on the emergency page."""

    answer = blocks.CharBlock(max_length=100, help_text="A code, yes, no, or absent:not-known")
    token = blocks.CharBlock(max_length=60)


def _slots() -> Choices:
    return [(key, f"{key}: {field.description}") for key, field in SLOT_FIELDS.items()]


def _shown() -> list[tuple[str, blocks.Block]]:
    return [
        ("match", blocks.ChoiceBlock(choices=[("all", "all of these"), ("any", "any of these")], default="all", label="Show when")),
        ("show_if", blocks.ListBlock(ConditionBlock(label="condition"), default=[], label="Conditions")),
        (
            "rule",
            blocks.TextBlock(
                required=False,
                rows=2,
                label="Condition too rich for rows",
                help_text="Kept as it was brought in and used while there are no rows. Clear it to show this always.",
            ),
        ),
    ]


def _label(kind: str) -> blocks.Block:
    if kind == "guidance":
        return blocks.TextBlock(max_length=2000, rows=2, label="Text")
    return blocks.CharBlock(max_length=500, label="Heading" if kind in CONTAINERS else "Question")


def _answering(kind: str) -> list[tuple[str, blocks.Block]]:
    reasons = blocks.MultipleChoiceBlock(
        choices=list(ABSENT.items()), required=False, widget=forms.CheckboxSelectMultiple, label="Ways to say there is no answer"
    )
    return [
        ("required", blocks.BooleanBlock(required=False, label="Needed before a plan can be approved")),
        *_SPECIFIC.get(kind, lambda: [])(),
        ("absent", reasons),
    ]


def _meaning() -> list[tuple[str, blocks.Block]]:
    return [
        ("code", blocks.ListBlock(CodeBlock(label="code"), default=[], label="Codes")),
        ("slot", blocks.ChoiceBlock(choices=_slots, required=False, label="Emergency page")),
        ("slot_values", blocks.ListBlock(SlotValueBlock(label="answer"), default=[], label="Answers there")),
        ("prefill", blocks.CharBlock(required=False, max_length=100, label="Filled in from", help_text="patient.family_name")),
    ]


def _choosing() -> list[tuple[str, blocks.Block]]:
    return [
        ("value_set", OpenChoiceBlock(_value_sets.get, required=False, label="List of answers")),
        ("options", blocks.ListBlock(OptionBlock(label="answer"), default=[], label="Or its own answers")),
        ("other", blocks.BooleanBlock(required=False, label="With room for other words")),
    ]


def _texting() -> list[tuple[str, blocks.Block]]:
    return [("max_length", blocks.IntegerBlock(required=False, min_value=1, max_value=20_000, label="Longest answer"))]


def _counting() -> list[tuple[str, blocks.Block]]:
    return [
        ("unit", blocks.CharBlock(required=False, max_length=30)),
        ("min", blocks.FloatBlock(required=False, label="Least")),
        ("max", blocks.FloatBlock(required=False, label="Most")),
        ("decimals", blocks.IntegerBlock(required=False, min_value=0, max_value=6, label="Decimal places")),
    ]


def _dating() -> list[tuple[str, blocks.Block]]:
    precision = [("D", "Day, month and year"), ("M", "Month and year"), ("Y", "Year")]
    return [
        (
            "precision",
            blocks.MultipleChoiceBlock(
                choices=precision, default=["D"], widget=forms.CheckboxSelectMultiple, label="May be given as"
            ),
        )
    ]


def _repeating() -> list[tuple[str, blocks.Block]]:
    return [
        ("min_items", blocks.IntegerBlock(required=False, min_value=0, max_value=100, label="At least")),
        ("max_items", blocks.IntegerBlock(required=False, min_value=1, max_value=200, label="At most")),
    ]


_SPECIFIC: dict[str, Callable[[], list[tuple[str, blocks.Block]]]] = {
    "text": _texting,
    "long_text": _texting,
    "choice": _choosing,
    "choices": _choosing,
    "number": _counting,
    "date": _dating,
    "repeat": _repeating,
}
_ICONS = {"guidance": "help", "group": "folder-open-inverse", "repeat": "repeat", "date": "calendar-alt", "choice": "radio-full"}


def _children(kind: str) -> dict[str, list[tuple[str, blocks.Block]]]:
    """The fields of one type, by the group of the editor they stand in."""
    hint = ("hint", blocks.CharBlock(required=False, max_length=1000))
    groups = {"main": [("label", _label(kind))]}
    if kind != "guidance":
        groups["main"] += [hint]
    if kind not in ("guidance", "group"):
        groups["main"] += _answering(kind)
    groups["Shown only when"] = _shown()
    if kind != "guidance":
        patient = blocks.CharBlock(required=False, max_length=500, label="Wording for the person")
        groups["Codes, emergency page, wording for the person"] = [("patient_label", patient), *_meaning()]
    return groups


class ItemBlock(blocks.StructBlock):
    """One item of one type."""

    def __init__(self, kind: str, children: blocks.StreamBlock | None = None) -> None:
        groups = _children(kind)
        name = blocks.RegexBlock(
            regex=LINK_ID,
            required=False,
            label="Name in exports",
            help_text="Made from the wording when left empty; fixed once a version with it is live",
            error_messages={"invalid": "Enter a name without spaces, like date-of-birth"},
        )
        fields = [each for group in groups.values() for each in group]
        fields += [("link_id", name), ("kept", KeptBlock(required=False))]
        layout: list[Any] = [key for key, _ in groups.pop("main")]
        if children is not None:
            fields.append(("items", children))
            layout.append("items")
        layout += [BlockGroup([key for key, _ in group], heading=heading, classname="collapsed") for heading, group in groups.items()]
        super().__init__(
            fields,
            label=ITEM_TYPES[kind].title,
            icon=_ICONS.get(kind, "edit"),
            label_format="{label}",
            form_layout=BlockGroup([*layout, "link_id", "kept"]),
        )


def _leaves() -> list[tuple[str, blocks.Block]]:
    return [(kind, ItemBlock(kind)) for kind in ITEM_TYPES if kind not in CONTAINERS]


def _stream(leaves: list[tuple[str, blocks.Block]], depth: int) -> list[tuple[str, blocks.Block]]:
    """The types offered at a depth; leaves are shared so that the page defines each only once."""
    if depth >= MAX_DEPTH:
        return leaves
    inner = blocks.StreamBlock(_stream(leaves, depth + 1), required=False, label="Inside")
    return [*leaves, *((kind, ItemBlock(kind, inner)) for kind in CONTAINERS)]


class ItemStreamBlock(blocks.StreamBlock):
    """What a section is made of: at most 40 items, those inside groups counted, each with a name of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_stream(_leaves(), 1), **kwargs)

    def clean(self, value: Any) -> Any:
        count = sum(1 for _ in walk(value))
        if count > MAX_ITEMS:
            raise StreamBlockValidationError(
                non_block_errors=[
                    f"A section can hold {MAX_ITEMS} items, counting those inside groups. This one has {count}: "
                    "move some to another section."
                ]
            )
        cleaned = super().clean(value)
        _name_the_nameless(cleaned)
        seen: set[str] = set()
        refuse_items(cleaned, lambda child: _repeated(child, seen))
        return cleaned


def walk(stream: Any) -> Iterator[Any]:
    """Every child block of a stream value and of the groups inside, in order."""
    for child in stream:
        yield child
        yield from walk(child.value.get("items") or [])


def refuse_items(stream: Any, judge: Callable[[Any], dict[str, str]]) -> None:
    """Raise the sentences `judge` gives (field → sentence) at the fields they belong to."""
    errors = _errors(stream, judge)
    if errors:
        raise StreamBlockValidationError(block_errors=errors)


def _errors(stream: Any, judge: Callable[[Any], dict[str, str]]) -> dict[int, ValidationError]:
    errors: dict[int, ValidationError] = {}
    for index, child in enumerate(stream):
        found: dict[str, Any] = {field: ValidationError(sentence) for field, sentence in judge(child).items()}
        inner = _errors(child.value.get("items") or [], judge)
        if inner:
            found["items"] = StreamBlockValidationError(block_errors=inner)
        if found:
            errors[index] = StructBlockValidationError(block_errors=found)
    return errors


def _repeated(child: Any, seen: set[str]) -> dict[str, str]:
    name = child.value["link_id"]
    if not name or name not in seen:
        seen.add(name)
        return {}
    return {"link_id": f"Another item of this section is already called “{name}”. Give this one a different name."}


def _name_the_nameless(stream: Any) -> None:
    taken = {child.value["link_id"] for child in walk(stream)}
    for child in walk(stream):
        if not child.value["link_id"]:
            stem = slugify(child.value["label"])[:60].strip("-") or child.block_type
            name = next(each for each in _numbered(stem) if each not in taken)
            taken.add(name)
            child.value["link_id"] = name


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


class AnswerStreamBlock(blocks.StreamBlock):
    """The answers of a shared list; a block's id is the option's id."""

    option = OptionBlock(label="Answer", icon="radio-full", label_format="{display}")
