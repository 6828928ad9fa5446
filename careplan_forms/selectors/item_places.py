"""Where an item of a form's draft stands, and where else it could."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careplan_forms.blocks import MAX_ITEMS
from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.schema.items.kinds import REPEATS
from careplan_forms.selectors.form_drafts import draft_of, sections_of, stream_in
from core.exceptions import Absent, Refused

JSONDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """An item's stored block, the section (row) it is in, and the blocks it stands in, outermost first."""

    section: FormSection
    block: JSONDict
    around: tuple[JSONDict, ...]

    @property
    def label(self) -> str:
        """How pages call it."""
        return label_of(self.block)

    @property
    def size(self) -> int:
        """How many items go with it, itself counted."""
        return count([self.block])

    @property
    def uids(self) -> set[str]:
        """The item and everything inside it."""
        return {each["id"] for each in walk([self.block])}


@dataclass(frozen=True, slots=True)
class Target:
    """A section that could take an item: its top-level items as (uid, label), and why it cannot, if it cannot."""

    section: FormSection
    items: list[tuple[str, str]]
    obstacle: str


def place_of(definition: FormDefinition, uid: str) -> Place:
    """Where an item stands in the present draft. Raises Absent."""
    for section in sections_of(definition):
        for block, around in _nested(stream_in(draft_of(section), "items"), ()):
            if uid and block["id"] == uid:
                return Place(section, block, around)
    raise Absent


def check_movable(place: Place) -> None:
    """Raises Refused for what belongs to a library section, or to the entries of a repeat or table."""
    if place.section.shared:
        raise Refused(f"“{place.section.title}” is in the library, so its items stay in it")
    for each in place.around:
        if each["type"] in REPEATS:
            raise Refused(f"“{place.label}” belongs to the entries of “{label_of(each)}”. Move that as a whole")


def targets_of(definition: FormDefinition, place: Place) -> list[Target]:
    """The other sections of the form, in its order."""
    others = [each for each in sections_of(definition) if each.pk != place.section.pk]
    return [_target(each, place) for each in others]


def label_of(block: JSONDict) -> str:
    """The wording of a stored block, or its name."""
    return str(block["value"].get("label") or block["value"].get("link_id") or "Without wording")


def walk(blocks: list[JSONDict]) -> Iterator[JSONDict]:
    """Every block below, parents before children."""
    for block, _ in _nested(blocks, ()):
        yield block


def count(blocks: list[JSONDict]) -> int:
    """How many items some blocks are, those inside groups counted."""
    return sum(1 for _ in walk(blocks))


def _nested(blocks: list[JSONDict], around: tuple[JSONDict, ...]) -> Iterator[tuple[JSONDict, tuple[JSONDict, ...]]]:
    for block in blocks:
        yield block, around
        yield from _nested(block["value"].get("items") or [], (*around, block))


def _target(section: FormSection, place: Place) -> Target:
    stream = stream_in(draft_of(section), "items")
    return Target(section, [(each["id"], label_of(each)) for each in stream], _obstacle(section, stream, place))


def _obstacle(section: FormSection, stream: list[JSONDict], place: Place) -> str:
    if section.shared:
        return f"“{section.title}” is in the library, so nothing is moved into it from a form"
    many = count(stream) + place.size
    if many > MAX_ITEMS:
        return f"“{section.title}” would have {many} items, and {MAX_ITEMS} is the most"
    taken = {each["value"].get("link_id") for each in walk(stream)}
    for each in walk([place.block]):
        if each["value"].get("link_id") in taken:
            return f"“{section.title}” has an item of the name “{each['value']['link_id']}” already"
    return ""
