"""The words of a form in other languages.

In a document every holder of words (form, section, item, option) has `translations: {language: {field: text}}`. Drafts
keep the same words beside the stream, by place, together with a mark of the text that was translated, so that a
changed text asks for another look: `{language: {place: {"text": …, "of": …}}}`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.languages import Foreign, base, is_language

JSONDict = dict[str, Any]
Stored = dict[str, dict[str, dict[str, str]]]

FORM_FIELDS = ("title", "purpose")
SECTION_FIELDS = ("title", "hint", "group")
ITEM_FIELDS = ("label", "hint", "patient_label")
OPTION_FIELDS = ("display",)


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a form at its place, and the holder it belongs to."""

    place: str
    field: str
    text: str
    holder: JSONDict

    @property
    def mark(self) -> str:
        """What tells this text from any other."""
        return mark_of(self.text)

    def in_language(self, language: str) -> str:
        """The translation, empty when there is none."""
        told = translation_of(self.holder, language).get(self.field)
        return told if isinstance(told, str) else ""


def mark_of(text: str) -> str:
    """A short hash of a source text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def words_of_form(document: JSONDict) -> Iterator[Words]:
    """The form's own texts that are not empty."""
    yield from _words(document, "", FORM_FIELDS)


def words_of_section(section: JSONDict) -> Iterator[Words]:
    """A section's own texts and those of everything in it."""
    yield from _words(section, "", SECTION_FIELDS)
    yield from _words_of_items(section.get("items"))


def words_of_value_set(value_set: JSONDict) -> Iterator[Words]:
    """The options of a list of answers."""
    yield from _words_of_options(value_set.get("options"), "")


def words_of_document(document: JSONDict) -> Iterator[Words]:
    """Every text of a form."""
    yield from words_of_form(document)
    for section in _dicts(document.get("sections")):
        yield from words_of_section(section)
    value_sets = document.get("value_sets")
    for value_set in _dicts(list(value_sets.values()) if isinstance(value_sets, dict) else []):
        yield from words_of_value_set(value_set)


def _words_of_items(items: Any) -> Iterator[Words]:
    for item in _dicts(items):
        uid = str(item.get("uid") or "")
        yield from _words(item, f"{uid}/", ITEM_FIELDS)
        yield from _words_of_options(item.get("options"), f"{uid}/")
        yield from _words_of_items(item.get("items"))


def _words_of_options(options: Any, prefix: str) -> Iterator[Words]:
    for option in _dicts(options):
        yield from _words(option, f"{prefix}option:{option.get('id') or option.get('code') or ''}/", OPTION_FIELDS)


def _words(holder: JSONDict, prefix: str, fields: tuple[str, ...]) -> Iterator[Words]:
    for field in fields:
        text = holder.get(field)
        if isinstance(text, str) and text.strip():
            yield Words(prefix + field, field, text, holder)


def languages_in(document: JSONDict) -> list[str]:
    """The languages a form has words in besides its own, in order of their codes."""
    holders = [words.holder for words in words_of_document(document)]
    found = {each for holder in holders for each in _mapping(holder.get("translations")) if is_language(each)}
    return sorted(found - {document.get("language") or "en"})


def offered_in(document: Mapping[str, Any]) -> list[str]:
    """The languages a form can be drawn in, its own first."""
    own = document.get("language")
    return [own if is_language(own) else "en", *languages_in(dict(document))]  # type: ignore[list-item]


def progress(document: JSONDict, language: str) -> tuple[int, int]:
    """How many of the texts of a form have words in a language, and how many there are."""
    every = list(words_of_document(document))
    return sum(bool(words.in_language(language)) for words in every), len(every)


def translation_of(holder: Mapping[str, Any], language: str) -> JSONDict:
    """The words of one holder in a language; those without a region stand in for any region."""
    told = _mapping(holder.get("translations"))
    exact, wide = _mapping(told.get(language)), _mapping(told.get(base(language)))
    return wide | exact


def localised(document: JSONDict, language: str) -> JSONDict:
    """A normalised document in a language; what has no words in it stays, marked as what it is (`Foreign`).

    Options remember in `own` how they read in the form's language, which is what answers keep.
    """
    own = document["language"] if is_language(document["language"]) else "en"
    if base(language) == base(own) and not translated_at_all(document, language):
        return document
    turn = _Turn(language, own)
    value_sets = document["value_sets"]
    return turn.holder(document, FORM_FIELDS) | {
        "sections": [turn.section(each) for each in _dicts(document["sections"])],
        "value_sets": {
            key: each | {"options": turn.options(each.get("options"))}
            for key, each in (value_sets.items() if isinstance(value_sets, dict) else ())
            if isinstance(each, dict)
        },
    }


def translated_at_all(document: JSONDict, language: str) -> bool:
    """Whether any text of a form has words in exactly this language."""
    return any(words.in_language(language) for words in words_of_document(document))


class _Turn:
    """Turning texts from the form's own language into another."""

    def __init__(self, language: str, own: str) -> None:
        self.language, self.own = language, own
        self.same = base(language) == base(own)

    def holder(self, holder: JSONDict, fields: tuple[str, ...]) -> JSONDict:
        told = translation_of(holder, self.language)
        return holder | {field: self.text(holder.get(field), told.get(field)) for field in fields}

    def text(self, own: Any, told: Any) -> Any:
        if not isinstance(own, str) or not own:
            return own
        if isinstance(told, str) and told.strip():
            return told
        return own if self.same else Foreign(own, self.own)

    def section(self, section: JSONDict) -> JSONDict:
        return self.holder(section, SECTION_FIELDS) | {"items": self.items(section.get("items"))}

    def items(self, items: Any) -> list[JSONDict]:
        return [self.item(each) for each in _dicts(items)]

    def item(self, item: JSONDict) -> JSONDict:
        turned = self.holder(item, ITEM_FIELDS)
        if item.get("patient_label") and isinstance(turned["patient_label"], Foreign):
            # A question in the reader's language is better than their wording in another.
            translated = not isinstance(turned["label"], Foreign)
            turned["patient_label"] = turned["label"] if translated else turned["patient_label"]
        return turned | {"options": self.options(item.get("options")), "items": self.items(item.get("items"))}

    def options(self, options: Any) -> list[JSONDict]:
        return [self.holder(each, OPTION_FIELDS) | {"own": each.get("display")} for each in _dicts(options)]


def lifted(words: Iterator[Words]) -> Stored:
    """Take the translations of some texts as drafts keep them."""
    found: Stored = {}
    for each in words:
        for language in _mapping(each.holder.get("translations")):
            text = _mapping(each.holder["translations"][language]).get(each.field)
            if isinstance(text, str) and text.strip() and is_language(language):
                found.setdefault(language, {})[each.place] = {"text": text, "of": each.mark}
    return found


def kept_words(known: Stored, brought: Stored) -> Stored:
    """What a draft keeps, with what a document brings on top; nothing that was known goes."""
    return {language: known.get(language, {}) | brought.get(language, {}) for language in sorted({*known, *brought})}


def without_words(holder: JSONDict) -> JSONDict:
    """A section, or an item, without the translations in it."""
    options = (
        {"options": [each | {"translations": {}} for each in _dicts(holder["options"])]} if "options" in holder else {}
    )
    return (
        holder | {"translations": {}} | options | {"items": [without_words(each) for each in _dicts(holder["items"])]}
    )


def laid(words: Iterator[Words], stored: Stored) -> None:
    """Write what drafts keep into the holders of some texts (in place); words already there stand where none are kept.

    A kept text that is empty takes a translation away.
    """
    for each in list(words):
        for language, places in stored.items():
            kept = places.get(each.place)
            if kept is None:
                continue
            told = {key: dict(fields) for key, fields in _mapping(each.holder.get("translations")).items()}
            if kept.get("text"):
                told.setdefault(language, {})[each.field] = kept["text"]
            else:
                told.get(language, {}).pop(each.field, None)
            each.holder["translations"] = {key: fields for key, fields in told.items() if fields}


def is_stale(words: Words, language: str, stored: Stored) -> bool:
    """Whether a text changed since it was translated."""
    kept = stored.get(language, {}).get(words.place)
    return bool(kept and kept.get("text") and kept.get("of") and kept["of"] != words.mark)


def _dicts(values: Any) -> list[JSONDict]:
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []


def _mapping(value: Any) -> JSONDict:
    return value if isinstance(value, dict) else {}
