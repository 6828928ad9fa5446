"""What an entry of a repeat holds beyond what its audience may see or change, and keeping that as it was.

A value of a repeat is saved whole, by somebody who perhaps saw a part of it (`audience` marks the rest `sealed`).
"""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.showing import entries_of


def seen_part(item: CompiledItem, value: Any) -> Any:
    """What an audience sees of a value it may see: of a repeat, without what inside is not for it."""
    if not item.is_repeat or not isinstance(value, list):
        return value
    children = list(answerables(item.children))
    return [
        {"id": entry.get("id")}
        | {each.uid: seen_part(each, entry[each.uid]) for each in children if not is_blank(entry.get(each.uid))}
        for entry in entries_of(value)
    ]


def sealed_part(item: CompiledItem, value: Any) -> Any:
    """What of a value its audience may not change; None when that is nothing."""
    return restored(item, None, value)


def restored(item: CompiledItem, value: Any, before: Any) -> Any:
    """A new value of a question, with what its audience may not change as it was `before`, whatever `value` says.

    An entry that was taken away and held such answers stays with them alone; and a reason why there is no answer
    cannot take their place.
    """
    if not seals(item):
        return value
    old = {str(entry.get("id")): entry for entry in entries_of(before)}
    new = {str(entry.get("id")): entry for entry in entries_of(value)}
    entries = [_entry(item, entry, old.get(key, {})) for key, entry in new.items()]
    gone = [_entry(item, {"id": entry.get("id")}, entry) for key, entry in old.items() if key not in new]
    entries += [entry for entry in gone if len(entry) > 1]
    return entries or (value if is_absent(value) else None)


def shows_nothing(item: CompiledItem, entry: Mapping[str, Any]) -> bool:
    """Whether an entry is there only for what its audience does not see of it."""
    return sealed_part(item, [entry]) is not None and len(seen_part(item, [entry])[0]) == 1


def seals(item: CompiledItem) -> bool:
    """Whether entries of this repeat hold answers that its audience may not change."""
    return bool(item.item.sealed) or any(seals(child) for child in answerables(item.children) if child.is_repeat)


def _entry(item: CompiledItem, entry: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"id": entry.get("id")} | {uid: before[uid] for uid in item.item.sealed if not is_blank(before.get(uid))}
    for child in answerables(item.children):
        if child.uid not in item.item.sealed:
            value = restored(child, entry.get(child.uid), before.get(child.uid))
            if value is not None:
                kept[child.uid] = value
    return kept
