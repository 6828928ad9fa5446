"""The items of the forms being drafted: what conditions may ask about, and what looks at what."""

from collections.abc import Iterator
from dataclasses import dataclass

from careplan_forms.models import FormSection, ValueSet
from careplan_forms.schema.model import Form, Item, Section, read, walk
from careplan_forms.selectors.form_drafts import document_of, draft_of, places_of, value_set_in

JSONDict = dict[str, object]


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
