"""The editor's answers of a coded question: their fields, what is wrong with them, and how they are stored."""

import datetime
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from careplan_forms.block_rules import score_heard, score_said
from careplan_forms.schema.code_systems import fault_of
from careplan_forms.schema.document import OPTION_DEFAULTS
from careplan_forms.schema.lint_options import successors
from core.blocks import KeptBlock

JSONDict = dict[str, Any]

#: What an answer may have that the editor shows no field for.
_SEEN = ("id", "code", "system", "display", "status", "retired_on", "replaced_by", "score")
_UNSEEN = tuple(key for key in OPTION_DEFAULTS if key not in _SEEN)


class DayBlock(blocks.CharBlock):
    """A day, stored as text as the form document has it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)
        self.field.widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return datetime.date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            raise ValidationError("Enter a real day, like 2027-03-31") from None


class OptionBlock(blocks.StructBlock):
    """One answer of a coded question. Retire an option instead of deleting it: old answers stay readable."""

    display = blocks.CharBlock(max_length=300, label="Answer")
    code = blocks.CharBlock(required=False, max_length=60)
    system = blocks.CharBlock(required=False, max_length=200)
    status = blocks.ChoiceBlock(choices=[("active", "Offered"), ("retired", "No longer offered")], default="active")
    retired_on = DayBlock(label="No longer offered since", help_text="Empty when the day is not known")
    replaced_by = blocks.CharBlock(required=False, max_length=60, help_text="Code of the answer to use instead")
    score = blocks.CharBlock(required=False, max_length=20, help_text="What it weighs in a calculated score")
    kept = KeptBlock(required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        wrong: dict[str, Any] = {}
        if fault := fault_of(cleaned["system"], cleaned["code"]):
            wrong["code"] = ValidationError(fault)
        if cleaned["retired_on"] and cleaned["status"] != "retired":
            wrong["status"] = ValidationError("Choose “No longer offered”, or take the day out")
        if cleaned["replaced_by"] and cleaned["status"] != "retired":
            wrong["status"] = ValidationError("Choose “No longer offered”, or take out what replaces it")
        if wrong:
            raise StructBlockValidationError(block_errors=wrong)
        return cleaned


class AnswerStreamBlock(blocks.StreamBlock):
    """The answers of a shared list; a block's id is the option's id."""

    option = OptionBlock(label="Answer", icon="radio-full", label_format="{display}")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        given = options_of(self.get_prep_value(cleaned))
        named = {each["id"]: each for each in reversed(given)}
        errors = {
            index: StructBlockValidationError(block_errors={field: ValidationError(sentence)})
            for index, option in enumerate(given)
            for field, sentence in _wrong(option, given[:index], named)
        }
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def _wrong(option: JSONDict, before: list[JSONDict], named: dict[str, JSONDict]) -> list[tuple[str, str]]:
    """What is wrong with an option beside the others of its list: (field, sentence)."""
    same = [each for each in before if (each["system"], each["code"]) == (option["system"], option["code"])]
    if option["code"] and same:
        return [("code", f"“{same[0]['display']}” has this code already. Remove one of the two")]
    if not option["replaced_by"]:
        return []
    if option["replaced_by"] not in named:
        return [("replaced_by", "Enter the code of another answer of this list")]
    chain = successors(option, named)
    if chain[-1] is option or chain[-1]["replaced_by"]:
        return [("replaced_by", "These answers replace each other in a circle. End at one that is offered")]
    return []


def stream_of_options(options: list[JSONDict]) -> list[JSONDict]:
    """The stored blocks of a list of answers."""
    return [{"type": "option", "id": each["id"] or each["code"], "value": option_row(each)} for each in options]


def options_of(stream: list[JSONDict]) -> list[JSONDict]:
    """The options that stored blocks stand for. Who types a code for the one that replaces another means its id."""
    options = [_option(block) for block in stream]
    ids = {each["id"] for each in options}
    of_code = {each["code"]: each["id"] for each in reversed(options)}
    for option in options:
        if option["replaced_by"] and option["replaced_by"] not in ids:
            option["replaced_by"] = of_code.get(option["replaced_by"], option["replaced_by"])
    return options


def _option(block: JSONDict) -> JSONDict:
    row = block["value"]
    return OPTION_DEFAULTS | {
        "id": block.get("id") or row.get("code") or "",
        "code": row.get("code") or "",
        "system": row.get("system") or "",
        "display": row.get("display") or "",
        "status": row.get("status") or "active",
        "retired_on": row.get("retired_on") or None,
        "replaced_by": row.get("replaced_by") or None,
        "score": score_heard(row.get("score") or ""),
        **_unseen(row),
    }


def _unseen(row: JSONDict) -> JSONDict:
    """What travelled through the page with an answer; nothing of it when somebody wrote something else there."""
    try:
        kept = json.loads(row.get("kept") or "{}")
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    found = {key: kept[key] for key in _UNSEEN if key in kept}
    # A weight brought as text stands until its field says something else.
    if "score" in kept and score_said(kept["score"]) == (row.get("score") or ""):
        found["score"] = kept["score"]
    return found


def option_row(option: JSONDict) -> JSONDict:
    """An option as a block stores it."""
    more = {key: option[key] for key in _UNSEEN if option.get(key, OPTION_DEFAULTS[key]) != OPTION_DEFAULTS[key]}
    score = option.get("score")
    if score_heard(score_said(score)) != score:
        more["score"] = score
    return {
        "kept": json.dumps(more, ensure_ascii=False, sort_keys=True) if more else "",
        "display": option["display"],
        "code": option["code"],
        "system": option["system"],
        "score": score_said(score),
        "status": option["status"],
        "retired_on": option.get("retired_on") or "",
        "replaced_by": option["replaced_by"] or "",
    }
