"""The words of a form in another language: as a table for translators, and back into the drafts."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition
from careplan_forms.schema.languages import is_language
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.translating import (
    Words,
    is_stale,
    laid,
    mark_of,
    words_of_form,
    words_of_section,
    words_of_value_set,
)
from careplan_forms.selectors.form_drafts import draft_of, fresh, section_in, sections_of, value_set_in, value_sets_of
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit

LONGEST = 2000


class Line(NamedTuple):
    """One text: its name, how it reads in the form's own language, its words, and whether the text changed since."""

    name: str
    text: str
    words: str
    look_again: bool


def lines_of(definition: FormDefinition, language: str) -> list[Line]:
    """Every text of a form with its words in a language."""
    return [
        Line(f"{prefix}{each.place}", each.text, each.in_language(language), is_stale(each, language, row.translations))
        for row, prefix, words in _holders(definition)
        for each in words
    ]


@transaction.atomic
def take_words(*, definition: FormDefinition, language: str, given: Iterable[Line], by: Actor) -> int:
    """Keep words that came back from a translator, as drafts; returns how many changed.

    Names that are not in the form are passed over, and so are empty words. Raises Refused, and keeps nothing, for a
    language that is none and for words that turn, hide or are too long.
    """
    design_permissions.check_user_can_edit(by, definition)
    if not is_language(language):
        raise Refused("Enter the code of a language, like cy", "language")
    told = {each.name: each for each in given if each.words.strip()}
    for each in told.values():
        if UNSHOWABLE.search(each.words) or len(each.words) > LONGEST:
            raise Refused(f"Write the words of “{each.text[:60]}” again: they hide characters or are too long", "file")
    author = User.objects.filter(pk=by.user_id).first()
    return sum(_take(row, prefix, words, language, told, author, by) for row, prefix, words in _holders(definition))


def _take(
    row: Any, prefix: str, words: list[Words], language: str, told: dict[str, Line], author: User | None, by: Actor
) -> int:
    kept = dict(row.translations.get(language, {}))
    changed = 0
    for each in words:
        line = told.get(f"{prefix}{each.place}")
        if line is not None and (
            line.words != each.in_language(language) or is_stale(each, language, row.translations)
        ):
            kept[each.place] = {"text": line.words, "of": mark_of(line.text)}
            changed += 1
    if changed:
        design_permissions.check_user_can_edit(by, row)
        row.translations = row.translations | {language: kept}
        if not row.live:
            row.save()
        row.save_revision(user=author, clean=False)
        detail = {"language": language[:20], "texts": changed}
        audit.record(by=by, action="form.translated", target=(row._meta.model_name, row.key[:60]), detail=detail)
    return changed


def _holders(definition: FormDefinition) -> Iterator[tuple[Any, str, list[Words]]]:
    """The drafts of a form that have texts, with what the names of their texts begin with."""
    draft = draft_of(fresh(definition))
    own = {"title": draft.title, "purpose": draft.purpose, "translations": {}}
    laid(words_of_form(own), draft.translations)
    yield draft, "form/", list(words_of_form(own))
    sections = sections_of(definition)
    for row in sections:
        section = draft_of(row)
        yield section, f"section/{section.key}/", list(words_of_section(section_in(section)))
    for row in value_sets_of(sections):
        value_set = draft_of(row)
        yield value_set, f"list/{value_set.key}/", list(words_of_value_set(value_set_in(value_set)))
