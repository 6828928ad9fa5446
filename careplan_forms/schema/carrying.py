"""Whether the answers given under one form still stand under the next."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.items.base import is_blank

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

    @property
    def touches(self) -> bool:
        """Whether any answer can fare differently: the forms differ at all."""
        return self.old.sha256 != self.new.sha256

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
        now = {problem.uid for problem in self.new.validate(answers, stage="publish")}
        if now:
            now -= {problem.uid for problem in self.old.validate(answers, stage="publish")}
        return tuple(uid for uid in self.labels if uid in now)

    def _is_answered(self, uid: str, answers: Mapping[str, Any]) -> bool:
        repeats = [each for each in self._inside[uid] if self.old.items[each].is_repeat]
        return any(not is_blank(entry.get(uid)) for entry in _entries(answers, repeats))


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
