"""Carrying the answers of one form over to another, and what that means for one plan.

Nothing vanishes unnamed: every answer that is not found again under a question it came from stands in a reason. The
same mapping and the same answers give the same result, and nothing here reads a clock or a database.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.mapping_proposal import propose_mapping
from careplan_forms.schema.mapping_reasons import REASONS, Reason
from careplan_forms.schema.mapping_shape import Step, read_steps
from careplan_forms.schema.moving import CALCULATED, Level, Notes, move_level
from careplan_forms.schema.showing import entries_of

CARRIES_OVER, NEEDS_CLINICIAN, LOSES_ANSWER = "carries_over", "needs_clinician", "loses_answer"

JSONDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """The answers on the new form, what happened on the way, and from which old questions each answer came."""

    answers: JSONDict
    reasons: tuple[Reason, ...]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """The worst that happened to an answer that counts: those hidden on the old form do not."""
        weights = {REASONS[reason.code].outcome for reason in self.reasons if not reason.hidden}
        for outcome in (LOSES_ANSWER, NEEDS_CLINICIAN):
            if outcome in weights:
                return outcome
        return CARRIES_OVER

    @property
    def to_look_at(self) -> tuple[Reason, ...]:
        """The reasons a person must look at."""
        return tuple(each for each in self.reasons if not each.hidden and REASONS[each.code].outcome != CARRIES_OVER)


class Mover:
    """One mapping between two forms, ready for many plans. It holds no answers."""

    def __init__(self, mapping: Mapping[str, Any], old: CompiledForm, new: CompiledForm) -> None:
        """`mapping` has passed `mapping_faults`."""
        self.old, self.new = old, new
        self.steps = read_steps(mapping)
        self._origins = _origins(self.steps)

    def move(self, answers: Mapping[str, Any]) -> Moved:
        """Carry one set of answers over and say what it meets."""
        notes = Notes(counted=_counted(self.old.complete(answers)))
        moved = move_level(Level(self.old, self.new, notes), self.steps, answers)
        _name_leftovers(self.steps, answers, notes, self.old)
        self._name_hidden(moved, notes)
        self._name_problems(answers, moved, notes)
        return Moved(moved, tuple(notes.reasons), {uid: tuple(found) for uid, found in notes.sources.items()})

    def _name_hidden(self, moved: JSONDict, notes: Notes) -> None:
        """Answers that were part of the plan and are not shown on the new form, and the other way round."""
        shown = _counted(self.new.complete(moved))
        for target, sources in notes.sources.items():
            before = max(notes.counted[uid] for uid in sources)
            if shown[target] != before:
                code = "not_shown" if shown[target] < before else "shown_again"
                notes.add(code, self.new.items[target].label, target)

    def _name_problems(self, answers: Mapping[str, Any], moved: JSONDict, notes: Notes) -> None:
        """What approval would want on the new form and did not want on the old one."""
        problems = self.new.validate(moved, stage="publish")
        if not problems:
            return
        before = {problem.uid for problem in self.old.validate(answers, stage="publish")}
        for problem in problems:
            origins = self._origins.get(problem.uid, ())
            if self.new.items[problem.uid].type in CALCULATED:
                continue
            if before.intersection(origins) or notes.names(problem.uid, *origins):
                continue
            blank = problem.code.startswith("missing")
            notes.add("new_mandatory" if blank else "does_not_fit", self.new.items[problem.uid].label, problem.uid)


def mover_between(old: Mapping[str, Any], new: Mapping[str, Any], mapping: Mapping[str, Any] | None = None) -> Mover:
    """A mover from one document to another; without a mapping by the one the documents suggest."""
    return Mover(mapping or propose_mapping(old, new), compile_form(old), compile_form(new))


def _origins(steps: tuple[Step, ...]) -> dict[str, tuple[str, ...]]:
    """New question → the old ones whose answers it may take, whether they are answered or not."""
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        for target in step.to:
            found[target] = (*found.get(target, ()), step.uid)
        found |= _origins(step.steps)
    return found


def _counted(answers: Mapping[str, Any]) -> Counter[str]:
    """How many answers each question has, entries of repeats counted one by one."""
    found: Counter[str] = Counter()
    for uid, value in answers.items():
        if uid == "id" or is_blank(value):
            continue
        found[uid] += 1
        if isinstance(value, list):
            for entry in entries_of(value):
                if "id" in entry:
                    found.update(_counted(entry))
    return found


def _name_leftovers(steps: tuple[Step, ...], answers: Mapping[str, Any], notes: Notes, old: CompiledForm) -> None:
    """Answers to what the old form does not ask at all: they were never part of the plan."""
    known = {step.uid for step in steps}
    for uid, value in answers.items():
        if uid not in known and not is_blank(value):
            item = old.items.get(uid)
            notes.add("left_over", item.label if item else "", uid)
