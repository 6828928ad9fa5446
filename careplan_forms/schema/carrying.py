"""Whether the answers given under one form still stand under the next, by the mapping the two forms suggest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple, cast

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.mapping import LOSES_ANSWER, mover_between
from careplan_forms.schema.mapping_reasons import REASONS
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

    An answer is *lost* when it has no place on the new form. A question is *doubtful* when it was well under the old
    form, or not asked, and is not under the new: the answer no longer fits, or one is now needed that is not there.
    """

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._mover = mover_between(old, new)
        before, after = _answerable(self._mover.old), _answerable(self._mover.new)
        self.removed = {uid: item.label for uid, item in before.items() if uid not in after}
        self.labels = {uid: item.label for uid, item in (before | after).items()}
        self._sections = _sections_touched(self._mover.old, self._mover.new)

    @property
    def touches(self) -> bool:
        """Whether any answer can fare differently: new wording alone leaves every answer as it is."""
        return bool(self.removed or self._sections)

    def fate(self, answers: Mapping[str, Any]) -> Fate:
        """What becomes of these answers."""
        if not self.touches:
            return CARRIES_OVER
        moved = self._mover.move(answers)
        lost = {each.uid for each in moved.to_look_at if REASONS[each.code].outcome == LOSES_ANSWER}
        doubtful = {each.uid for each in moved.to_look_at} - lost
        return Fate(cast(Outcome, moved.outcome), self._in_order(lost), self._in_order(doubtful))

    def _in_order(self, uids: set[str]) -> tuple[str, ...]:
        return tuple(uid for uid in self.labels if uid in uids)


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
