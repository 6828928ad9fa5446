"""What is said and never stands in the way: warnings, and recommended questions without an answer."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items.base import blank_entry, is_blank
from careplan_forms.schema.names import place
from careplan_forms.schema.rules import Look
from careplan_forms.schema.showing import Chain, entries_of

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


class Advice(NamedTuple):
    """One thing to be seen. `field_name` is the id to link to; `key` names it among all of a plan."""

    uid: str
    field_name: str
    label: str
    text: str
    key: str


# A shown question at its place: the item, its answer, what rules find there, and the entries around it.
_Place = tuple[CompiledItem, Any, Look, tuple[str, ...]]


def advises(item: CompiledItem) -> bool:
    """Whether there is anything to say of this question, or of one inside this repeat."""
    return item.item.recommended or bool(item.cautions) or any(advises(child) for child in answerables(item.children))


def warnings(form: "CompiledForm", answers: Mapping[str, Any], section: str | None) -> list[Advice]:
    """The warnings whose rules hold, in the order of the form."""
    return [
        Advice(item.uid, place(item.name, path), item.label, caution.text, "/".join((item.uid, *path, caution.uid)))
        for item, _, look, path in _places(form, answers, section)
        for caution, rule in item.cautions
        if rule(look)
    ]


def recommended(form: "CompiledForm", answers: Mapping[str, Any], section: str | None) -> list[Advice]:
    """The recommended questions without an answer, in the order of the form."""
    return [
        Advice(item.uid, place(item.name, path), item.label, "", "/".join((item.uid, *path)))
        for item, value, _, path in _places(form, answers, section)
        if item.item.recommended and is_blank(value)
    ]


def _places(form: "CompiledForm", answers: Mapping[str, Any], section: str | None) -> Iterator[_Place]:
    if not form.advising[section]:
        return
    hidden = form.showing.hidden(answers, section)
    look = form.showing.look(answers, hidden)
    for item in form.advising[section]:
        if item.uid not in hidden:
            yield item, answers.get(item.uid), look, ()
            if item.is_repeat:
                yield from _entries(form, answers, hidden, item, answers.get(item.uid), (), ())


def _entries(
    form: "CompiledForm",
    answers: Mapping[str, Any],
    hidden: set[str],
    item: CompiledItem,
    value: Any,
    chain: Chain,
    path: tuple[str, ...],
) -> Iterator[_Place]:
    for entry in entries_of(value):
        if blank_entry(entry):
            continue
        here, inside = (*chain, (item.uid, entry)), (*path, str(entry.get("id")))
        gone = form.showing.hidden_inside(answers, hidden, here)
        look = form.showing.look(answers, gone, here)
        for child in answerables(item.children):
            if child.uid not in gone and advises(child):
                yield child, entry.get(child.uid), look, inside
                if child.is_repeat:
                    yield from _entries(form, answers, gone, child, entry.get(child.uid), here, inside)
