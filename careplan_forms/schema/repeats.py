"""Adding, removing and moving entries of a repeat by submit buttons, without scripts.

A button's value is the path to a repeat or an entry: the safe keys of uids and the ids of entries by turns,
such as `contacts` (add an entry) or `contacts/1` (remove that one).
"""

import copy
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careplan_forms.schema.names import ADD, DOWN, REMOVE, UP, field_name, is_instance_id, safe_key
from careplan_forms.schema.parsing import MOST_ENTRIES, instances
from careplan_forms.schema.problems import FormData

if TYPE_CHECKING:
    from careplan_forms.schema.compiled import CompiledItem
    from careplan_forms.schema.compiler import CompiledForm

FIRST = "1"


def apply_action(
    data: FormData, answers: Mapping[str, Any], form: "CompiledForm | None" = None
) -> dict[str, Any] | None:
    """New answers after the repeat button that was pressed; None when none was, or it names nothing there.

    `answers` are the present ones, with what was just parsed from `data` laid over them. With `form`, only
    repeats of that form are touched and their largest number is kept to.
    """
    for action in (ADD, REMOVE, UP, DOWN):
        pressed = [each for each in data.getlist(action) if isinstance(each, str)]
        if pressed:
            changed = copy.deepcopy(dict(answers))
            return changed if _act(action, pressed[0].split("/"), changed, data, form) else None
    return None


def _act(action: str, path: list[str], answers: dict[str, Any], data: FormData, form: "CompiledForm | None") -> bool:
    wants_entry = action != ADD
    if len(path) % 2 != (0 if wants_entry else 1):
        return False
    found = _entries(path[:-1] if wants_entry else path, answers, data, form)
    if found is None:
        return False
    entries, most = found
    if action == ADD:
        if len(entries) >= min(most or MOST_ENTRIES, MOST_ENTRIES):
            return False
        entries.append({"id": secrets.token_hex(4)})
        return True
    return _change(action, path[-1], entries)


def _change(action: str, instance: str, entries: list[dict[str, Any]]) -> bool:
    position = next((n for n, entry in enumerate(entries) if entry.get("id") == instance), None)
    if position is None:
        return False
    entry = entries.pop(position)
    if action != REMOVE:
        entries.insert(max(position + (-1 if action == UP else 1), 0), entry)
    return True


def _entries(
    path: list[str], answers: dict[str, Any], data: FormData, form: "CompiledForm | None"
) -> tuple[list[dict[str, Any]], int | None] | None:
    """The list of entries at the end of a path, as it was on the page, and the most it may hold."""
    here: dict[str, Any] = answers
    name = ""
    for step in range(0, len(path), 2):
        uid, most = _repeat(path[step], here, form)
        if uid is None:
            return None
        name = f"{name}__{safe_key(uid)}" if name else field_name(uid)
        here[uid] = entries = _on_page(here.get(uid), instances(data, name))
        if step + 1 == len(path):
            return entries, most
        inside = next((entry for entry in entries if entry.get("id") == path[step + 1]), None)
        if inside is None or not is_instance_id(path[step + 1]):
            return None
        here, name = inside, f"{name}__{path[step + 1]}"
    return None


def _repeat(key: str, here: Mapping[str, Any], form: "CompiledForm | None") -> tuple[str | None, int | None]:
    if form is not None:
        item = next((each for each in form.items.values() if _open(each) and safe_key(each.uid) == key), None)
        return (item.uid, item.item.max_items) if item else (None, None)
    uid = next((uid for uid, value in here.items() if safe_key(uid) == key and _repeatable(value)), None)
    return uid or (key if safe_key(key) == key and key not in here else None), None


def _open(item: "CompiledItem") -> bool:
    return item.is_repeat and not item.item.read_only


def _repeatable(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, dict) for each in value))


def _on_page(value: Any, posted: list[str]) -> list[dict[str, Any]]:
    """The entries as they stood on the page: those kept, and blank ones where nothing was typed yet."""
    kept = {entry.get("id"): entry for entry in value if isinstance(entry, dict)} if isinstance(value, list) else {}
    ids = list(dict.fromkeys([*posted, *kept]))
    return [kept.get(each, {"id": each}) for each in ids]
