"""Form documents brought into the CMS as drafts."""

from typing import Any

from django.core.validators import slug_re
from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.block_items import items_of, stream_of
from careplan_forms.blocks import MAX_ITEMS
from careplan_forms.models import FormDefinition, FormDefinitionSection, FormSection, ValueSet
from careplan_forms.schema.document import DocumentError, normalise
from careplan_forms.schema.linter import lint
from careplan_forms.schema.translating import kept_words, lifted, without_words, words_of_form, words_of_section
from careplan_forms.selectors.form_drafts import draft_of, fresh, sections_of, stream_in
from careplan_forms.services import value_sets
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit

JSONDict = dict[str, Any]
# Faults of shape that no draft can hold; all others can be mended in the editor.
_UNEDITABLE = frozenset(
    {
        *("shape-wrong", "uid-missing", "uid-duplicate", "type-unknown", "nested-too-deep", "items-ignored"),
        *("section-key-missing", "section-key-duplicate"),
    }
)
_OWN = ("key", "url", "title", "purpose", "language")
_SECTION_TEXTS = ("title", "hint", "group")


@transaction.atomic
def create_from_document(*, document: JSONDict, by: Actor) -> FormDefinition:
    """Make a new form, its sections and its lists of answers, all drafts, from a form document.

    Raises Refused, and keeps nothing, when there is such a form, when the document cannot be read, or when a section
    is too long or says a name twice.
    """
    design_permissions.check_user_can_shape_all(by)
    plain = readable(document)
    if FormDefinition.objects.filter(key=plain["key"]).exists():
        raise Refused(f"There is already a form called {plain['key']}. Give this one another key", "key")
    definition = FormDefinition(key=plain["key"], live=False)
    _write(definition, plain, by)
    audit.record(by=by, action="form.created", target=definition, detail={"key": definition.key[:60]})
    return definition


@transaction.atomic
def update_sections_from_document(*, definition: FormDefinition, document: JSONDict, by: Actor) -> bool:
    """Bring a form's drafts to what a document says; returns whether anything changed.

    Sections are matched by key; a section the document no longer has leaves the form but is not deleted.
    """
    design_permissions.check_user_can_edit(by, definition)
    plain = readable(document)
    if plain["key"] != definition.key:
        raise Refused(f"This document is of the form {plain['key']}, not of {definition.key}", "key")
    changed = _write(definition, plain, by)
    if changed:
        audit.record(by=by, action="form.drafted", target=definition, detail={"key": definition.key[:60]})
    return changed


def readable(document: JSONDict) -> JSONDict:
    """The document with its defaults written out, if the editor can hold it. Raises Refused with what is wrong."""
    try:
        plain = normalise(document)
    except DocumentError as error:
        raise Refused(str(error)) from None
    if not isinstance(plain["value_sets"], dict):
        raise Refused("The value sets of a form document must be an object")
    for found in lint(plain):
        if found.code in _UNEDITABLE:
            raise Refused(f"{found.message} {found.how_to_mend}")
    _check_key(plain["key"], "The form")
    for each in plain["value_sets"].values():
        _check_key(each["key"], f"The list of answers “{each['title']}”")
    _check_lengths(plain)
    for section in plain["sections"]:
        _check_key(section["key"], f"The section “{section['title']}”")
        _check_section(section)
    return plain


def _check_key(key: str, what: str) -> None:
    """Keys stand in addresses."""
    if not slug_re.match(key):
        raise Refused(f"{what} needs a key of at most 100 letters, numbers and hyphens", "key")


def _check_lengths(document: JSONDict) -> None:
    """Raises Refused for a text that its field cannot hold."""
    holders = [("the form", FormDefinition, document, _OWN)]
    holders += [("a section", FormSection, each, ("key", *_SECTION_TEXTS)) for each in document["sections"]]
    holders += [
        ("a list of answers", ValueSet, each, ("key", "title", "version")) for each in document["value_sets"].values()
    ]
    for what, model, given, names in holders:
        for name in names if isinstance(given, dict) else ():
            most = getattr(model._meta.get_field(name), "max_length", None)
            if most and len(str(given[name])) > most:
                raise Refused(f"The {name} of {what} is longer than {most} characters: {str(given[name])[:60]}…")


def _check_section(section: JSONDict) -> None:
    names = list(_names(section["items"]))
    if len(names) > MAX_ITEMS:
        raise Refused(
            f"The section “{section['title']}” has {len(names)} items, counting those inside groups; "
            f"{MAX_ITEMS} is the most. Split it."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(f"The section “{section['title']}” has more than one item called {', '.join(twice)}")


def _names(items: list[JSONDict]) -> list[str]:
    return [name for item in items for name in (item["link_id"], *_names(item["items"]))]


def _write(definition: FormDefinition, document: JSONDict, by: Actor) -> bool:
    """Save every draft that differs from the document."""
    author = User.objects.filter(pk=by.user_id).first()
    renamed = {
        key: value_sets.save_from_document(value_set=each, form_key=document["key"], by=by).key
        for key, each in document["value_sets"].items()
    }
    known = {row.key: row for row in sections_of(definition)} if definition.pk else {}
    saved = [
        _save_section(known.get(each["key"]), each | {"items": _with_value_sets(each["items"], renamed)}, author)
        for each in document["sections"]
    ]
    changed = any(fresh for _, fresh in saved)
    return _save_definition(definition, document, [row for row, _ in saved], author) or changed


def _save_section(row: FormSection | None, section: JSONDict, author: User | None) -> tuple[FormSection, bool]:
    """The section's row, and whether its draft had to change."""
    draft = draft_of(row) if row else FormSection(key=section["key"][:100], live=False)
    texts = {key: section[key] for key in _SECTION_TEXTS}
    words = kept_words(draft.translations, lifted(words_of_section(section)))
    section = without_words(section)
    extra = extra_of(section, ("key", "items", *_SECTION_TEXTS))
    same = items_of(stream_in(draft, "items")) == section["items"] and draft.extra == extra
    same = same and draft.translations == words
    if row and same and all(getattr(draft, key) == each for key, each in texts.items()):
        return row, False
    for key, each in (texts | {"extra": extra, "translations": words, "items": _stream(section["items"])}).items():
        setattr(draft, key, each)
    save_draft(draft, author)
    return draft, True


def _save_definition(
    definition: FormDefinition, document: JSONDict, sections: list[FormSection], author: User | None
) -> bool:
    draft = draft_of(fresh(definition)) if definition.pk else definition
    extra = extra_of(document, ("schema_version", "value_sets", "sections", "translations", *_OWN))
    words = kept_words(draft.translations, lifted(words_of_form(document)))
    values = {key: document[key] for key in _OWN} | {"extra": extra, "translations": words}
    places = {link.section_id: link for link in draft.section_links.all()} if definition.pk else {}
    order = [link.section_id for link in sorted(places.values(), key=lambda link: link.sort_order or 0)]
    wanted = [section.pk for section in sections]
    if definition.pk and order == wanted and all(getattr(draft, key) == each for key, each in values.items()):
        return False
    for key, each in values.items():
        setattr(draft, key, each)
    links = [places.get(section.pk) or FormDefinitionSection(section=section) for section in sections]
    for index, link in enumerate(links):
        link.sort_order = index
    draft.section_links = links
    save_draft(draft, author)
    return True


def extra_of(given: JSONDict, fields: tuple[str, ...]) -> JSONDict:
    """What a document says that the row has no field for."""
    return {key: each for key, each in given.items() if key not in fields and each not in (None, {}, [], "")}


def save_draft(draft: Any, author: User | None) -> None:
    """Keep a definition, section or list of answers as its draft, in its author's name."""
    # What was never live has no signed text to protect: its row is the draft too.
    if not draft.live:
        draft.save()
    draft.save_revision(user=author, clean=False)


def _stream(items: list[JSONDict]) -> list[JSONDict]:
    try:
        return stream_of(items)
    except ValueError as error:
        raise Refused(str(error)) from None


def _with_value_sets(items: list[JSONDict], renamed: dict[str, str]) -> list[JSONDict]:
    return [
        item
        | {
            "value_set": renamed.get(item["value_set"], item["value_set"]),
            "items": _with_value_sets(item["items"], renamed),
        }
        for item in items
    ]
