"""Answers of a plan as its person reads them."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from careplan_forms.presenters.in_language import on_english_page, without_question_mark
from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.markup import safe
from careplan_forms.schema.showing import entries_of

#: Answers in the words of the form; all others are in whatever language somebody wrote.
_IN_ITS_WORDS = frozenset({"yes_no", "date", "choice", "choices"})


def answer_html(form: CompiledForm, item: CompiledItem, value: Any) -> Markup:
    """An answer line by line, what is in the form's words marked with their language; files stand apart as links."""
    if item.type == "attachment" and not is_absent(value):
        return Markup("")
    lines = Markup("<br>").join(_said(form, item, value).splitlines())
    return Markup('<span class="fw-words">{}</span>').format(lines)


def _said(form: CompiledForm, item: CompiledItem, value: Any) -> Markup:
    """The answer; of one that is absent which kind of absence, not the note that staff left beside it.

    Of a repeat each entry stands by itself, a line for each of its answers.
    """
    if is_absent(value):
        return on_english_page(form.say.absent(value["absent"]), form.language)
    if item.is_repeat:
        return Markup("\n\n").join(_entry(form, item, entry) for entry in entries_of(value))
    said = form.display(item.uid, value)
    return on_english_page(said, form.language) if item.type in _IN_ITS_WORDS else safe(said)


def _entry(form: CompiledForm, item: CompiledItem, entry: Mapping[str, Any]) -> Markup:
    lines = []
    for child in answerables(item.children):
        value = entry.get(child.uid)
        if not is_blank(value) and not child.secret:
            label = on_english_page(without_question_mark(child.label), form.language)
            lines.append(Markup("{}: {}").format(label, _said(form, child, value)))
    return Markup("\n").join(lines)
