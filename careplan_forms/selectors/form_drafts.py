"""What is being drafted: the document that the drafts of a form make, and who wrote them."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from careplan_forms.block_items import items_of
from careplan_forms.block_options import options_of
from careplan_forms.models import FormCandidate, FormDefinition, FormSection, SectionPin, ValueSet
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.schema.translating import laid, words_of_form, words_of_section, words_of_value_set
from core.exceptions import Absent
from workflows.models import DraftAuthor
from workflows.models.drafting import Draft

JSONDict = dict[str, Any]


def draft_of(row: Any) -> Any:
    """A definition, section or value set as last saved, signed off or not."""
    # Not `Revision.as_object`, which would read the row again.
    return row.with_content_json(row.latest_revision.content) if _is_drafted(row) else row


def linked_in(definition: FormDefinition) -> list[int]:
    """The sections in a form's draft, in its order; quicker than the draft, which looks every section up."""
    if _is_drafted(definition):
        links = definition.latest_revision.content["section_links"]
        return [link["section"] for link in sorted(links, key=lambda link: link["sort_order"] or 0)]
    rows = sorted(definition.section_links.all(), key=lambda link: link.sort_order or 0)
    return [link.section_id for link in rows]


def _is_drafted(row: Any) -> bool:
    """Whether what was last saved is in a revision and not in the row."""
    return (
        row.pk is not None and row.latest_revision_id is not None and not (row.live and not row.has_unpublished_changes)
    )


def stream_in(row: Any, field: str) -> list[JSONDict]:
    """The stored blocks of a StreamField."""
    stored: list[JSONDict] = row._meta.get_field(field).stream_block.get_prep_value(getattr(row, field))
    return stored


def fresh(definition: FormDefinition) -> FormDefinition:
    """The form as it is in the database now, with what was last saved of it."""
    return FormDefinition.objects.select_related("latest_revision").get(pk=definition.pk)


def sections_of(definition: FormDefinition) -> list[FormSection]:
    """The sections of the draft, in its order, as rows (not drafts)."""
    places = linked_in(fresh(definition))
    rows = FormSection.objects.select_related("latest_revision").in_bulk(places)
    return [rows[pk] for pk in places if pk in rows]


def value_sets_of(sections: Iterable[FormSection]) -> list[ValueSet]:
    """The lists of answers that the drafts of some sections name."""
    keys: set[str] = set()
    for section in sections:
        keys |= lists_named_in(stream_in(draft_of(section), "items"))
    return list(ValueSet.objects.filter(key__in=keys).select_related("latest_revision").order_by("key"))


def document_of(definition: FormDefinition) -> JSONDict:
    """The document the present drafts make, defaults written out. Its hash is `schema.document.sha256_of`."""
    rows = sections_of(definition)
    lists = [draft_of(each) for each in value_sets_of(rows)]
    return document_from(draft_of(fresh(definition)), [draft_of(row) for row in rows], lists, pinned_in(definition))


def document_from(
    definition: FormDefinition,
    sections: Iterable[FormSection],
    value_sets: Iterable[ValueSet],
    pinned: Mapping[int, JSONDict],
) -> JSONDict:
    """The document that drafts as given make; `pinned` are library sections in the text the form took over."""
    own = {key: getattr(definition, key) for key in ("key", "url", "title", "purpose", "language")}
    laid(words_of_form(own), definition.translations)
    parts = {
        "value_sets": {each.key: value_set_in(each) for each in value_sets},
        "sections": [pinned.get(each.pk) or section_in(each) for each in sections],
    }
    return normalise(definition.extra | own | parts)


def document_around(section: FormSection) -> JSONDict:
    """The document of the first form this section stands in, with the section as given; of it alone where in none."""
    forms = places_of(section) if section.pk else []
    if not forms:
        return document_of_section(section)
    document, own = document_of(forms[0]), document_of_section(section)
    known = [own["sections"][0] if each["key"] == section.key else each for each in document["sections"]]
    return document | {"sections": known, "value_sets": document["value_sets"] | own["value_sets"]}


def document_of_section(section: FormSection) -> JSONDict:
    """A document of one section alone, as given (for previews of what is not saved yet)."""
    stream = stream_in(section, "items")
    keys = lists_named_in(stream)
    rows = ValueSet.objects.filter(key__in=keys).select_related("latest_revision")
    sets = {each.key: value_set_in(draft_of(each)) for each in rows}
    page = section_in(section) | {"key": section.key or "preview"}
    return normalise({"key": "preview", "title": section.title, "value_sets": sets, "sections": [page]})


def authors_since_live(definition: FormDefinition) -> list[int]:
    """Everybody who changed the form, its sections or its lists of answers since the version that is live."""
    definition = fresh(definition)
    version = definition.versions.order_by("-number").first()
    since = version.published_at if version else None
    sections = sections_of(definition)
    rows: list[Any] = [definition, *sections, *value_sets_of(sections)]
    return sorted({author for row in rows for author in _authors(row, since)})


def places_of(section: FormSection) -> list[FormDefinition]:
    """The forms a section stands in, saved drafts and live rows both."""
    linked = set(section.links.values_list("definition_id", flat=True))
    every = FormDefinition.objects.select_related("latest_revision").prefetch_related("section_links")
    linked |= {definition.pk for definition in every if section.pk in linked_in(definition)}
    return list(FormDefinition.objects.filter(pk__in=linked))


def sections_only_in(forms: set[int]) -> set[int]:
    """The sections that stand in these forms and in no other, saved drafts and live rows both; none of the library."""
    inside: set[int] = set()
    outside: set[int] = set()
    for definition in FormDefinition.objects.select_related("latest_revision").prefetch_related("section_links"):
        found = inside if definition.pk in forms else outside
        found.update(linked_in(definition), (link.section_id for link in definition.section_links.all()))
    return inside - outside - library_sections()


def shared_sections() -> QuerySet[FormSection]:
    """The sections of the library: every form may use them."""
    return FormSection.objects.filter(shared=True)


def library_sections() -> set[int]:
    """The keys of the library's sections."""
    return set(shared_sections().values_list("pk", flat=True))


def pinned_in(definition: FormDefinition) -> dict[int, JSONDict]:
    """The library sections of a form in the text it took over, by section."""
    rows = SectionPin.objects.filter(definition=definition, section__shared=True)
    return dict(rows.values_list("section_id", "content"))


def is_named(value_set: ValueSet) -> bool:
    """Whether the draft of any section uses this list of answers."""
    sections = FormSection.objects.select_related("latest_revision")
    return any(value_set.key in lists_named_in(stream_in(draft_of(section), "items")) for section in sections)


def section_in_work(pk: object) -> FormSection:
    """A section with its newest revision; the admin's own view asks who may edit it. Raises Absent."""
    found = FormSection.objects.select_related("latest_revision").filter(pk=str(pk)).first()
    if found is None:
        raise Absent
    return found


def value_set_choices() -> list[tuple[str, str]]:
    """Every list of answers: (key, title)."""
    return list(ValueSet.objects.order_by("title").values_list("key", "title"))


def moved_on(candidate: FormCandidate) -> bool:
    """Whether the drafts say something else by now."""
    return sha256_of(document_of(candidate.definition)) != candidate.sha256


def _authors(row: Draft, since: datetime.datetime | None) -> set[int]:
    # A draft that moved on after it was proposed keeps its older authors until it is itself signed off.
    marks = (since, row.last_published_at)
    named = DraftAuthor.objects.filter(kind=row._meta.model_name, object_id=row.pk)
    if all(marks):
        named = named.filter(at__gt=min(mark for mark in marks if mark))
    return set(named.values_list("user_id", flat=True))


def section_in(section: FormSection) -> JSONDict:
    """A section, as given, in the shape of the document."""
    texts = {"key": section.key, "title": section.title, "hint": section.hint, "group": section.group}
    whole = section.extra | texts | {"items": items_of(stream_in(section, "items"))}
    laid(words_of_section(whole), section.translations)
    return whole


def value_set_in(value_set: ValueSet) -> JSONDict:
    """A list of answers, as given, in the shape of the document."""
    source = {"source": value_set.source} if value_set.source else {}
    dates = {
        field: day.isoformat()
        for field in ("valid_from", "valid_until")
        if (day := getattr(value_set, field)) is not None
    }
    whole: JSONDict = value_set.extra | source | dates
    whole |= {
        "key": value_set.key,
        "version": value_set.version,
        "title": value_set.title,
        "options": options_of(stream_in(value_set, "options")),
    }
    laid(words_of_value_set(whole), value_set.translations)
    return whole


def lists_named_in(stream: list[JSONDict]) -> set[str]:
    """The keys of the lists of answers that stored blocks name."""
    found: set[str] = set()
    for block in stream:
        if block["value"].get("value_set"):
            found.add(block["value"]["value_set"])
        found |= lists_named_in(block["value"].get("items") or [])
    return found
