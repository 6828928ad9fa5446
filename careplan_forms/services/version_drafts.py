"""The drafts that would say what a version of a form says. Nothing here saves anything."""

from copy import copy
from typing import Any

from careplan_forms.block_items import stream_of
from careplan_forms.models import FormDefinition, FormSection, FormVersion, ValueSet
from careplan_forms.schema.document import normalise
from careplan_forms.schema.translating import lifted, without_words, words_of_form, words_of_section
from careplan_forms.selectors import form_drafts
from careplan_forms.selectors.form_history import DraftHistory, State, apart
from careplan_forms.services import value_sets
from careplan_forms.services.form_drafts import extra_of

JSONDict = dict[str, Any]
_OWN = ("key", "title", "url", "purpose", "language", "translations")


def state_of_version(history: DraftHistory, version: FormVersion) -> State:
    """The drafts that say exactly what a version says. A section that no longer exists is made again."""
    document = normalise(version.document)
    sections, pins = [], {}
    known = _sections_by_key(history)
    for each in document["sections"]:
        row = known.get(each["key"]) or FormSection(key=each["key"], live=False)
        if row.shared:
            pins[row.pk] = each
        sections.append(form_drafts.draft_of(row) if row.shared else _section_saying(row, each))
    mine = [row for (kind, _), row in history.rows.items() if kind == "formsection"]
    wanted = {key: _list_saying(each) for key, each in document["value_sets"].items()}
    alone, staying = apart(wanted.values(), mine) if history.with_lists else ([], list(wanted.values()))
    stay = {each.key: _list_in_use(each) for each in staying}
    own = _form_saying(history.definition, document)
    return State(
        definition=own,
        sections=sections,
        value_sets=alone,
        document=form_drafts.document_from(
            own, sections, [*alone, *stay.values()], form_drafts.pinned_in(history.definition) | pins
        ),
        staying=[
            each.title for each in staying if form_drafts.value_set_in(stay[each.key]) != form_drafts.value_set_in(each)
        ],
        pins=pins,
    )


def _sections_by_key(history: DraftHistory) -> dict[str, FormSection]:
    """Where two rows have one key, the one that stands in the form now."""
    ever = {row.key: row for (kind, _), row in history.rows.items() if kind == "formsection"}
    return ever | {row.key: row for row in form_drafts.sections_of(history.definition)}


def _section_saying(row: FormSection, section: JSONDict) -> FormSection:
    draft = copy(form_drafts.draft_of(row))
    bare = without_words(section)
    draft.title, draft.hint, draft.group = section["title"], section["hint"], section["group"]
    draft.translations = lifted(words_of_section(section))
    draft.extra = extra_of(bare, ("key", "items", "title", "hint", "group"))
    setattr(draft, "items", stream_of(bare["items"]))  # noqa: B010 - a StreamField takes plain values
    return draft


def _form_saying(definition: FormDefinition, document: JSONDict) -> FormDefinition:
    draft = copy(form_drafts.draft_of(definition))
    draft.title, draft.url, draft.purpose = document["title"], document["url"], document["purpose"]
    draft.language, draft.translations = document["language"], lifted(words_of_form(document))
    draft.extra = extra_of(document, ("schema_version", "value_sets", "sections", *_OWN))
    return draft


def _list_saying(value_set: JSONDict) -> ValueSet:
    row = ValueSet.objects.filter(key=value_set["key"]).select_related("latest_revision").first()
    draft = copy(form_drafts.draft_of(row)) if row else ValueSet(key=value_set["key"], live=False)
    draft.translations = {}
    value_sets.lay(draft, value_set)
    return draft


def _list_in_use(wanted: ValueSet) -> ValueSet:
    row = ValueSet.objects.filter(key=wanted.key).select_related("latest_revision").first()
    draft: ValueSet = form_drafts.draft_of(row) if row else wanted
    return draft
