"""Compiled items: an item with everything decided that does not depend on answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Draw, Field
from careplan_forms.schema.model import Item, Section
from careplan_forms.schema.names import INSTANCE_MARKS, field_name, instance_field_name, join
from careplan_forms.schema.registry import ITEM_TYPES, answer_type
from careplan_forms.schema.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class CompiledItem:
    """One item of a compiled form. `check` and `draw` are there for questions only."""

    uid: str
    type: str
    label: str
    name: str
    item: Item
    field: Field
    section: str
    repeats: tuple[str, ...]
    kind: AnswerType | None
    check: Check | None
    draw: Draw | None
    children: tuple["CompiledItem", ...]
    # (part, name) of every control that may be posted.
    controls: tuple[tuple[str, str], ...]

    @property
    def slot(self) -> str | None:
        """The field of the emergency view this item fills."""
        return self.item.slot

    @property
    def required(self) -> bool:
        """Whether approval needs an answer."""
        return self.item.required

    @property
    def is_repeat(self) -> bool:
        """Whether the answer is a list of entries."""
        return self.type == "repeat"

    @property
    def answerable(self) -> bool:
        """Whether answers are kept under this uid."""
        return self.kind is not None or self.is_repeat

    @property
    def secret(self) -> bool:
        """Whether the answer may be shown only by a logged press."""
        known = SLOT_FIELDS.get(self.item.slot or "")
        return known is not None and known.secret


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """A section with its compiled items."""

    key: str
    title: str
    hint: str
    group: str
    items: tuple[CompiledItem, ...]


def compile_section(section: Section, say: Wording, audience: str, seen: set[str]) -> CompiledSection:
    """Compile a section; `seen` collects uids over the whole form, and the first of duplicates counts."""
    items = _compile_items(section.items, section.key, say, audience, seen, ())
    return CompiledSection(section.key, section.title, section.hint, section.group, items)


def everything(items: tuple[CompiledItem, ...]) -> Iterator[CompiledItem]:
    """All items below, parents first."""
    for item in items:
        yield item
        yield from everything(item.children)


def answerables(items: tuple[CompiledItem, ...]) -> Iterator[CompiledItem]:
    """Questions and repeats below, looking into groups but not into repeats."""
    for item in items:
        if item.answerable:
            yield item
        else:
            yield from answerables(item.children)


def _compile_items(
    items: tuple[Item, ...],
    section: str,
    say: Wording,
    audience: str,
    seen: set[str],
    repeats: tuple[tuple[str, str], ...],
) -> tuple[CompiledItem, ...]:
    """`repeats` holds (uid, name) of the repeats around, outermost first."""
    compiled = []
    for item in items:
        if item.type in ITEM_TYPES and item.uid not in seen:
            seen.add(item.uid)
            compiled.append(_compile_item(item, section, say, audience, seen, repeats))
    return tuple(compiled)


def _compile_item(
    item: Item,
    section: str,
    say: Wording,
    audience: str,
    seen: set[str],
    repeats: tuple[tuple[str, str], ...],
) -> CompiledItem:
    name = field_name(item.uid)
    if repeats:
        name = instance_field_name(repeats[-1][1], INSTANCE_MARKS[len(repeats) - 1], item.uid)
    label = (item.patient_label if audience == "patient" else "") or item.label
    place = Field(item, name, label, say)
    kind = answer_type(item.type)
    inside = (*repeats, (item.uid, name)) if item.type == "repeat" else repeats
    return CompiledItem(
        uid=item.uid,
        type=item.type,
        label=label,
        name=name,
        item=item,
        field=place,
        section=section,
        repeats=tuple(uid for uid, _ in repeats),
        kind=kind,
        check=kind.check(place) if kind else None,
        draw=kind.draw(place) if kind else None,
        children=() if kind else _compile_items(item.items, section, say, audience, seen, inside),
        controls=tuple((part, join(name, part)) for part in (kind.controls(item) if kind else absent.parts(item))),
    )
