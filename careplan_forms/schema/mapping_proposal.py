"""The mapping that two forms suggest by themselves: what has kept its identity keeps its answer.

A person looks at it before anything happens; what cannot be told from the documents (a question divided into two,
two joined into one) is theirs to say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.converters import converts
from careplan_forms.schema.mapping_shape import MAPPING_VERSION, row_of
from careplan_forms.schema.model import Item, Option

CODED = ("choice", "choices")


def propose_mapping(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping from the old document to the new one, with a row for every question of the old."""
    before, after = compile_form(old), compile_form(new)
    rows = _rows(before.asked(None), after.asked(None))
    return {"schema_version": MAPPING_VERSION, "from": before.sha256, "to": after.sha256, "items": rows}


def options_between(old: Item, new: Item) -> list[dict[str, Any]]:
    """The options of `old` that another option of `new` replaces, as rows of a mapping."""
    return [
        {"from": _coded(option), "to": _coded(successor)}
        for option in old.options
        if (successor := _successor(option, old, new)) is not None
    ]


def _rows(old: Iterable[CompiledItem], new: Iterable[CompiledItem]) -> list[dict[str, Any]]:
    items = list(old)
    there = {item.uid: item for item in new}
    free = {uid: item for uid, item in there.items() if uid not in {each.uid for each in items}}
    rows = []
    for item in items:
        target = there.get(item.uid) or _namesake(item, free)
        free.pop(target.uid if target else "", None)
        rows.append(row_between(item, target))
    return rows


def row_between(item: CompiledItem, target: CompiledItem | None) -> dict[str, Any]:
    """What becomes of `item` when `target` takes its answer: nothing, where it cannot."""
    if target is None or not converts(item, target) or (item.secret and not target.secret):
        return row_of(item.uid, "drop", [])
    both = item.is_repeat and target.is_repeat
    inside = _rows(answerables(item.children), answerables(target.children)) if both else []
    action: Any = "rename" if target.uid != item.uid else "keep" if target.type == item.type else "convert"
    row = row_of(item.uid, action, [target.uid], inside)
    if item.type in CODED and target.type in CODED:
        row["options"] = options_between(item.item, target.item)
    return row


def _namesake(item: CompiledItem, free: Mapping[str, CompiledItem]) -> CompiledItem | None:
    """The one new question that carries the same name in exports, code or wording; of several, none."""
    for mark in (_name, _codes, _wording):
        said = mark(item)
        found = [each for each in free.values() if said and mark(each) == said and converts(item, each)]
        if len(found) == 1:
            return found[0]
    return None


def _name(item: CompiledItem) -> Any:
    return item.item.link_id if item.item.link_id != item.uid else None


def _codes(item: CompiledItem) -> Any:
    return frozenset((str(each.get("system") or ""), str(each.get("code") or "")) for each in item.item.code)


def _wording(item: CompiledItem) -> Any:
    label = " ".join(item.item.label.lower().split())
    return (label, item.type) if label else None


def _successor(option: Option, old: Item, new: Item) -> Option | None:
    """What newly stands in an option's place: named as its replacement, else the only one that reads the same."""
    same = next((each for each in new.options if (each.code, each.system) == (option.code, option.system)), None)
    if same is not None and not (same.retired and (not option.retired or same.replaced_by != option.replaced_by)):
        # Still offered, or no news: an old answer with a retired option stays as it was left.
        return None
    named = _replacement(same or option, new)
    if named is not None or same is not None:
        return named
    alike = [each for each in new.options if each.display == option.display and not each.retired]
    return alike[0] if len(alike) == 1 else None


def _replacement(option: Option, new: Item) -> Option | None:
    """The option in use at the end of a chain of replacements; a chain that goes in a circle ends nowhere."""
    seen: set[str] = set()
    here: Option | None = option
    while here is not None and here.replaced_by and here.replaced_by not in seen:
        seen.add(here.replaced_by)
        wanted = here.replaced_by
        here = next((each for each in new.options if wanted in (each.id, each.code)), None)
        if here is not None and not here.retired:
            return here
    return None


def _coded(option: Option) -> dict[str, str]:
    return {"code": option.code, "system": option.system}
