"""How many files a question takes, of which kinds and how large, from FHIR and back."""

from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.fhir.elements import extension_value, extensions, short_name
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.fhir.urls import MAX_SIZE, MIME_TYPE
from careplan_forms.schema.items.file_kinds import GREATEST_SIZE, KINDS, MB, SMALLEST_LIMIT

JSONDict = dict[str, Any]

_LIMITS = ("maxSize", "mimeType")


def add_limits(node: Node, item: JSONDict) -> None:
    """Kinds, size and number of files. What cannot be held here is kept, and said."""
    if item["type"] != "attachment":
        node.unread.update(name for name in _LIMITS if extension_value(node, name) is not None)
        return
    if not node.repeats:
        item["max_items"] = 1
    _add_kinds(node, item)
    _add_size(node, item)


def _add_kinds(node: Node, item: JSONDict) -> None:
    asked = [as_text(each.get("valueCode")) for each in extensions(node, "mimeType")]
    if not asked:
        return
    known = [kind for kind, each in KINDS.items() if each.media_type in asked]
    if known:
        item["file_kinds"] = known
    if len(known) < len(asked):
        node.unread.add("mimeType")
        titles = ", ".join(each.title for each in KINDS.values())
        node.outcome.note(Outcome.NOT_EXECUTED, f"only {titles} files are taken here; other kinds it allows are not")


def _add_size(node: Node, item: JSONDict) -> None:
    given = extension_value(node, "maxSize")
    if given is None:
        return
    number = decimal_of(given)
    size = int(number * MB) if number is not None and abs(number) < MB else 0
    if SMALLEST_LIMIT <= size <= GREATEST_SIZE:
        item["max_size"] = size
        return
    node.unread.add("maxSize")
    node.outcome.note(Outcome.NOT_EXECUTED, "its limit for the size of a file cannot be used here")


def tell(element: JSONDict, item: JSONDict, came: JSONDict | None) -> None:
    """Write into the element of a question for files what it takes, wherever that is not as it came."""
    if came is None or any(item[key] != came[key] for key in ("type", "max_items")):
        element.pop("repeats", None)
        if item["max_items"] != 1:
            element["repeats"] = True
    if came is None or any(item[key] != came[key] for key in ("type", "file_kinds", "max_size")):
        raw = element.pop("extension", None)
        kept = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
        told = [each for each in kept if short_name(each.get("url")) not in _LIMITS] + _limits(item)
        if told:
            element["extension"] = told


def _limits(item: JSONDict) -> list[JSONDict]:
    """The limits of a question in FHIR's words: megabytes and media types."""
    kinds = [kind for kind in item["file_kinds"] if kind in KINDS]
    found: list[JSONDict] = [{"url": MIME_TYPE, "valueCode": KINDS[kind].media_type} for kind in kinds]
    size = item["max_size"]
    if isinstance(size, int):
        megabytes = size / MB
        found.append({"url": MAX_SIZE, "valueDecimal": int(megabytes) if megabytes == int(megabytes) else megabytes})
    return found
