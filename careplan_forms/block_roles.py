"""Who may see, change and must answer an item, as the section editor asks it, and as the document says it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from wagtail import blocks

from careplan_forms.schema import roles
from careplan_forms.schema.roles import READERS

JSONDict = dict[str, Any]

#: Stands in a choice for an empty limit; no choice at all is no limit.
NOBODY = "nobody"
_PARTS = {"who_see": "see", "who_edit": "edit", "who_require": "require"}
_LABELS = {
    roles.DOCTOR: "Doctors",
    roles.CLINICIAN: "Other clinicians, such as nurses",
    roles.CARE_HOME: "Care home staff",
    roles.URGENT_READER: "Urgent care readers",
    roles.PATIENT: "The person",
    roles.DELEGATE: "Carers and attorneys",
}


def _who(label: str, help_text: str) -> blocks.Block:
    return blocks.MultipleChoiceBlock(
        choices=[*((role, _LABELS[role]) for role in READERS), (NOBODY, "Nobody")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=label,
        help_text=help_text,
    )


#: The fields of the editor, shared by all item types.
FIELDS: dict[str, blocks.Block] = {
    "who_see": _who("Who may see this", "Choose none for everybody who may read the plan"),
    "who_edit": _who("Who may change this", "Choose none for everybody who may write in the plan and see this"),
    "who_require": _who("Who must answer this", "Choose none for everybody who may change it, when it is needed"),
}


def roles_in(value: Mapping[str, Any]) -> JSONDict | None:
    """The limits that were chosen; None where nothing was."""
    chosen = {part: _limit(list(value.get(field) or [])) for field, part in _PARTS.items()}
    return chosen if any(each is not None for each in chosen.values()) else None


def role_choices(given: Any) -> dict[str, list[str]]:
    """Limits as choices; none where a choice could not say them, so that they are kept as they are."""
    known = given if isinstance(given, Mapping) else {}
    return {field: _chosen(known.get(part)) for field, part in _PARTS.items()}


def _limit(chosen: list[str]) -> list[str] | None:
    if not chosen:
        return None
    return [role for role in READERS if role in chosen]


def _chosen(limit: Any) -> list[str]:
    if not isinstance(limit, list) or not all(each in READERS for each in limit):
        return []
    return list(limit) or [NOBODY]
