"""The texts of a form on a page whose own words are English, and the languages a reader may have the form in."""

from dataclasses import dataclass

from markupsafe import Markup

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.languages import Foreign, base, direction, own_name_of
from careplan_forms.schema.markup import safe
from careplan_forms.schema.offered import languages_of

PAGE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language of a form by its own name; `current` is the one the page is drawn in."""

    code: str
    name: str
    direction: str
    current: bool


def choices_of(form: CompiledForm) -> list[LanguageChoice]:
    """The languages a form can be read in; none when there is nothing to choose."""
    if len(languages_of(form)) < 2:
        return []
    return [
        LanguageChoice(each, own_name_of(each), direction(each), each == form.language) for each in languages_of(form)
    ]


def on_english_page(text: str, language: str) -> Markup:
    """A text of a form drawn in `language`, marked with the language it is in where that is not the page's."""
    told = text.lang if isinstance(text, Foreign) else language
    return safe(str(text)) if base(told) == PAGE_LANGUAGE else safe(Foreign(str(text), told))


def without_question_mark(label: str) -> str:
    """A question as the name of its answer, in the language it is in."""
    short = label.rstrip("?؟")
    return Foreign(short, label.lang) if isinstance(label, Foreign) else short


def section_words(form: CompiledForm, key: str) -> dict[str, Markup]:
    """A section's title, hint and group for a page."""
    section = form.section(key)
    texts = {"title": section.title, "hint": section.hint, "group": section.group}
    return {name: on_english_page(text, form.language) if text else Markup("") for name, text in texts.items()}
