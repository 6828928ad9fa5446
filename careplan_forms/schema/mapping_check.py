"""What is wrong with a mapping, in sentences for the person who edited it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.converters import TEXTS, converts
from careplan_forms.schema.mapping_shape import Step, read_steps, shape_faults

_MERGES_INTO = (*TEXTS, "choices")


def mapping_faults(mapping: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every reason why a mapping cannot be used between these documents; nothing when it can."""
    shape = shape_faults(mapping)
    if shape:
        return shape
    before, after = compile_form(old), compile_form(new)
    if (mapping["from"], mapping["to"]) != (before.sha256, after.sha256):
        return ["This mapping was made for other versions of the form"]
    checker = _Checker(before, after)
    return list(dict.fromkeys(checker.level(read_steps(mapping), before.asked(None), after.asked(None))))


class _Checker:
    def __init__(self, old: CompiledForm, new: CompiledForm) -> None:
        self.old, self.new = old, new

    def level(self, steps: tuple[Step, ...], old: Iterable[CompiledItem], new: Iterable[CompiledItem]) -> Iterator[str]:
        """The rows of the form, or those inside one repeat."""
        here = {item.uid: item for item in old}
        there = {item.uid: item for item in new}
        rows = [step.uid for step in steps]
        for uid, item in here.items():
            if rows.count(uid) != 1:
                yield f"“{item.label}” has {'no row' if uid not in rows else 'more than one row'}"
        for step in steps:
            if step.uid not in here:
                yield "A row is about a question that the old form does not ask there"
            elif any(uid not in there for uid in step.to):
                yield f"“{here[step.uid].label}” goes to a question that the new form does not ask there"
            else:
                yield from self._step(step, here[step.uid], [there[uid] for uid in step.to])
        yield from _shared_targets(steps, there)

    def _step(self, step: Step, item: CompiledItem, targets: list[CompiledItem]) -> Iterator[str]:
        yield from _wrong_action(step, item, targets)
        for target in targets:
            if not converts(item, target):
                yield f"An answer to “{item.label}” cannot become one to “{target.label}”"
            if item.secret and not target.secret:
                yield f"“{item.label}” holds a secret, so it cannot go to “{target.label}”, which everybody reads"
        if targets:
            yield from _wrong_options(step, item, targets[0])
        inside = targets[0] if targets and targets[0].is_repeat and item.is_repeat else None
        if inside is not None:
            yield from self.level(step.steps, answerables(item.children), answerables(inside.children))
        elif step.steps:
            yield f"“{item.label}” has rows inside it that lead nowhere"


def _wrong_action(step: Step, item: CompiledItem, targets: list[CompiledItem]) -> Iterator[str]:
    """An action that does not fit where the answer goes."""
    name = f"“{item.label}”"
    same = [target.uid for target in targets] == [item.uid]
    if step.action == "keep" and not (same and targets[0].type == item.type):
        yield f"{name} cannot keep its answer: the new form asks it differently or not at all"
    if step.action == "convert" and not (same and targets[0].type != item.type):
        yield f"{name} is the same kind of question on both forms, or another question: choose what happens to it"
    if step.action == "rename" and (len(targets) != 1 or same):
        yield f"Choose the one other question that takes the answer of {name}"
    if step.action == "split" and len(targets) < 2:
        yield f"Choose at least two questions that {name} is divided into"
    if step.action == "merge" and len(targets) != 1:
        yield f"Choose the one question that {name} is joined into"
    if step.action == "drop" and targets:
        yield f"{name} is left out, so its answer goes nowhere"


def _shared_targets(steps: tuple[Step, ...], there: Mapping[str, CompiledItem]) -> Iterator[str]:
    """One question takes one answer, unless answers are joined in it."""
    for uid, target in there.items():
        takers = [step for step in steps if uid in step.to]
        merging = [step for step in takers if step.action == "merge"]
        if len(takers) > 1 and len(merging) < len(takers):
            yield f"Several answers go to “{target.label}”. Join them all, or send only one there"
        if len(merging) == 1:
            yield f"Only one answer is joined into “{target.label}”. Choose another that is joined with it"
        if len(merging) > 1 and target.type not in _MERGES_INTO:
            yield f"“{target.label}” cannot hold several answers: only text and lists of choices can"


def _wrong_options(step: Step, item: CompiledItem, target: CompiledItem) -> Iterator[str]:
    known = {(option.code, option.system) for option in item.item.options}
    offered = {(option.code, option.system) for option in target.item.options if not option.retired}
    for left, right in step.options.items():
        if left not in known:
            yield f"“{item.label}” has no option with the code {left[0]}"
        if right is not None and right not in offered:
            yield f"“{target.label}” does not offer an option with the code {right[0]}"
