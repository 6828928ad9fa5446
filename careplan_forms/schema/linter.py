"""Finding the faults of a form document, by named codes, whatever its shape.

The linter reads the raw document, not the tolerant objects of `model`, so that it sees what they pass over.
It never raises: what cannot be read is a finding too.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from careplan_forms.schema import (
    lint_imported,
    lint_items,
    lint_options,
    lint_roles,
    lint_rules,
    lint_slots,
    lint_translations,
)
from careplan_forms.schema.document import (
    DOCUMENT_DEFAULTS,
    ITEM_DEFAULTS,
    OPTION_DEFAULTS,
    SECTION_DEFAULTS,
    VALUE_SET_DEFAULTS,
    DocumentError,
    normalise,
)
from careplan_forms.schema.findings import Finding, Findings, Spot, finding, listed, text
from careplan_forms.schema.model import MAX_DEPTH

MOST_ITEMS = 40


def lint(document: Any, today: datetime.date | None = None) -> list[Finding]:
    """All findings, errors first, each group in the order of the document.

    With `today` also the lists of answers that may not be used on that day.
    """
    try:
        normalise(document)
    except (DocumentError, RecursionError) as problem:
        said = str(problem) if isinstance(problem, DocumentError) else "This form document is nested too deeply."
        return [finding("document-unreadable", "", problem=said)]
    found = list(_document(document, today))
    return sorted(found, key=lambda each: each.severity != "error")


def errors(document: Any) -> list[Finding]:
    """The findings that stop a form from going live."""
    return [each for each in lint(document) if each.severity == "error"]


def _document(document: Mapping[str, Any], today: datetime.date | None) -> Findings:
    yield from _unknown_keys(document, DOCUMENT_DEFAULTS, "", "The form")
    if not text(document.get("title")).strip():
        yield finding("document-untitled", "/title")
    value_sets = {} if document.get("value_sets") is None else document["value_sets"]
    if not isinstance(value_sets, Mapping):
        yield finding("shape-wrong", "/value_sets", what="The list of value sets", wanted="an object")
        value_sets = {}
    yield from _value_sets(value_sets, today)
    yield from _sections(document.get("sections"))
    spots = list(spots_of(document))
    shapes = [spot for spot in spots if len(spot.around) < MAX_DEPTH]
    yield from _deep(spots)
    yield from lint_items.identities(shapes)
    for spot in shapes:
        yield from _unknown_keys(spot.item, ITEM_DEFAULTS, spot.path, spot.what)
        yield from lint_items.item(spot, value_sets)
    used = {text(spot.item.get("value_set")) for spot in shapes}
    for key in value_sets:
        if key not in used:
            yield finding("value-set-unused", f"/value_sets/{key}", key=key)
    yield from lint_rules.rules(shapes, value_sets)
    yield from lint_slots.slots(shapes, value_sets)
    yield from lint_imported.conditions(shapes)
    yield from lint_roles.roles(shapes)
    yield from lint_translations.translations(document, shapes, value_sets)


def spots_of(document: Mapping[str, Any]) -> Iterator[Spot]:
    """Every item of the document in order, parents first, whatever else is wrong with it."""
    position = 0
    for number, section in enumerate(listed(document.get("sections"))):
        if not isinstance(section, Mapping):
            continue
        pending = _spots(section.get("items"), f"/sections/{number}/items", text(section.get("key")), ())
        while pending:
            spot = pending.pop(0)
            yield Spot(spot.item, spot.path, spot.section, position, spot.around)
            position += 1
            if len(spot.around) <= MAX_DEPTH:
                inner = _spots(spot.item.get("items"), f"{spot.path}/items", spot.section, (*spot.around, spot))
                pending[:0] = inner


def _spots(items: Any, path: str, section: str, around: tuple[Spot, ...]) -> list[Spot]:
    return [
        Spot(dict(item), f"{path}/{number}", section, 0, around)
        for number, item in enumerate(listed(items))
        if isinstance(item, Mapping)
    ]


def _sections(sections: Any) -> Findings:
    if sections is not None and not isinstance(sections, list):
        yield finding("shape-wrong", "/sections", what="The list of sections", wanted="a list")
    if not listed(sections):
        yield finding("document-empty", "/sections")
    keys = Counter(text(each.get("key")) for each in listed(sections) if isinstance(each, Mapping))
    for number, section in enumerate(listed(sections)):
        path = f"/sections/{number}"
        if not isinstance(section, Mapping):
            yield finding("shape-wrong", path, what="A section", wanted="an object")
            continue
        yield from _section(section, path, keys)


def _section(section: Mapping[str, Any], path: str, keys: Counter[str]) -> Findings:
    key = text(section.get("key"))
    what = f"“{text(section.get('title')) or key}”"
    yield from _unknown_keys(section, SECTION_DEFAULTS, path, f"The section {what}")
    if not key:
        yield finding("section-key-missing", path)
    elif keys[key] > 1:
        yield finding("section-key-duplicate", path, section=key, key=key)
    if not text(section.get("title")).strip():
        yield finding("section-untitled", path, section=key, key=key)
    items = section.get("items")
    if items is not None and not isinstance(items, list):
        yield finding("shape-wrong", f"{path}/items", section=key, what=f"The items of {what}", wanted="a list")
    elif not items:
        yield finding("section-empty", path, section=key, what=what)
    count = _count(items)
    if count > MOST_ITEMS:
        yield finding("section-too-long", path, section=key, what=what, count=count, most=MOST_ITEMS)
    for number, item in enumerate(listed(items)):
        if not isinstance(item, Mapping):
            yield finding("shape-wrong", f"{path}/items/{number}", section=key, what="An item", wanted="an object")


def _count(items: Any) -> int:
    total, pending = 0, list(listed(items))
    while pending:
        item = pending.pop()
        total += 1
        pending += listed(item.get("items")) if isinstance(item, Mapping) else []
    return total


def _deep(spots: list[Spot]) -> Findings:
    for spot in spots:
        if len(spot.around) == MAX_DEPTH:
            yield spot.find("nested-too-deep", most=MAX_DEPTH)


def _value_sets(value_sets: Mapping[str, Any], today: datetime.date | None) -> Findings:
    for key, value_set in value_sets.items():
        path, what = f"/value_sets/{key}", f"The value set “{key}”"
        if not isinstance(value_set, Mapping):
            yield finding("shape-wrong", path, what=what, wanted="an object")
            continue
        yield from _unknown_keys(value_set, VALUE_SET_DEFAULTS | {"source": ""}, path, what)
        yield from lint_options.dates(value_set, path, what, today)
        yield from lint_items.options(value_set.get("options"), f"{path}/options", what)
        for number, option in enumerate(listed(value_set.get("options"))):
            if isinstance(option, Mapping):
                yield from _unknown_keys(option, OPTION_DEFAULTS, f"{path}/options/{number}", what)


def _unknown_keys(given: Mapping[str, Any], known: Mapping[str, Any], path: str, what: str) -> Findings:
    for key in given:
        if key not in known:
            yield finding("key-unknown", f"{path}/{key}", what=what, key=str(key)[:100])
