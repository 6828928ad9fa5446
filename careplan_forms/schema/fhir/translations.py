"""Texts in other languages: FHIR's `translation` extension, ours as `{language: {field: text}}`."""

import re
from typing import Any

from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.text import as_text, plain, shorten
from careplan_forms.schema.fhir.urls import TRANSLATION

Translations = dict[str, dict[str, str]]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}\Z")
_LONGEST = 2000


def read(holder: dict[str, Any], element: str, field: str) -> Translations:
    """The translations of one element (`text` of `holder`, told under `_text`), as those of our field."""
    found: Translations = {}
    for extension in _listed(holder.get(f"_{element}"), "extension"):
        if short_name(extension.get("url")) != "translation":
            continue
        parts = {as_text(each.get("url")): each for each in _listed(extension, "extension")}
        language = _value(parts.get("lang"))
        text = shorten(plain(_value(parts.get("content")))[0], _LONGEST)
        if _LANGUAGE.match(language) and text:
            found.setdefault(language, {})[field] = text
    return found


def merged(*several: Translations) -> Translations:
    """Translations of several fields in one."""
    found: Translations = {}
    for each in several:
        for language, texts in each.items():
            found.setdefault(language, {}).update(texts)
    return found


def of_form(questionnaire: dict[str, Any]) -> Translations:
    """The translations of a form's title and purpose."""
    name = "purpose" if questionnaire.get("purpose") else "description"
    return merged(read(questionnaire, "title", "title"), read(questionnaire, name, "purpose"))


def written(translations: Any, field: str) -> list[dict[str, Any]]:
    """The extensions that say one field in other languages."""
    found = []
    for language, texts in sorted(translations.items()) if isinstance(translations, dict) else ():
        text = texts.get(field) if isinstance(texts, dict) else None
        if isinstance(text, str) and text:
            parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
            found.append({"url": TRANSLATION, "extension": parts})
    return found


def only(translations: Any, field: str) -> Translations:
    """What one field is called in other languages, without all other fields."""
    told = translations.items() if isinstance(translations, dict) else ()
    texts = {
        language: shorten(plain(each.get(field))[0], _LONGEST)
        for language, each in told
        if isinstance(each, dict) and isinstance(each.get(field), str) and _LANGUAGE.match(language)
    }
    return {language: {field: text} for language, text in texts.items() if text}


def rewritten(holder: dict[str, Any], element: str, translations: Any, field: str) -> None:
    """Give an element exactly these translations; whatever else is told beside it stays."""
    beside = holder.get(f"_{element}")
    beside = dict(beside) if isinstance(beside, dict) else {}
    kept = [each for each in _listed(beside, "extension") if short_name(each.get("url")) != "translation"]
    extensions = kept + written(translations, field)
    beside.pop("extension", None)
    if extensions:
        beside["extension"] = extensions
    holder.pop(f"_{element}", None)
    if beside:
        holder[f"_{element}"] = beside


def _listed(holder: Any, name: str) -> list[dict[str, Any]]:
    raw = holder.get(name) if isinstance(holder, dict) else None
    return [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []


def _value(part: dict[str, Any] | None) -> str:
    return next((as_text(value) for key, value in (part or {}).items() if key.startswith("value")), "")
