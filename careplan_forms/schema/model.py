"""The document as frozen objects: what the compiler, the linter's readers and the diff walk over.

Reading is tolerant: a wrong shape becomes the default, so that nothing which only reads a document can crash
on it. Saying what is wrong is the linter's work.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from careplan_forms.schema.bands import Band, worked_out
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.document import normalise
from careplan_forms.schema.roles import NO_LIMITS, Roles, read_roles
from careplan_forms.schema.translating import localised

MAX_DEPTH = 7


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a coded choice.

    A retired option stays readable on old answers and is not offered for new ones.
    """

    id: str
    code: str
    system: str
    display: str
    retired: bool
    replaced_by: str | None
    # What it weighs in a score.
    score: Decimal | None = None
    # How it reads in the form's own language, when it is drawn in another; answers keep this.
    own: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """What is said beside a question while a rule holds; it never keeps a plan from being sent."""

    uid: str
    rule: Any
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question, a group, a repeat or a guidance text."""

    uid: str
    link_id: str
    type: str
    label: str
    hint: str
    patient_label: str
    code: tuple[dict[str, Any], ...]
    required: bool
    absent: tuple[str, ...]
    show_if: Any
    max_length: int | None
    options: tuple[Option, ...]
    other: bool
    unit: str
    min: Any
    max: Any
    decimals: int | None
    precision: tuple[str, ...]
    items: tuple["Item", ...]
    min_items: int
    max_items: int | None
    slot: str | None
    slot_values: dict[str, Any]
    prefill: str | None
    required_if: Any = None
    recommended: bool = False
    warnings: tuple[Caution, ...] = ()
    calculation: Any = None
    roles: Roles = NO_LIMITS
    # Set for one audience only (`audience`): may be read and not changed; what inside an entry may not be changed.
    read_only: bool = False
    sealed: frozenset[str] = frozenset()
    bands: tuple[Band, ...] = ()
    min_label: str = ""
    max_label: str = ""
    # Of a question that asks for files: the kinds it takes (none named: all), and the most bytes of one.
    file_kinds: tuple[str, ...] = ()
    max_size: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form and a row of the task list."""

    key: str
    title: str
    hint: str
    group: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The whole document, read."""

    key: str
    title: str
    language: str
    sections: tuple[Section, ...]


def read(document: Mapping[str, Any], language: str = "") -> Form:
    """Read a document (any schema version, defaults filled) into frozen objects. Raises DocumentError.

    With `language` its texts are in that language, as far as they are translated.
    """
    filled = localised(normalise(document), language) if language else normalise(document)
    value_sets = {
        key: _options(each.get("options"))
        for key, each in _mapping(filled["value_sets"]).items()
        if isinstance(each, dict)
    }
    sections = tuple(_section(each, value_sets) for each in _list(filled["sections"]) if isinstance(each, dict))
    return Form(_text(filled["key"]), _text(filled["title"]), _text(filled["language"]) or "en", sections)


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every item below, in the order of the document, parents before children."""
    for item in items:
        yield item
        yield from walk(item.items)


def _section(section: dict[str, Any], value_sets: dict[str, tuple[Option, ...]]) -> Section:
    return Section(
        key=_text(section["key"]),
        title=_text(section["title"]),
        hint=_text(section["hint"]),
        group=_text(section["group"]),
        items=_items(section["items"], value_sets, 1),
    )


def _items(items: Any, value_sets: dict[str, tuple[Option, ...]], depth: int) -> tuple[Item, ...]:
    if depth > MAX_DEPTH:
        return ()
    return tuple(_limited(_item(each, value_sets, depth), each) for each in _list(items) if isinstance(each, dict))


def _limited(item: Item, given: dict[str, Any]) -> Item:
    """The item with the limits it names; what nobody must answer is not required."""
    if given["roles"] is None:
        return item
    roles = read_roles(given["roles"])
    return replace(item, roles=roles, required=item.required and roles.require != frozenset())


def _item(item: dict[str, Any], value_sets: dict[str, tuple[Option, ...]], depth: int) -> Item:
    return Item(
        uid=_text(item["uid"]),
        link_id=_text(item["link_id"]),
        type=_text(item["type"]),
        label=_text(item["label"]),
        hint=_text(item["hint"]),
        patient_label=_text(item["patient_label"]),
        code=tuple(each for each in _list(item["code"]) if isinstance(each, dict)),
        required=item["required"] == "publish",
        absent=_texts(item["absent"]),
        show_if=item["show_if"],
        max_length=_count(item["max_length"]),
        options=_offered(item, value_sets),
        other=item["other"] is True,
        unit=_text(item["unit"]),
        min=item["min"],
        max=item["max"],
        decimals=_count(item["decimals"], least=0),
        precision=tuple(each for each in "DMY" if each in _list(item["precision"])) or ("D",),
        items=_items(item["items"], value_sets, depth + 1),
        min_items=_count(item["min_items"], least=0) or 0,
        max_items=_count(item["max_items"]),
        slot=_text(item["slot"]) or None,
        slot_values=_mapping(item["slot_values"]),
        prefill=_text(item["prefill"]) or None,
        required_if=item["required_if"],
        recommended=item["recommended"] is True,
        warnings=_cautions(item["warnings"]),
        **worked_out(item) | _of_files(item),
    )


def _of_files(item: dict[str, Any]) -> dict[str, Any]:
    return {"file_kinds": _texts(item["file_kinds"]), "max_size": _count(item["max_size"])}


def _cautions(warnings: Any) -> tuple[Caution, ...]:
    read = [each for each in _list(warnings) if isinstance(each, dict)]
    return tuple(
        Caution(_text(each["uid"]) or str(number), each["rule"], _text(each["text"]))
        for number, each in enumerate(read)
    )


def _offered(item: dict[str, Any], value_sets: dict[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    named = item["value_set"]
    return value_sets[named] if isinstance(named, str) and named in value_sets else _options(item["options"])


def _options(options: Any) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for each in _list(options):
        if isinstance(each, dict) and isinstance(each.get("id"), str) and each["id"]:
            found.setdefault(each["id"], _option(each))
    return tuple(found.values())


def _option(option: dict[str, Any]) -> Option:
    return Option(
        id=option["id"],
        code=_text(option["code"]) or option["id"],
        system=_text(option["system"]),
        display=_text(option["display"]) or _text(option["code"]) or option["id"],
        retired=option["status"] == "retired",
        replaced_by=_text(option["replaced_by"]) or None,
        score=decimal_of(option["score"]),
        own=_text(option.get("own")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in _list(values) if isinstance(each, str) and each))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any, least: int = 1) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
