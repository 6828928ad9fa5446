"""Faults of the words in other languages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.findings import Findings, Spot, finding, listed, text
from careplan_forms.schema.languages import is_language, name_of
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.translating import FORM_FIELDS, ITEM_FIELDS, OPTION_FIELDS, SECTION_FIELDS

#: `{name}` and `%s` stand for something that is put in; a translation must have them too.
_PLACEHOLDER = re.compile(r"\{[a-z_][a-z0-9_.]*\}|%[sd]")
#: A form counts as translated when so many of its texts are.
_NEARLY_ALL = 0.9


def translations(document: Mapping[str, Any], spots: Iterable[Spot], value_sets: Mapping[str, Any]) -> Findings:
    """Faults of shape, of lost placeholders, and options left out in a language that is otherwise complete."""
    spots = list(spots)
    yield from _held(document, FORM_FIELDS, "The form", "/translations")
    for number, section in enumerate(listed(document.get("sections"))):
        if isinstance(section, Mapping):
            name = text(section.get("title")) or text(section.get("key"))
            path = f"/sections/{number}/translations"
            yield from _held(section, SECTION_FIELDS, f"“{name[:100]}”", path, text(section.get("key")))
    for spot in spots:
        yield from _held(spot.item, ITEM_FIELDS, spot.what, f"{spot.path}/translations", spot.section, spot.uid)
    for what, options, path, section, uid in _lists(spots, value_sets):
        for number, option in enumerate(options):
            yield from _held(option, OPTION_FIELDS, what, f"{path}/{number}/translations", section, uid)
    yield from _left_out(spots, value_sets)


def _held(
    holder: Mapping[str, Any], fields: tuple[str, ...], what: str, path: str, section: str = "", uid: str = ""
) -> Findings:
    told = holder.get("translations")
    if not told:
        return
    here = {"section": section, "uid": uid, "what": what}
    if not isinstance(told, Mapping) or not all(isinstance(each, Mapping) for each in told.values()):
        yield finding("translation-shape", path, **here)
        return
    for language, texts in told.items():
        if not is_language(language):
            yield finding("translation-language", path, key=str(language)[:30], **here)
            continue
        for field in fields:
            said = texts.get(field)
            if isinstance(said, str) and said:
                yield from _one(text(holder.get(field)), said, f"{path}/{language}/{field}", language, here)


def _one(source: str, said: str, path: str, language: str, here: dict[str, str]) -> Findings:
    if UNSHOWABLE.search(said):
        yield finding("translation-unshowable", path, language=name_of(language), **here)
    for each in missing_placeholders(source, said):
        yield finding("translation-placeholder", path, language=name_of(language), key=each, **here)


def missing_placeholders(source: str, said: str) -> list[str]:
    """What is put into a text and has no place in its translation."""
    return [each for each in _PLACEHOLDER.findall(source) if each not in said]


def _lists(spots: list[Spot], value_sets: Mapping[str, Any]) -> Iterable[tuple[str, list[Any], str, str, str]]:
    """What options stand in: words for it, the options, path, section, uid."""
    for spot in spots:
        options = [each for each in listed(spot.item.get("options")) if isinstance(each, Mapping)]
        if options:
            yield spot.what, options, f"{spot.path}/options", spot.section, spot.uid
    for key, each in value_sets.items():
        if isinstance(each, Mapping):
            options = [option for option in listed(each.get("options")) if isinstance(option, Mapping)]
            yield f"The value set “{key}”", options, f"/value_sets/{key}/options", "", ""


def _left_out(spots: list[Spot], value_sets: Mapping[str, Any]) -> Findings:
    """Options without words in a language in which nearly every question has them."""
    asked = [spot.item for spot in spots if text(spot.item.get("label")).strip()]
    languages = {each for item in asked for each in _languages(item)}
    for language in sorted(languages):
        said = sum(1 for item in asked if _has(item, language, "label"))
        if said < _NEARLY_ALL * len(asked):
            continue
        for what, options, path, section, uid in _lists(spots, value_sets):
            offered = [each for each in options if each.get("status") != "retired"]
            missing = sum(1 for each in offered if not _has(each, language, "display"))
            if missing:
                here = {"section": section, "uid": uid, "what": what, "language": name_of(language)}
                yield finding("translation-missing", path, count=missing, **here)


def _languages(holder: Mapping[str, Any]) -> list[str]:
    told = holder.get("translations")
    return [each for each in told if is_language(each)] if isinstance(told, Mapping) else []


def _has(holder: Mapping[str, Any], language: str, field: str) -> bool:
    told = holder.get("translations")
    texts = told.get(language) if isinstance(told, Mapping) else None
    return isinstance(texts, Mapping) and bool(text(texts.get(field)).strip())
