"""The items of a Questionnaire as a tree with link ids that are really there and really unique."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir.report import ImportReport, ItemOutcome, Outcome
from careplan_forms.schema.fhir.source import Unreadable
from careplan_forms.schema.fhir.text import as_text

MAX_ITEMS = 5000
MAX_LINK_ID = 100


@dataclass
class Node:
    """One item of the source with its place, its repaired link id, and its line of the report.

    ``item`` is what it became in our document; ``holder`` the repeat wrapped round it when it may be answered
    several times; ``free_text`` says that its list of answers is not the whole list, ``unread`` names
    elements and extensions that could not be taken over and must stay in the residue.
    """

    source: dict[str, Any]
    outcome: ItemOutcome
    link_id: str
    uid: str
    parent: "Node | None" = None
    free_text: bool = False
    unread: set[str] = field(default_factory=set)
    item: dict[str, Any] | None = None
    holder: dict[str, Any] | None = None
    children: list["Node"] = field(default_factory=list)

    @property
    def type(self) -> str:
        return as_text(self.source.get("type")).strip()

    @property
    def repeats(self) -> bool:
        return self.source.get("repeats") in (True, "true")

    def walk(self) -> Iterator["Node"]:
        """This node and everything under it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def ancestors(self) -> Iterator["Node"]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def build(questionnaire: dict[str, Any], canonical: str, report: ImportReport) -> list[Node]:
    """Return the top-level nodes; every item met is added to the report, in document order.

    Raises ``Unreadable`` when there are more than ``MAX_ITEMS`` items.
    """
    roots: list[Node] = []
    taken: set[str] = set()
    stack = list(reversed(_entries(questionnaire, "", None, report)))
    while stack:
        path, raw, parent = stack.pop()
        if len(report.items) >= MAX_ITEMS:
            raise Unreadable(f"The form has more than {MAX_ITEMS:,} items. Split it and import the parts.")
        if not isinstance(raw, dict):
            _refuse(path, report)
            continue
        node = _node(path, raw, parent, taken, canonical, report)
        (parent.children if parent else roots).append(node)
        stack.extend(reversed(_entries(raw, f"{path}.", node, report)))
    return roots


def _entries(
    holder: dict[str, Any], prefix: str, parent: Node | None, report: ImportReport
) -> list[tuple[str, Any, Node | None]]:
    raw = holder.get("item")
    if isinstance(raw, dict):
        raw = [raw]
    if raw is None:
        return []
    if not isinstance(raw, list):
        sentence = "what it holds under “item” is not a list of items, so it was left out"
        if parent:
            parent.outcome.note(Outcome.REFUSED, sentence)
        else:
            report.note(f"The form: {sentence}.")
        return []
    return [(f"{prefix}item[{index}]", entry, parent) for index, entry in enumerate(raw)]


def _refuse(path: str, report: ImportReport) -> None:
    line = ItemOutcome(path=path, link_id="", new_link_id="", source_type="")
    line.note(Outcome.REFUSED, "not an item (an item is an object with linkId and type), so it was left out")
    report.items.append(line)


def _node(
    path: str, raw: dict[str, Any], parent: Node | None, taken: set[str], canonical: str, report: ImportReport
) -> Node:
    given = as_text(raw.get("linkId"))
    line = ItemOutcome(path=path, link_id=given, new_link_id="", source_type=as_text(raw.get("type")))
    report.items.append(line)
    link_id = _unique_link_id(raw, given, path, taken, line)
    line.new_link_id = link_id
    return Node(source=raw, outcome=line, link_id=link_id, uid=uid_for(canonical, link_id), parent=parent)


def _unique_link_id(raw: dict[str, Any], given: str, path: str, taken: set[str], line: ItemOutcome) -> str:
    wanted = "-".join(given.split())
    if not wanted:
        wanted = "item-" + "-".join(part for part in path.replace("]", "").replace(".", "").split("item[") if part)
        line.note(Outcome.MAPPED, f"it had no linkId; it is called {wanted} here")
    elif not isinstance(raw.get("linkId"), str):
        line.note(Outcome.MAPPED, "its linkId was a number and is text here")
    elif wanted != given:
        line.note(Outcome.MAPPED, f"its linkId holds spaces; it is called {wanted[:MAX_LINK_ID]} here")
    if len(wanted) > MAX_LINK_ID:
        wanted = f"{wanted[: MAX_LINK_ID - 9]}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
        line.note(Outcome.MAPPED, f"its linkId was longer than {MAX_LINK_ID} characters and is shortened")
    link_id, number = wanted, 2
    while link_id in taken:
        link_id, number = f"{wanted}-{number}", number + 1
    if link_id != wanted:
        line.note(Outcome.MAPPED, f"another item has the linkId {wanted}; this one is called {link_id} here")
    taken.add(link_id)
    return link_id


def uid_for(canonical: str, link_id: str) -> str:
    """The same form and linkId give the same uid each time, so a second import lines up with the first."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{canonical}#{link_id}"))
