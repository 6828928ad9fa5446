"""Whether the answers given under one form still stand under the next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.model import Item
from careplan_forms.schema.rules import references

Outcome = Literal["carries_over", "needs_clinician", "loses_answer"]


class Fate(NamedTuple):
    """What becomes of one set of answers: the questions whose answer is lost, and those somebody has to look at."""

    outcome: Outcome
    lost: tuple[str, ...]
    doubtful: tuple[str, ...]


CARRIES_OVER = Fate("carries_over", (), ())


class Carrying:
    """From one form document to the next.

    An answer is *lost* when its question is no longer there. A question is *doubtful* when it was well under the old
    form, or not asked, and is not under the new: the answer no longer fits, or one is now needed that is not there.
    """

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.old: CompiledForm = compile_form(old)
        self.new: CompiledForm = compile_form(new)
        before, after = _answerable(self.old), _answerable(self.new)
        self.removed = {uid: item.label for uid, item in before.items() if uid not in after}
        self.labels = {uid: item.label for uid, item in after.items()}
        self._inside = {uid: tuple(self.old.around[uid]) for uid in self.removed}
        self._sections = _sections_touched(self.old, self.new)

    @property
    def touches(self) -> bool:
        """Whether any answer can fare differently: new wording alone leaves every answer as it is."""
        return bool(self.removed or self._sections)

    def fate(self, answers: Mapping[str, Any]) -> Fate:
        """What becomes of these answers."""
        if not self.touches:
            return CARRIES_OVER
        lost = tuple(uid for uid in self.removed if self._is_answered(uid, answers))
        doubtful = self._doubtful(answers)
        if lost:
            return Fate("loses_answer", lost, doubtful)
        return Fate("needs_clinician", (), doubtful) if doubtful else CARRIES_OVER

    def _doubtful(self, answers: Mapping[str, Any]) -> tuple[str, ...]:
        now = _problems(self.new, self._sections, answers)
        asked_before = {self.old.items[uid].section for uid in now if uid in self.old.items}
        now -= _problems(self.old, asked_before, answers)
        return tuple(uid for uid in self.labels if uid in now)

    def _is_answered(self, uid: str, answers: Mapping[str, Any]) -> bool:
        repeats = [each for each in self._inside[uid] if self.old.items[each].is_repeat]
        return any(not is_blank(entry.get(uid)) for entry in _entries(answers, repeats))


def _problems(form: CompiledForm, sections: Iterable[str], answers: Mapping[str, Any]) -> set[str]:
    return {each.uid for key in sections for each in form.validate(answers, section=key, stage="publish")}


def _sections_touched(old: CompiledForm, new: CompiledForm) -> frozenset[str]:
    """The sections of the new form where an answer may be judged otherwise than in the old.

    A question is touched by more than a change of its words, with what it stands in, and with what its rules ask about.
    """
    before = {uid: _judged(item) for uid, item in old.plain_items.items()}
    touched = {uid for uid, item in new.plain_items.items() if before.get(uid) != _judged(item)}
    leans = {
        uid: {*new.around[uid], *references(item.show_if), *references(item.required_if)}
        for uid, item in new.plain_items.items()
    }
    while more := {uid for uid, others in leans.items() if uid not in touched and others & touched}:
        touched |= more
    return frozenset(new.items[uid].section for uid in touched)


def _judged(item: Item) -> Item:
    """An item without what no answer is judged by."""
    worded = replace(item, link_id="", label="", hint="", patient_label="", code=(), items=(), recommended=False)
    return replace(worded, slot=None, slot_values={}, prefill=None, warnings=())


def _answerable(form: CompiledForm) -> dict[str, CompiledItem]:
    return {uid: item for uid, item in form.items.items() if item.answerable}


def _entries(answers: Mapping[str, Any], repeats: list[str]) -> Iterator[Mapping[str, Any]]:
    """Where an answer inside these repeats, outermost first, may stand."""
    if not repeats:
        yield answers
        return
    entries = answers.get(repeats[0])
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield from _entries(entry, repeats[1:])
