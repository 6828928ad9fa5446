"""Pages of at most forty items out of the top level of a Questionnaire."""

from typing import Any

from careplan_forms.schema.fhir import translations
from careplan_forms.schema.fhir.ours import section_of
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import shorten, slug
from careplan_forms.schema.fhir.tree import Node, uid_for

MAX_SECTION_ITEMS = 40
MAX_TITLE = 200
MAX_KEY = 50
GENERAL = "Questions"

Item = dict[str, Any]


def size(item: Item) -> int:
    """The item and everything inside it, as the forty of a section count."""
    return 1 + sum(size(child) for child in item.get("items", []))


class SectionPlan:
    """Collects converted top-level items into sections, in the order of the source.

    A top-level group stays an item of its section, so that its linkId, codes and condition are not lost.
    """

    def __init__(self, form_key: str, form_title: str, canonical: str, nodes: list[Node]) -> None:
        self._prefix = form_key[:20].strip("-")
        self._title = form_title
        self._canonical = canonical
        self._nodes = {node.uid: node for node in nodes}
        self._keys: set[str] = set()
        self._loose: list[Item] = []
        self.sections: list[dict[str, Any]] = []

    def add(self, item: Item) -> None:
        """Give a group a page of its own (several when long); gather everything else on shared pages."""
        own = section_of(self._nodes.get(item["uid"])) if item["type"] == "group" else {}
        if own and own["key"] not in self._keys:
            self.flush()
            self._add_own(item, own)
        elif item["type"] == "group":
            self.flush()
            self._add_group(item)
        else:
            self._loose.append(item)

    def flush(self) -> None:
        """Close the page of loose items."""
        chunks = self._chunks(self._loose, MAX_SECTION_ITEMS)
        title = GENERAL if self.sections else self._title or GENERAL
        for number, chunk in enumerate(chunks, start=1):
            self._open(_numbered(title, number, len(chunks)), chunk)
        self._loose = []

    def _add_group(self, group: Item) -> None:
        limit = MAX_SECTION_ITEMS - 1
        chunks = self._chunks(self._divided(group["items"], limit), limit)
        if len(chunks) > 1:
            self._note(group, f"too long for one page of {MAX_SECTION_ITEMS} items; it is spread over {len(chunks)}")
        for number, chunk in enumerate(chunks, start=1):
            part = {**group, "items": chunk} if number == 1 else self._part(group, number, chunk)
            self._open(_numbered(group["label"], number, len(chunks)), [part])

    def _add_own(self, group: Item, own: dict[str, Any]) -> None:
        """A section of one of our own forms comes back as the section it was."""
        self._keys.add(own["key"])
        texts = {key: own[key] for key in ("group",) if isinstance(own.get(key), str)}
        told = {key: group[key] for key in ("hint", "translations") if group.get(key)}
        if words := told.get("translations"):
            told["translations"] = {
                language: {"title" if field == "label" else field: text for field, text in said.items()}
                for language, said in words.items()
            }
        if headed := translations.only(own.get("translations"), "group"):
            told["translations"] = translations.merged(told.get("translations", {}), headed)
        self.sections.append({"key": own["key"], "title": group["label"], "items": group["items"], **texts, **told})

    def _part(self, group: Item, number: int, chunk: list[Item]) -> Item:
        link_id = f"{group['link_id']}--part-{number}"
        part = {
            "uid": uid_for(self._canonical, link_id),
            "link_id": link_id,
            "type": "group",
            "label": group["label"],
            "items": chunk,
            "residue": {"continues": group["link_id"]},
        }
        return part if "show_if" not in group else {**part, "show_if": group["show_if"]}

    def _divided(self, items: list[Item], limit: int) -> list[Item]:
        """The items, with inner groups too big for a page opened up: heading as guidance, then items."""
        found: list[Item] = []
        for item in items:
            if item["type"] != "group" or size(item) <= limit:
                found.append(item)
                continue
            self._note(
                item,
                "too long for one page: its heading is shown as guidance and its items follow",
                "guidance",
            )
            heading = {key: value for key, value in item.items() if key != "items"}
            found.append({**heading, "type": "guidance"})
            found += [_only_if(item.get("show_if"), each) for each in self._divided(item["items"], limit)]
        return found

    def _chunks(self, items: list[Item], limit: int) -> list[list[Item]]:
        chunks: list[list[Item]] = []
        room = 0
        for item in items:
            need = size(item)
            if need > limit:
                self._note(item, f"it holds {need - 1} items, more than a page may; divide it before publishing")
            if not chunks or need > room:
                chunks.append([])
                room = limit
            chunks[-1].append(item)
            room -= need
        return chunks

    def _note(self, item: Item, reason: str, became: str = "") -> None:
        node = self._nodes.get(item["uid"])
        if node:
            node.outcome.note(Outcome.MAPPED, reason)
            node.outcome.became = became or node.outcome.became

    def _open(self, title: str, items: list[Item]) -> None:
        page = {"key": self._key(title), "title": shorten(title, MAX_TITLE), "items": items}
        # A page is how we divide a form, not a part of the form: an export passes over it.
        self.sections.append(page | {"residue": {"page": True}})

    def _key(self, title: str) -> str:
        base = f"{self._prefix}-{slug(title, MAX_KEY - len(self._prefix) - 5) or 'section'}".strip("-")
        key, number = base, 2
        while key in self._keys:
            key, number = f"{base}-{number}", number + 1
        self._keys.add(key)
        return key


def _only_if(rule: Any, item: Item) -> Item:
    if not rule:
        return item
    own = item.get("show_if")
    return {**item, "show_if": {"all": [rule, own]} if own else rule}


def _numbered(title: str, number: int, total: int) -> str:
    return title if total == 1 else f"{shorten(title, MAX_TITLE - 20)} ({number} of {total})"
