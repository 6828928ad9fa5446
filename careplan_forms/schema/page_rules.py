"""What a section's page carries for scripts: its rules and calculations in order, and the answers they look at.

The browser's evaluator decides the same as this package (both run `vectors.json`); the server decides again on every
save, so what a page carries is a convenience and never a source of truth.
"""

import datetime
import json
from collections.abc import Container, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from careplan_forms.schema.calculation_parts import sources_of
from careplan_forms.schema.compiled import CompiledItem, answerables, asked_about, everything
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.items.kinds import CALCULATED, REPEATS, STRUCTURED
from careplan_forms.schema.markup import esc
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import safe_key
from careplan_forms.schema.showing import entries_of, needed_units
from careplan_forms.schema.visibility import Unit

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

# Stands for an answer that may only be asked whether it is there.
_HELD = "•"


class PageRules:
    """The rules of one section's page; holds no answers."""

    def __init__(self, form: "CompiledForm", key: str) -> None:
        # What may only be read has no field here, and what looks at something unseen is left to the server.
        own = {item.uid: item for item in everything(form.section(key).items) if not item.item.read_only}
        units = {unit.uid: unit for unit in form.order.units}
        needed = needed_units(asked_about(form.section(key).items, form.around), units)
        ordered = [unit for unit in form.order.units if unit.uid in needed - form.blind]
        advice = [item for item in own.values() if (item.need or item.cautions) and item.uid not in form.blind]
        asked = {uid for unit in ordered for uid in sources_of(form.plain_items[unit.uid])}
        asked |= {uid for item in advice for uid in sources_of(item.item)}
        self.needed = any(unit.uid in own for unit in ordered) or bool(advice)
        away = [form.items[uid] for uid in sorted(asked) if uid in form.items and uid not in own]
        # A question inside a repeat elsewhere is carried with the entries it stands in.
        self._away = {uid: form.items[uid] for uid in ((*each.repeats, each.uid)[0] for each in away)}
        self._asked = asked
        counted = any(unit.working for unit in ordered)
        read = [item for item in own.values() if item.answerable and _is_read(item, asked, counted)]
        inside = {uid: form.items[uid].repeats for uid in (*asked, *(item.uid for item in read)) if uid in form.items}
        static = {
            "units": [_unit(unit, form.plain_items[unit.uid]) for unit in ordered],
            "advice": [_advice(item) for item in advice],
            "items": {item.uid: _item(item) for item in read},
            "inside": {uid: repeats for uid, repeats in sorted(inside.items()) if repeats},
            "scores": {uid: _scores(form, uid) for uid in sorted(asked) if form.workings.scores.get(uid)},
        }
        # Written and escaped once: a page adds only the date and the answers of other sections.
        self._start = f"<div hidden data-form-rules='{_json(static)[:-1]}"

    def html(self, answers: Mapping[str, Any], today: datetime.date) -> str:
        """A hidden element whose attribute holds it all: data that a strict content policy lets pass."""
        if not self.needed:
            return ""
        said = {
            uid: self._carried(item, answers[uid]) for uid, item in self._away.items() if not is_blank(answers.get(uid))
        }
        rest = _json({"today": today.isoformat(), "answers": said})
        return f"{self._start},{rest[1:]}'></div>"

    def _carried(self, item: CompiledItem, value: Any) -> Any:
        """No more of an answer than the rules of the page ask about."""
        if item.is_repeat and isinstance(value, list):
            return [
                {"id": entry.get("id")}
                | {
                    child.uid: self._carried(child, entry[child.uid])
                    for child in answerables(item.children)
                    if not is_blank(entry.get(child.uid))
                }
                for entry in entries_of(value)
            ]
        told = item.uid in self._asked and not item.secret and item.type != "attachment"
        return value if told or (item.uid in self._asked and is_absent(value)) else _HELD


def _json(data: Any) -> str:
    """JSON as it stands in an attribute with single quotes, where its own double quotes may stay as they are."""
    return esc(json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)).replace("&#34;", '"')


#: Types that scripts read from the page as they read another.
_READ_AS = (
    {"table": "repeat", "score": "calculated", "scale": "number"}
    | dict.fromkeys(STRUCTURED, "parts")
    | {"attachment": "files"}
)


def _is_read(item: CompiledItem, asked: Container[str], counted: bool) -> bool:
    """Whether scripts read a question: one that is asked about, or that tells a filled entry from an empty one."""
    return item.uid in asked or item.type in (*REPEATS, *CALCULATED) or (counted and bool(item.repeats))


def _unit(unit: Unit, item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {"uid": unit.uid, "in": list(unit.repeats)}
    if unit.conditional:
        said |= {"rule": item.show_if, "family": sorted(unit.family)}
    if unit.working is not None:
        said |= {"calculation": item.calculation, "decimals": item.decimals, "unit": item.unit}
        if item.bands:
            said["bands"] = [[_plain(band.least), _plain(band.most), band.text] for band in item.bands]
    return said


def _plain(end: Decimal | None) -> float | None:
    return None if end is None else float(end)


def _advice(item: CompiledItem) -> dict[str, Any]:
    said: dict[str, Any] = {"uid": item.uid, "in": list(item.repeats)}
    if item.need is not None:
        said["need"] = item.item.required_if
    if item.cautions:
        said["warnings"] = {caution.uid: caution.rule for caution, _ in item.cautions}
    return said


def _item(item: CompiledItem) -> dict[str, Any]:
    said: dict[str, Any] = {"key": safe_key(item.uid), "type": _READ_AS.get(item.type, item.type)}
    if item.type in STRUCTURED and item.kind is not None:
        said["parts"] = list(item.kind.parts)
    if item.item.unit:
        said["unit"] = item.item.unit
    if item.item.options:
        said["options"] = {
            option.id: {"code": option.code, "system": option.system, "display": option.display}
            for option in item.item.options
        }
    return said


def _scores(form: "CompiledForm", uid: str) -> list[list[Any]]:
    return [[code, system, str(weight)] for code, system, weight in form.workings.scores[uid]]
