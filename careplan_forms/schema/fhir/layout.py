"""Where every item of a document stands in FHIR: pages dissolved, divided groups joined, questions under questions.

The reader gives our pages their shape (see `questionnaire`); this gives it back. An item that came with the form goes
under the item it stood under there, as long as the two still stand together; everything else goes where it is now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.document import normalise
from careplan_forms.schema.fhir.report import ImportReport
from careplan_forms.schema.fhir.source import Unreadable
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.items.kinds import REPEATS

JSONDict = dict[str, Any]


@dataclass
class Place:
    """One item of the Questionnaire: our item (or the section it stands for), and what stands under it.

    `holder` is the repeat that a question with several answers is wrapped in; `node` the item of the form as it was
    brought in, with `came` what that item was read as.
    """

    item: JSONDict
    link_id: str
    section: bool = False
    holder: JSONDict | None = None
    node: Node | None = None
    came: JSONDict | None = None
    came_holder: JSONDict | None = None
    parent: "Place | None" = None
    children: list["Place"] = field(default_factory=list)

    @property
    def outer(self) -> JSONDict:
        """What carries conditions and how often: the wrapping repeat, or the item itself."""
        return self.holder or self.item

    @property
    def came_outer(self) -> JSONDict | None:
        """The same, as it was brought in."""
        return self.came_holder or self.came

    def walk(self) -> Iterator["Place"]:
        """This place and everything under it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Layout:
    """A document laid out: its places, the form it was brought in as, and that form read again."""

    document: JSONDict
    roots: list[Place]
    source: JSONDict
    came: JSONDict | None

    def walk(self) -> Iterator[Place]:
        """Every place, in order."""
        for root in self.roots:
            yield from root.walk()

    def options(self, item: JSONDict) -> list[JSONDict]:
        """The answers a coded question offers, its own or its list's."""
        return offered(self.document, item)

    def by_uid(self) -> dict[str, Place]:
        """Places by the uids of item and wrapping repeat."""
        found: dict[str, Place] = {}
        for place in self.walk():
            found.setdefault(place.item.get("uid") or "", place)
            if place.holder:
                found.setdefault(place.holder["uid"], place)
        return found


def offered(document: JSONDict, item: JSONDict) -> list[JSONDict]:
    """The answers a coded question of a document offers."""
    named = document["value_sets"].get(item["value_set"]) if isinstance(item["value_set"], str) else None
    options: list[JSONDict] = named["options"] if isinstance(named, dict) else item["options"]
    return options


def lay_out(document: Mapping[str, Any]) -> Layout:
    """Lay a document out. Raises DocumentError when it cannot be read at all."""
    plain = normalise(document)
    source = plain["residue"] if isinstance(plain["residue"], dict) else {}
    reading = _read_again(source)
    builder = _Builder(
        nodes=reading.nodes if reading else {},
        came=_items_of(normalise(reading.document)) if reading else {},
        link_ids=set(_items_of(plain, "link_id")),
    )
    for section in plain["sections"]:
        builder.section(section)
    _name(builder.roots)
    return Layout(plain, builder.roots, source, normalise(reading.document) if reading else None)


def _read_again(source: JSONDict) -> Any:
    """The form as it was brought in, read once more; None when the document never was one."""
    from careplan_forms.schema.fhir.questionnaire import reading_of

    if not isinstance(source.get("item"), list):
        return None
    try:
        return reading_of({"resourceType": "Questionnaire"} | source, ImportReport())
    except Unreadable:
        return None


def _items_of(document: JSONDict, key: str = "uid") -> dict[str, JSONDict]:
    found: dict[str, JSONDict] = {}
    pending = [item for section in document["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        found.setdefault(str(item[key]), item)
        pending[:0] = item["items"]
    return found


@dataclass
class _Builder:
    nodes: dict[str, Node]
    came: dict[str, JSONDict]
    link_ids: set[str]
    roots: list[Place] = field(default_factory=list)
    # uid → (place, the place it naturally stands in)
    known: dict[str, tuple[Place, Place | None]] = field(default_factory=dict)
    by_link_id: dict[str, Place] = field(default_factory=dict)

    def section(self, section: JSONDict) -> None:
        if section["residue"].get("page") is True:
            self.items(section["items"], None)
            return
        link_id = section["key"] if section["key"] not in self.link_ids else f"section-{section['key']}"
        place = Place(section, link_id, section=True)
        self.roots.append(place)
        self.items(section["items"], place)

    def items(self, items: list[JSONDict], container: Place | None) -> None:
        for item in items:
            self.one(item, container)

    def one(self, item: JSONDict, container: Place | None) -> None:
        residue = item["residue"] if isinstance(item["residue"], dict) else {}
        first = item["items"][0] if item["items"] else None
        continued = self.by_link_id.get(as_text(residue.get("continues")))
        if item["type"] in REPEATS and first and residue.get("repeats") == first["link_id"]:
            place = self.put(first, container, holder=item)
            self.items(item["items"][1:], place)
        elif continued is not None and item["type"] == "group":
            self.items(item["items"], continued)
        else:
            place = self.put(item, container)
            self.items(item["items"], place)

    def put(self, item: JSONDict, container: Place | None, holder: JSONDict | None = None) -> Place:
        uid = item["uid"]
        place = Place(item, item["link_id"], holder=holder, node=self.nodes.get(uid), came=self.came.get(uid))
        place.came_holder = self.came.get(holder["uid"]) if holder else None
        place.parent = self.parent_of(place, container)
        (place.parent.children if place.parent else self.roots).append(place)
        self.known.setdefault(uid, (place, container))
        self.by_link_id.setdefault(place.link_id, place)
        return place

    def parent_of(self, place: Place, container: Place | None) -> Place | None:
        above = place.node.parent if place.node else None
        found = self.known.get(above.uid) if above else None
        if found is None:
            return container
        parent, beside = found
        return parent if parent is container or beside is container else container


def _name(roots: list[Place]) -> None:
    """Give items back the linkId they came with, where no other item has it."""
    places = [place for root in roots for place in root.walk()]
    taken = {place.link_id for place in places}
    for place in places:
        given = place.node.outcome.link_id if place.node else ""
        if given and given != place.link_id and given not in taken:
            taken.add(given)
            place.link_id = given
