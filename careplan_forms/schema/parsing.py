"""From a posted form to answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.names import PUT_AWAY, SHOWN, is_instance_id, join, place
from careplan_forms.schema.problems import Fault, FormData, Problem, Raw
from careplan_forms.schema.sealing import restored

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

# More entries than this in one repeat are not read: no person types them.
MOST_ENTRIES = 200


def parse_section(
    form: "CompiledForm", key: str, data: FormData, previous: Mapping[str, Any] | None
) -> tuple[dict[str, Any], list[Problem]]:
    """The answers of the questions that were on the page, None for those left blank, and what is wrong.

    A question with a problem is left out of the answers, so that what was saved before stays; its problem
    carries what was typed. A repeat keeps its other answers, and for the question with a problem what
    `previous` held. A question that was not on the page is left out too.
    """
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    away = frozenset(str(each) for each in data.getlist(PUT_AWAY))
    shown = frozenset(" ".join(str(each) for each in data.getlist(SHOWN)).split())
    for item in form.asked(key):
        if item.type in CALCULATED or item.item.read_only or (shown and item.name not in shown):
            continue
        before = (previous or {}).get(item.uid)
        value, found = _parse(item, data, (), previous is not None, before)
        problems += [problem for problem in found if not (away and _out_of_sight(form, problem, away))]
        if not found or item.is_repeat:
            answers[item.uid] = restored(item, value, before)
    return answers, problems


def _out_of_sight(form: "CompiledForm", problem: Problem, away: frozenset[str]) -> bool:
    """Whether a problem is in a question that scripts had hidden: what was saved before stays, nothing is said."""
    uids = (*form.around[problem.uid], problem.uid)
    paths = ["/".join(problem.path[:length]) for length in range(len(problem.path) + 1)]
    return any(f"{uid}|{path}" in away for uid in uids for path in paths)


def _parse(
    item: CompiledItem, data: FormData, path: tuple[str, ...], strict: bool, before: Any
) -> tuple[Any, list[Problem]]:
    if item.is_repeat:
        return _parse_repeat(item, data, path, strict, before)
    kind = item.kind
    if kind is None or item.check is None:
        return None, []
    raw = raw_of(item, data, path)
    value, fault = kind.parse(item.field, raw)
    if fault is None and value is not None:
        fault = item.check(value)
        if fault is None and strict:
            fault = _newly_retired(item, value, before)
    return (value, []) if fault is None else (None, [problem_of(item, fault, path, raw)])


def _parse_repeat(
    item: CompiledItem, data: FormData, path: tuple[str, ...], strict: bool, before: Any
) -> tuple[Any, list[Problem]]:
    name = place(item.name, path)
    old = {entry.get("id"): entry for entry in before if isinstance(entry, Mapping)} if isinstance(before, list) else {}
    entries: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for instance in instances(data, name):
        entry: dict[str, Any] = {"id": instance}
        already = len(problems)
        for child in answerables(item.children):
            if child.type in CALCULATED or child.item.read_only:
                continue
            earlier = old.get(instance, {}).get(child.uid)
            value, found = _parse(child, data, (*path, instance), strict, earlier)
            problems += found
            value = earlier if found and not child.is_repeat else value
            if value is not None:
                entry[child.uid] = value
        if len(entry) > 1 or len(problems) > already:
            entries.append(entry)
    raw = raw_of(item, data, path)
    value, fault = _with_absence(item, raw, entries)
    if fault:
        problems.append(problem_of(item, fault, path, raw))
    return value, problems


def _with_absence(item: CompiledItem, raw: Raw, entries: list[dict[str, Any]]) -> tuple[Any, Fault | None]:
    value = entries or None
    limit = item.item.max_items
    if limit is not None and len(entries) > limit:
        return value, item.field.fault("repeat.max", count=limit)
    if not item.item.absent:
        return value, None
    answer, fault = absent.combine(("",), item.field, raw, value, None)
    return (value, fault) if fault else (answer, None)


def raw_of(item: CompiledItem, data: FormData, path: tuple[str, ...]) -> Raw:
    """What was typed into the controls of an item; a repeat's own controls are those of its absent reasons."""
    raw: dict[str, list[str]] = {}
    for part, name in item.controls:
        posted = data.getlist(place(name, path) if path else name)
        if posted:
            values = [each for each in posted if type(each) is str]
            if values:
                raw[part] = values
    return raw


def instances(data: FormData, name: str) -> list[str]:
    """The ids of the entries that were on the page, in order."""
    posted = [each for each in data.getlist(name) if is_instance_id(each)]
    return list(dict.fromkeys(posted))[:MOST_ENTRIES]


def problem_of(item: CompiledItem, fault: Fault, path: tuple[str, ...], raw: Raw | None = None) -> Problem:
    """A fault at its place in the form."""
    name = join(place(item.name, path), fault.part)
    return Problem(item.uid, name, fault.code, fault.message, path, raw)


def _newly_retired(item: CompiledItem, value: Any, before: Any) -> Fault | None:
    """A retired option may stay where it was answered before; it may not be chosen anew."""
    if item.kind is None:
        return None
    retired = item.kind.retired_in(item.item, value)
    kept = {} if is_blank(before) else item.kind.retired_in(item.item, before)
    for code, display in retired.items():
        if code not in kept:
            return item.field.fault("choice.retired", display=display)
    return None
