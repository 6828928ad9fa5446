"""JSON Schema of the answers of a form."""

from typing import TYPE_CHECKING, Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items import absent

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


def answers_schema(form: "CompiledForm") -> dict[str, Any]:
    """The schema of the whole answers object, hidden and blank answers left out."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        "type": "object",
        "properties": {item.uid: item_schema(item) for item in form.asked(None)},
        "additionalProperties": False,
    }


def item_schema(item: CompiledItem) -> dict[str, Any]:
    """The schema of one answer."""
    if item.kind is not None:
        return item.kind.json_schema(item.item)
    children = {child.uid: item_schema(child) for child in answerables(item.children)}
    entry = {
        "type": "object",
        "properties": {"id": {"type": "string"}, **children},
        "required": ["id"],
        "additionalProperties": False,
    }
    entries: dict[str, Any] = {"type": "array", "items": entry}
    if item.item.max_items is not None:
        entries["maxItems"] = item.item.max_items
    return {"anyOf": [entries, absent.json_schema(item.item)]} if item.item.absent else entries
