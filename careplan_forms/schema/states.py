"""What a form is with one set of answers on one day: shown, needed, worked out, wrong, warned about, told to crews."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.cases import Case, Names
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.day import judged_on
from careplan_forms.schema.repeats import FIRST
from careplan_forms.schema.showing import Chain, chains


@dataclass(frozen=True, slots=True)
class State:
    """A form with one set of answers on one day.

    A question inside a repeat is visible, and needed, when it is so in at least one entry (without entries: in a blank
    one). `errors` holds (uid, code) of answers that are wrong as they stand, `warnings` (uid, uid of the warning).
    """

    answers: Mapping[str, Any]
    visible: frozenset[str]
    required: frozenset[str]
    errors: frozenset[tuple[str, str]]
    warnings: frozenset[tuple[str, str]]
    slots: Mapping[str, list[Any]]
    complete: bool


def state_of(form: CompiledForm, case: Case) -> tuple[State, list[str]]:
    """The state of the form for a case, and the names in its answers that the form does not have."""
    answers, unknown = Names(form).answers(case.answers)
    with judged_on(case.today):
        answers = form.calculated(answers, case.today)
        places = list(_places(form, answers))
        state = State(
            answers=answers,
            visible=frozenset(item.uid for item, _, _ in places),
            required=frozenset(
                item.uid for item, chain, hidden in places if _needed(form, answers, item, chain, hidden)
            ),
            errors=frozenset((each.uid, each.code) for each in form.validate(answers)),
            warnings=frozenset((each.uid, each.key.rpartition("/")[2]) for each in form.warnings(answers)),
            slots=form.slots(answers),
            complete=not form.validate(answers, stage="publish"),
        )
    return state, unknown


def _places(form: CompiledForm, answers: Mapping[str, Any]) -> Iterator[tuple[CompiledItem, Chain, set[str]]]:
    """Every item wherever it is shown, with what is hidden there."""
    top = form.showing.hidden(answers)
    for uid, item in form.items.items():
        if uid not in top:
            for chain in chains_around(item.repeats, answers):
                hidden = hidden_at(form, answers, top, chain)
                if uid not in hidden:
                    yield item, chain, hidden


def hidden_at(form: CompiledForm, answers: Mapping[str, Any], top: set[str], chain: Chain) -> set[str]:
    """What is hidden in one entry of a repeat, when `top` is hidden as a whole."""
    hidden = top
    for depth in range(len(chain)):
        hidden = form.showing.hidden_inside(answers, hidden, chain[: depth + 1])
    return hidden


def chains_around(repeats: tuple[str, ...], answers: Mapping[str, Any]) -> Iterator[Chain]:
    """The entries an item stands in; where there are none yet, a blank one."""
    if not repeats:
        yield ()
        return
    found = list(chains(repeats, answers))
    yield from found or [tuple((uid, {"id": FIRST}) for uid in repeats)]


def _needed(form: CompiledForm, answers: Mapping[str, Any], item: CompiledItem, chain: Chain, hidden: set[str]) -> bool:
    if item.required or item.item.min_items:
        return True
    return item.need is not None and item.need(form.showing.look(answers, hidden, chain))
