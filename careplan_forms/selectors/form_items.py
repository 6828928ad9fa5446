"""The items of the forms being drafted: what conditions may ask about, and what looks at what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careplan_forms.block_items import items_of
from careplan_forms.models import FormSection, ValueSet
from careplan_forms.schema.model import Form, Item, Section, read, walk
from careplan_forms.schema.uses import places
from careplan_forms.selectors.form_drafts import (
    document_of,
    document_of_section,
    draft_of,
    places_of,
    section_in_work,
    sections_of,
    stream_in,
    value_set_in,
)

JSONDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """An item of another section of a form, as a condition of this section may ask about it."""

    item: Item
    form: Form
    section: Section
    # Whether its section comes before.
    before: bool


def asked_around(section: FormSection) -> Iterator[Asked]:
    """The items of the other sections of the forms a section stands in, each once, in the order of the forms."""
    seen: set[str] = set()
    for place in places_of(section):
        form = read(document_of(place))
        before = True
        for each in form.sections:
            if each.key == section.key:
                before = False
                continue
            for item in walk(each.items):
                if item.uid not in seen:
                    seen.add(item.uid)
                    yield Asked(item, form, each, before)


def lists_of_answers() -> dict[str, list[JSONDict]]:
    """Every list of answers as last saved: key → its options in the shape of the document."""
    rows = ValueSet.objects.select_related("latest_revision").order_by("key")
    return {row.key: value_set_in(draft_of(row))["options"] for row in rows}


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that would look at a question that is gone, or has become one of another type."""

    asked: str
    retyped: bool
    sentence: str
    # Where the rule stands.
    section: FormSection | None
    uid: str


def broken_by(section: FormSection, items: list[JSONDict]) -> list[Broken]:
    """What rules would look at in vain if a section were saved with these items, each rule once.

    The forms around are read only when an item that is saved is gone or of another type. In the library a section may
    differ from the text a form took over, so there they always are.
    """
    if not section.shared and _all_there(section, items):
        return []
    forms = places_of(section)
    documents = [document_of(each) for each in forms] or [document_of_section(draft_of(section))]
    rows = {each.key: each for form in forms for each in sections_of(form)}
    found: dict[tuple[str, str], Broken] = {}
    for before in documents:
        after = before | {
            "sections": [each | {"items": items} if each["key"] == section.key else each for each in before["sections"]]
        }
        old, new = _types(read(before)), _types(read(after))
        for use in places(after):
            if use.asked in old and new.get(use.asked) != old[use.asked]:
                row = rows.get(use.section)
                found[(use.asked, use.sentence)] = Broken(use.asked, use.asked in new, use.sentence, row, use.uid)
    return list(found.values())


def _all_there(section: FormSection, items: list[JSONDict]) -> bool:
    saved = items_of(stream_in(draft_of(section_in_work(section.pk)), "items"))
    return dict(_types_of(saved)).items() <= dict(_types_of(items)).items()


def _types_of(items: list[JSONDict]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item["uid"], item["type"]
        yield from _types_of(item["items"])


def _types(form: Form) -> dict[str, str]:
    return {item.uid: item.type for section in form.sections for item in walk(section.items)}
