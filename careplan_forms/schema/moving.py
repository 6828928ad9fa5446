"""Laying answers over to another form, one level of questions at a time: the form itself, or an entry of a repeat."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.converters import TEXTS, convert, text_of
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.items.choice import option_answer
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.mapping_reasons import Reason
from careplan_forms.schema.mapping_shape import Coded, Step

JSONDict = dict[str, Any]
#: Worked out anew on every form, so never missing and never lost.
#: An option that the mapping leaves out has no answer in its place.
_GONE = object()


@dataclass(slots=True)
class Notes:
    """What is learned on the way. `counted`: how many answers of each question were part of the plan."""

    counted: Counter[str]
    reasons: list[Reason] = field(default_factory=list)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, old: str, uid: str, new: str = "", hidden: bool = False) -> None:
        """Keep a reason once."""
        reason = Reason(code, uid, old, new, hidden)
        if reason not in self.reasons:
            self.reasons.append(reason)

    def names(self, *uids: str) -> bool:
        """Whether a question already stands in a reason somebody has to look at."""
        return any(reason.uid in uids and reason.code in _SAID for reason in self.reasons)

    def came_from(self, target: str, uid: str) -> None:
        """The answer under `target` holds that of `uid`."""
        found = self.sources.setdefault(target, [])
        if uid not in found:
            found.append(uid)


#: Reasons after which the question it concerns need not be named again.
_SAID = frozenset({"does_not_fit", "new_mandatory", "option_dropped"})


@dataclass(frozen=True, slots=True)
class Level:
    """The two forms and where what is learned is kept."""

    old: CompiledForm
    new: CompiledForm
    notes: Notes

    def note(self, code: str, item: CompiledItem, new: str = "") -> None:
        """Keep a reason about a question of the old form."""
        self.notes.add(code, item.label, item.uid, new, hidden=not self.notes.counted[item.uid])


def move_level(level: Level, steps: Iterable[Step], answers: Mapping[str, Any]) -> JSONDict:
    """The answers of one level under the questions of the new form."""
    moved: JSONDict = {}
    merging: dict[str, list[tuple[CompiledItem, Any]]] = {}
    for step in steps:
        value = answers.get(step.uid)
        if is_blank(value):
            continue
        item = level.old.items[step.uid]
        if step.action == "drop" or not step.to:
            level.note(_left_out(level, item), item)
        elif step.action == "merge":
            value = _with_options(level, item, level.new.items[step.to[0]], step.options, value)
            if value is not _GONE:
                merging.setdefault(step.to[0], []).append((item, value))
        else:
            _move_one(level, step, item, value, moved)
    for target, parts in merging.items():
        _merge(level, level.new.items[target], parts, moved)
    return moved


def _left_out(level: Level, item: CompiledItem) -> str:
    """Of an answer that goes nowhere: whether its question is still asked, so that it can be answered again."""
    if item.type in CALCULATED:
        return "not_calculated"
    still = level.new.items.get(item.uid)
    return "does_not_fit" if still is not None and still.answerable and still.type != item.type else "dropped"


def _move_one(level: Level, step: Step, item: CompiledItem, value: Any, moved: JSONDict) -> None:
    target = level.new.items[step.to[0]]
    value = _with_options(level, item, target, step.options, value)
    if value is _GONE:
        return
    if item.is_repeat and target.is_repeat and isinstance(value, list):
        result: Any = [_entry(level, step, entry) for entry in value]
    else:
        result = convert(level.old, item, target, value)
    if is_blank(result):
        level.note("does_not_fit", item, target.label)
        return
    moved[target.uid] = result
    level.notes.came_from(target.uid, item.uid)
    if step.action == "split":
        named = " and ".join(f"“{level.new.items[uid].label}”" for uid in step.to)
        level.note("split", item, named)
    elif item.type != target.type:
        level.note("converted", item, target.label)
    elif item.uid != target.uid:
        level.note("renamed", item, target.label)


def _entry(level: Level, step: Step, entry: Any) -> Any:
    """One entry of a repeat keeps its id; what is no entry stays as it is, for the checks to name."""
    if not isinstance(entry, Mapping):
        return entry
    known = {each.uid for each in step.steps}
    for uid, value in entry.items():
        if uid != "id" and uid not in known and not is_blank(value):
            level.notes.add("left_over", "", uid)
    kept = {"id": entry["id"]} if "id" in entry else {}
    return kept | move_level(level, step.steps, entry)


def _merge(level: Level, target: CompiledItem, parts: list[tuple[CompiledItem, Any]], moved: JSONDict) -> None:
    """Several answers as one: lists of choices become one list, everything else one text in the form's order.

    An answer that was hidden is not brought to light by being joined to others.
    """
    counted = [part for part in parts if level.notes.counted[part[0].uid]]
    for item, _ in parts if counted else []:
        if not level.notes.counted[item.uid]:
            level.note("dropped", item)
    parts = counted or parts
    if len(parts) == 1:
        item, value = parts[0]
        result = convert(level.old, item, target, value)
    elif target.type == "choices":
        result = _one_list(level, target, parts)
    elif target.type in TEXTS:
        divider = "\n" if target.type == "long_text" else "; "
        result = divider.join(_labelled(level, item, value) for item, value in parts)
    else:
        result = None
    for item, _ in parts:
        if is_blank(result):
            level.note("does_not_fit", item, target.label)
        else:
            level.notes.came_from(target.uid, item.uid)
            level.note("merged" if len(parts) > 1 else "renamed", item, target.label)
    if not is_blank(result):
        moved[target.uid] = result


def _one_list(level: Level, target: CompiledItem, parts: list[tuple[CompiledItem, Any]]) -> list[Any] | None:
    found: list[Any] = []
    for item, value in parts:
        converted = convert(level.old, item, target, value)
        if not isinstance(converted, list):
            return None
        found += [each for each in converted if each not in found]
    return found


def _labelled(level: Level, item: CompiledItem, value: Any) -> str:
    text = text_of(level.old, item, value)
    return f"{item.label}: {text}" if item.label else text


def _with_options(
    level: Level, item: CompiledItem, target: CompiledItem, options: Mapping[Coded, Coded | None], value: Any
) -> Any:
    """The value with its options replaced; `_GONE` when the only one it holds is left out."""
    if not options or is_absent(value):
        return value
    if isinstance(value, list):
        replaced = [_with_option(level, item, target, options, each) for each in value]
        # Two options may have the same successor: it is chosen once.
        kept = [each for n, each in enumerate(replaced) if each is not _GONE and each not in replaced[:n]]
        return kept or _GONE
    return _with_option(level, item, target, options, value)


def _with_option(
    level: Level, item: CompiledItem, target: CompiledItem, options: Mapping[Coded, Coded | None], value: Any
) -> Any:
    found = _coded(item, value)
    if found is None or found not in options:
        return value
    wanted = options[found]
    if wanted is None:
        level.note("option_dropped", item)
        return _GONE
    level.note("option_replaced", item)
    option = next(each for each in target.item.options if (each.code, each.system) == wanted)
    return option_answer(option) | {"text": value.get("text") or ""}


def _coded(item: CompiledItem, value: Any) -> Coded | None:
    """The option a value stands for; one stored without a system is known by its code alone."""
    if not isinstance(value, Mapping) or not isinstance(value.get("code"), str) or not value["code"]:
        return None
    for option in item.item.options:
        if option.code == value["code"] and value.get("system") in (option.system, "", None):
            return option.code, option.system
    return value["code"], str(value.get("system") or "")
