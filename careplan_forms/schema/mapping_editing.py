"""Changing what becomes of one question, with what follows for the others."""

from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.converters import converts
from careplan_forms.schema.mapping_proposal import row_between
from careplan_forms.schema.mapping_shape import Action, row_of

JSONDict = dict[str, Any]
#: What a person chooses for an option: a pair of code and system, or that it is left out.
Chosen = Mapping[tuple[str, str], tuple[str, str] | None]


def edited(
    mapping: Mapping[str, Any],
    old: CompiledForm,
    new: CompiledForm,
    uid: str,
    *,
    action: Action,
    to: list[str],
    joined_with: Iterable[str] = (),
    options: Chosen | None = None,
) -> JSONDict:
    """The mapping with one question edited; what is wrong with it is `mapping_check`'s to say.

    Joining takes the questions of `joined_with` along; one that was joined and is left alone in its target keeps it.
    """
    rows = {uid: _row(old, new, uid, action, to, options or {})}
    if action == "merge":
        rows |= {each: row_of(each, "merge", to[:1]) for each in joined_with if each != uid}
    placed = _placed(mapping["items"], rows)
    return {**mapping, "items": _unjoined(placed, old, new)}


def targets_for(old: CompiledForm, new: CompiledForm, uid: str) -> list[CompiledItem]:
    """The questions of the new form that could take the answer: at the same place, and able to say it."""
    item = old.items[uid]
    return [each for each in _level(new, item.repeats) if converts(item, each) and (each.secret or not item.secret)]


def neighbours(old: CompiledForm, uid: str) -> list[CompiledItem]:
    """The other questions of the old form at the same place."""
    return [each for each in _level(old, old.items[uid].repeats) if each.uid != uid]


def _level(form: CompiledForm, repeats: tuple[str, ...]) -> list[CompiledItem]:
    if not repeats:
        return list(form.asked(None))
    around = form.items.get(repeats[-1])
    return list(answerables(around.children)) if around else []


def _row(old: CompiledForm, new: CompiledForm, uid: str, action: Action, to: list[str], options: Chosen) -> JSONDict:
    item = old.items[uid]
    row = row_of(uid, action, [] if action == "drop" else to)
    target = new.items.get(to[0]) if to and action != "drop" else None
    if target is not None and item.is_repeat and target.is_repeat:
        row["items"] = row_between(item, target)["items"]
    row["options"] = [
        {"from": _coded(left), "to": _coded(right) if right else None} for left, right in options.items() if target
    ]
    return row


def _placed(rows: list[JSONDict], changed: Mapping[str, JSONDict]) -> list[JSONDict]:
    """The rows with those that changed in their places; a repeat that keeps its target keeps what is inside."""
    found = []
    for row in rows:
        new = changed.get(row["uid"])
        if new is None:
            found.append(row | {"items": _placed(row["items"], changed)})
        else:
            found.append(new | {"items": row["items"]} if new["to"] == row["to"] and row["items"] else new)
    return found


def _unjoined(rows: list[JSONDict], old: CompiledForm, new: CompiledForm) -> list[JSONDict]:
    """A question joined with nobody any more simply keeps the place it was joined into."""
    joined = [row["to"][0] for row in rows if row["action"] == "merge" and row["to"]]
    found = []
    for row in rows:
        alone = row["action"] == "merge" and row["to"] and joined.count(row["to"][0]) == 1
        target = new.items.get(row["to"][0]) if alone else None
        row = row_between(old.items[row["uid"]], target) if target is not None else row
        found.append(row | {"items": _unjoined(row["items"], old, new)} if row["items"] else row)
    return found


def _coded(option: tuple[str, str]) -> dict[str, str]:
    return {"code": option[0], "system": option[1]}
