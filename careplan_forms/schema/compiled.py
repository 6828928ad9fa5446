"""Compiled items: an item with everything decided that does not depend on answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Draw, Field
from careplan_forms.schema.items.kinds import REPEATS
from careplan_forms.schema.model import Caution, Item, Section
from careplan_forms.schema.names import INSTANCE_MARKS, field_name, instance_field_name, join
from careplan_forms.schema.registry import ITEM_TYPES, answer_type
from careplan_forms.schema.rules import Compiled, RuleError, compile_rule, references
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
    # When approval needs an answer though it does not always; None: never.
    need: Compiled | None = None
    # What is said beside it, and when.
    cautions: tuple[tuple[Caution, Compiled], ...] = ()

    @property
    def slot(self) -> str | None:
        """The field of the emergency view this item fills."""
        return self.item.slot

    @property
    def required(self) -> bool:
        """Whether approval always needs an answer."""
        return self.item.required

    @property
    def demanding(self) -> bool:
        """Whether approval may need an answer."""
        return self.item.required or self.need is not None

    @property
    def finishes(self) -> bool:
        """Whether approval may need more of an answer that is there."""
        return self.kind is not None and self.kind.finishes

    @property
    def is_repeat(self) -> bool:
        """Whether the answer is a list of entries."""
        return self.type in REPEATS

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


def around_of(items: tuple[CompiledItem, ...], around: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every item below with the uids of what it stands in, outermost first."""
    for item in items:
        yield item.uid, around
        yield from around_of(item.children, (*around, item.uid))


def asked_about(items: tuple[CompiledItem, ...], around: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The uids of these items, and those their needs and warnings ask about with what stands around these."""
    inside = list(everything(items))
    rules = [rule for item in inside for rule in (item.item.required_if, *(each.rule for each in item.item.warnings))]
    asked = [uid for rule in rules for uid in references(rule) if uid in around]
    return [item.uid for item in inside] + [each for uid in asked for each in (*around[uid], uid)]


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
    inside = (*repeats, (item.uid, name)) if item.type in REPEATS else repeats
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
        need=_rule_of(item.required_if),
        cautions=tuple((each, rule) for each in item.warnings if (rule := _rule_of(each.rule)) is not None),
        controls=tuple((part, join(name, part)) for part in (kind.controls(item) if kind else absent.parts(item))),
    )


def _rule_of(rule: Any) -> Compiled | None:
    """A rule that asks or warns; one that is empty or malformed does neither."""
    if not rule:
        return None
    try:
        return compile_rule(rule)
    except RuleError:
        return None
