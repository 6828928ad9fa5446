"""The items of a Questionnaire as a tree with link ids that are really there and really unique."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir.report import ImportReport, ItemOutcome, Outcome
from careplan_forms.schema.fhir.source import Unreadable
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.urls import FORM

MAX_ITEMS = 2000
MAX_LINK_ID = 100
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}\Z")


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
    names = _Names(canonical, is_ours(questionnaire))
    stack = list(reversed(_entries(questionnaire, "", None, report)))
    while stack:
        path, raw, parent = stack.pop()
        if len(report.items) >= MAX_ITEMS:
            raise Unreadable(f"The form has more than {MAX_ITEMS:,} items. Split it and import the parts.")
        if not isinstance(raw, dict):
            _refuse(path, report)
            continue
        node = _node(path, raw, parent, names, report)
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


@dataclass
class _Names:
    """The linkIds and uids given so far; forms of our own bring their uids along as the ids of elements."""

    canonical: str
    ours: bool
    taken: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)

    def uid(self, raw: dict[str, Any], link_id: str) -> str:
        given = raw.get("id")
        uid = str(given) if self.ours and is_id(given) else ""
        if not uid or uid in self.uids:
            uid = uid_for(self.canonical, link_id)
        self.uids.add(uid)
        return uid


def _node(path: str, raw: dict[str, Any], parent: Node | None, names: _Names, report: ImportReport) -> Node:
    given = as_text(raw.get("linkId"))
    line = ItemOutcome(path=path, link_id=given, new_link_id="", source_type=as_text(raw.get("type")))
    report.items.append(line)
    link_id = _unique_link_id(raw, given, path, names.taken, line)
    line.new_link_id = link_id
    return Node(source=raw, outcome=line, link_id=link_id, uid=names.uid(raw, link_id), parent=parent)


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


def is_ours(holder: Any) -> bool:
    """Whether a Questionnaire was written by Foreword, so that the ids of its items are uids."""
    raw = holder.get("extension") if isinstance(holder, dict) else None
    return isinstance(raw, list) and any(isinstance(each, dict) and each.get("url") == FORM for each in raw)


def is_id(uid: Any) -> bool:
    """Whether a uid may stand as the id of an element."""
    return isinstance(uid, str) and _ID.match(uid) is not None


def uid_for(canonical: str, link_id: str) -> str:
    """The same form and linkId give the same uid each time, so a second import lines up with the first."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{canonical}#{link_id}"))
