"""The section editor's form as a browser would post it."""

from typing import Any

from careplan_forms.models import FormSection
from careplan_forms.selectors.form_drafts import draft_of, stream_in

LISTS = ("options",)
SENT_WHEN_TICKED = ("required", "other", "recommended")


def section_form(section: FormSection, **changes: Any) -> dict[str, Any]:
    """What saving the section without touching anything posts; `changes` overwrites fields."""
    draft = draft_of(section)
    data: dict[str, Any] = {key: getattr(draft, key) for key in ("title", "key", "hint", "group")}
    return data | _stream("items", stream_in(draft, "items")) | changes


def _stream(prefix: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-count": str(len(blocks))}
    for index, block in enumerate(blocks):
        at = f"{prefix}-{index}"
        data |= {f"{at}-type": block["type"], f"{at}-order": str(index), f"{at}-deleted": "", f"{at}-id": block["id"]}
        data |= _fields(f"{at}-value", block["value"])
    return data


def _fields(prefix: str, value: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, each in value.items():
        at = f"{prefix}-{name}"
        if name == "items":
            data |= _stream(at, each)
        elif name in LISTS:
            data[f"{at}-count"] = str(len(each))
            for index, row in enumerate(each):
                data |= {f"{at}-{index}-order": str(index), f"{at}-{index}-deleted": "", f"{at}-{index}-id": row["id"]}
                data |= _fields(f"{at}-{index}-value", row["value"])
        elif name in SENT_WHEN_TICKED:
            data |= {at: "on"} if each else {}
        else:
            data[at] = "" if each is None else each
    return data
