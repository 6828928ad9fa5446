"""The fields that the item types of the section editor are made of.

A section page holds forty items at once, so what would be a list of small forms elsewhere is a line of text here, and
long lists of choices stand once in the page (`datalist`, see the editor's template) instead of once in every item.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks

from careplan_forms import block_roles
from careplan_forms.block_options import OptionBlock
from careplan_forms.block_rules import RuleBlock
from careplan_forms.block_types import date_fields, file_fields, scale_fields
from careplan_forms.schema.items.kinds import CONTAINERS, TEXTS
from careplan_forms.schema.wording import ABSENT
from core.blocks import AreaBlock, KeptBlock

Fields = list[tuple[str, blocks.Block]]

_WORDINGS = (*TEXTS, "heading", "question")

#: A name in exports: whatever other systems call it, as long as it is one word.
LINK_ID = r"^\S{1,200}\Z"


def listed(name: str) -> forms.TextInput:
    """A text field that offers the page's list of this name."""
    return forms.TextInput(attrs={"list": f"fw-{name}", "autocomplete": "off"})


class ListedBlock(blocks.CharBlock):
    """Text chosen from a list of the page. Whether the chosen thing exists is the linter's question."""

    def __init__(
        self, offers: str, required: bool = False, max_length: int = 200, help_text: str = "", **kw: Any
    ) -> None:
        super().__init__(required=required, max_length=max_length, help_text=help_text, **kw)
        self.field.widget = listed(offers)


class LinesBlock(AreaBlock):
    """One thing a line, its parts divided by `divider`; `parts` says how many a line must have at least."""

    def __init__(self, divider: str, parts: int, example: str, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=f"One a line, like {example}", **kwargs)
        self.divider, self.parts, self.example = divider, parts, example

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        for line in text.splitlines():
            said = [part.strip() for part in line.split(self.divider)]
            if line.strip() and (len(said) < self.parts or not all(said[: self.parts])):
                raise ValidationError(
                    f"Write each line like {self.example}. This one is different: {line.strip()[:80]}"
                )
        return text


def fields_of(kind: str) -> dict[str, Fields]:
    """The fields of one item type, by the part of the editor they stand in ("main" is not folded).

    The types share their fields, so that the page defines each only once.
    """
    asks, answers = kind not in TEXTS, kind not in (*TEXTS, "group")
    wording = kind if kind in TEXTS else "heading" if kind in CONTAINERS else "question"
    main = [wording, "hint" if asks else ""]
    groups: dict[str, Fields] = {"main": _picked(main)}
    if answers:
        groups["main"] += [*_picked(["required"]), *_SPECIFIC.get(kind, ()), *_picked(["absent"])]
    rules = ["show_if", "required_if", "recommended", "warnings"] if answers else ["show_if"]
    groups["When it is shown, needed, or warns" if answers else "When it is shown"] = _picked(rules)
    if asks:
        folded = ["patient_label", "code", "slot", "slot_values", "prefill"]
        groups["Codes, emergency page, wording for the person"] = _picked(folded)
    groups["Who"] = _picked(["who_see", "who_edit" if asks else "", "who_require" if answers else ""])
    groups["end"] = _picked(["link_id", "kept"])
    return groups


def _picked(names: list[str]) -> Fields:
    """Shared fields by name; the shapes of the wording are all stored as `label`."""
    return [("label" if name in _WORDINGS else name, _SHARED[name]) for name in names if name]


def _link_id() -> blocks.Block:
    return blocks.RegexBlock(
        regex=LINK_ID,
        required=False,
        label="Name in exports",
        help_text="Made from the wording when left empty; fixed once a version with it is live",
        error_messages={"invalid": "Enter a name without spaces, like date-of-birth"},
    )


def _absent() -> blocks.Block:
    return blocks.MultipleChoiceBlock(
        choices=list(ABSENT.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Ways to say there is no answer",
    )


_SHARED: dict[str, blocks.Block] = {
    "guidance": AreaBlock(max_length=2000, label="Text"),
    "body": AreaBlock(max_length=5000, label="Text", help_text="Links like [the leaflet](https://example.org)"),
    "heading": blocks.CharBlock(max_length=500, label="Heading"),
    "question": blocks.CharBlock(max_length=500, label="Question"),
    "hint": blocks.CharBlock(required=False, max_length=1000),
    "required": blocks.BooleanBlock(required=False, label="Needed before a plan can be approved"),
    "absent": _absent(),
    "show_if": RuleBlock("show_if", required=False, label="Shown only if"),
    "required_if": RuleBlock("required_if", required=False, label="Needed before approval if"),
    "recommended": blocks.BooleanBlock(required=False, label="Recommended: its absence is said and stops nothing"),
    "warnings": RuleBlock("warnings", required=False, label="Warns if"),
    "patient_label": blocks.CharBlock(required=False, max_length=500, label="Wording for the person"),
    "code": LinesBlock("|", 2, "http://snomed.info/sct|450475007|Attempt CPR", label="Codes"),
    "slot": ListedBlock("slots", label="Fact of the emergency page"),
    "slot_values": LinesBlock("=", 2, "450475007 = attempt", label="What its answers say there"),
    "prefill": blocks.CharBlock(required=False, max_length=100, label="Filled in from"),
    **block_roles.FIELDS,
    "link_id": _link_id(),
    "kept": KeptBlock(required=False),
}


_LONGEST: Fields = [
    ("max_length", blocks.IntegerBlock(required=False, min_value=1, max_value=20_000, label="Longest answer"))
]
_CHOOSING: Fields = [
    ("value_set", ListedBlock("value-sets", label="List of answers")),
    ("options", blocks.ListBlock(OptionBlock(label="answer"), default=[], label="Or its own answers")),
    ("other", blocks.BooleanBlock(required=False, label="With room for other words")),
]
_UNIT = blocks.CharBlock(required=False, max_length=30)
_DECIMALS = blocks.IntegerBlock(required=False, min_value=0, max_value=6, label="Decimal places")
_ROWS: Fields = [
    ("min_items", blocks.IntegerBlock(required=False, min_value=0, max_value=100, label="At least")),
    ("max_items", blocks.IntegerBlock(required=False, min_value=1, max_value=200, label="At most")),
]
_WORKED_OUT: Fields = [
    ("calculation", RuleBlock("calculation", required=False, label="Worked out as")),
    ("unit", _UNIT),
    ("decimals", _DECIMALS),
]
_SPECIFIC: dict[str, Fields] = {
    "text": _LONGEST,
    "long_text": _LONGEST,
    "choice": _CHOOSING,
    "choices": _CHOOSING,
    "calculated": _WORKED_OUT,
    "number": [
        ("unit", _UNIT),
        ("min", blocks.FloatBlock(required=False, label="Least")),
        ("max", blocks.FloatBlock(required=False, label="Most")),
        ("decimals", _DECIMALS),
    ],
    "date": date_fields(),
    "repeat": _ROWS,
    "table": _ROWS,
    "scale": scale_fields(),
    "attachment": file_fields(),
    "score": [*_WORKED_OUT, ("bands", LinesBlock("|", 3, "0|4|Minimal", label="What the score means"))],
}
