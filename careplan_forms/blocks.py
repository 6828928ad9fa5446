"""The blocks a clinical lead edits a section with: one per item type, the block's id being the item's uid.

`block_items` turns what is stored here into items of the form document and back. Nothing here is in a migration.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import slugify
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockAdapter, StructBlockValidationError

from careplan_forms.block_fields import fields_of
from careplan_forms.schema.items.kinds import CONTAINERS
from careplan_forms.schema.model import MAX_DEPTH
from careplan_forms.schema.registry import ITEM_TYPES

MAX_ITEMS = 40
_ICONS = {
    "guidance": "help",
    "group": "folder-open-inverse",
    "repeat": "repeat",
    "table": "table",
    "body": "pilcrow",
    "person": "user",
    "signature": "edit",
    "file": "doc-full",
    "attachment": "upload",
    "date": "calendar-alt",
    "choice": "radio-full",
}


class ItemBlock(blocks.StructBlock):
    """One item of one type."""

    def __init__(self, kind: str, children: blocks.StreamBlock | None = None) -> None:
        groups = fields_of(kind)
        fields = [each for group in groups.values() for each in group]
        main, end = ([key for key, _ in groups.pop(name)] for name in ("main", "end"))
        if children is not None:
            fields.append(("items", children))
            main.append("items")
        folded = [
            # The heading says it; what Wagtail would put beside it are the fields as stored.
            BlockGroup([key for key, _ in group], heading=heading, classname="collapsed", label_format=heading)
            for heading, group in groups.items()
        ]
        super().__init__(
            fields,
            label=ITEM_TYPES[kind].title,
            icon=_ICONS.get(kind, "edit"),
            label_format="{label}",
            form_layout=BlockGroup([*main, *folded, *end]),
        )


class ItemBlockAdapter(StructBlockAdapter):
    """An item in the page: built when it is opened, see `designer_lazy.js`."""

    js_constructor = "careplan_forms.blocks.ItemBlock"

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[versioned_static("careplan_forms/designer_lazy.js")])


register(ItemBlockAdapter(), ItemBlock)


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
