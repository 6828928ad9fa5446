"""A number with its unit, kept as decimal text so that nothing is rounded."""

import re
from decimal import Decimal
from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, labelled, shown
from careplan_forms.schema.model import Item

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,10})?\Z")
STORED = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?\Z")


class NumberType(AnswerType):
    """A decimal number; `decimals` limits the places, `min` and `max` are inclusive."""

    key = "number"
    title = "Number"
    fhir_type = "quantity"
    text_parts: tuple[str, ...] = ("",)

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        typed = first(raw)
        if not typed:
            return None, None
        if not _NUMBER.match(typed):
            return None, field.fault("number.real")
        number = format(Decimal(typed.replace(",", "")), "f")
        return {"value": number if Decimal(number) else number.lstrip("-"), "unit": field.item.unit}, None

    def spread(self, field: Field, value: Any) -> Raw:
        return {"": [str(value.get("value", ""))] if isinstance(value, dict) else [str(value)]}

    def verdict(self, field: Field) -> Check:
        item = field.item
        judge = _limits(field)

        def check(value: Any) -> Fault | None:
            number = value.get("value") if type(value) is dict else None
            if type(number) is not str or not STORED.match(number):
                return field.fault("shape")
            if (value.get("unit") or "") != item.unit:
                return field.fault("number.unit", unit=item.unit) if item.unit else field.fault("shape")
            return judge(number)

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        whole = field.item.decimals == 0

        def control(described: str) -> str:
            mode = ' inputmode="numeric"' if whole else ' inputmode="decimal"'
            return _with_unit(
                field,
                name,
                described,
                lambda ids: markup.text_input(
                    name, shown(raw), failed=fault is not None, width=10, describedby=ids, extra=mode
                ),
            )

        return labelled(field, name, control, fault, note, absent.below(field, name, raw))

    def text(self, item: Item, value: Any) -> str:
        if not isinstance(value, dict):
            return super().text(item, value)
        return " ".join(str(part) for part in (value.get("value"), value.get("unit")) if part)

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "value": {"type": "string", "pattern": STORED.pattern[:-2] + "$"},
                "unit": {"const": item.unit},
            },
            "required": ["value", "unit"],
            "additionalProperties": False,
        }

    def slot_keys(self, value: Any) -> list[str]:
        return [str(value["value"])] if isinstance(value, dict) and "value" in value else super().slot_keys(value)


def _with_unit(field: Field, name: str, described: str, draw: Any) -> str:
    if not field.item.unit:
        return str(draw(described))
    # The visible unit is hidden from screen readers in the design system; the description says it instead.
    said = f'<span class="nhsuk-u-visually-hidden" id="{name}-unit">{markup.esc(field.item.unit)}</span>'
    ids = f'{described[:-1]} {name}-unit"' if described else markup.described(f"{name}-unit")
    suffix = f'<div class="nhsuk-input-wrapper__suffix" aria-hidden="true">{markup.esc(field.item.unit)}</div>'
    return f'<div class="nhsuk-input-wrapper">{draw(ids)}{suffix}</div>{said}'


def _limits(field: Field) -> Any:
    item = field.item
    least, most, places = decimal_of(item.min), decimal_of(item.max), item.decimals
    too_small = field.fault("number.min", limit=item.min)
    too_big = field.fault("number.max", limit=item.max)
    too_fine = field.fault("number.decimals", count=places) if places else field.fault("number.whole")

    def judge(number: str) -> Fault | None:
        if places is not None and len(number.partition(".")[2]) > places:
            return too_fine
        exact = Decimal(number)
        if least is not None and exact < least:
            return too_small
        return too_big if most is not None and exact > most else None

    return judge
