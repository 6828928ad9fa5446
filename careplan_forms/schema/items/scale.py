"""A whole number on a scale whose ends have words, drawn as radios."""

from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import Check, Fault, Field, Raw, grouped
from careplan_forms.schema.items.number import NumberType
from careplan_forms.schema.markup import Tick, ticks
from careplan_forms.schema.model import Item

MOST_POINTS = 21
LOWEST, HIGHEST = 0, 10


def points(item: Item) -> range:
    """The numbers of a scale, 0 to 10 when it does not say; never more than can be drawn."""
    least, most = _whole(item.min, LOWEST), _whole(item.max, HIGHEST)
    return range(least, min(most, least + MOST_POINTS - 1) + 1)


def _whole(limit: Any, default: int) -> int:
    number = decimal_of(limit)
    return int(number) if number is not None and number == number.to_integral_value() else default


class ScaleType(NumberType):
    """Stored as a number without a unit, so that rules and calculations use it as one."""

    key = "scale"
    title = "Scale"
    missing = "missing.choice"
    fhir_type = "integer"
    text_parts = ()

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        picked = [value for value in raw.get("", ()) if value and not value.startswith(absent.PREFIX)]
        known = [value for value in raw.get("", ()) if value.startswith(absent.PREFIX)]
        if any(value[len(absent.PREFIX) :] not in field.item.absent for value in known):
            return None, field.fault("choice.unknown")
        if not picked:
            return None, None
        if len(picked) > 1:
            return None, field.fault("choice.one")
        if picked[0] not in {str(point) for point in points(field.item)}:
            return None, field.fault("choice.unknown")
        return {"value": picked[0], "unit": ""}, None

    def verdict(self, field: Field) -> Check:
        known = {str(point) for point in points(field.item)}
        shape, unknown = field.fault("shape"), field.fault("choice.unknown")

        def check(value: Any) -> Fault | None:
            number = value.get("value") if type(value) is dict else None
            if type(number) is not str or value.get("unit") != "":
                return shape
            return None if number in known else unknown

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        picked = raw.get("", ())
        choices: list[Tick | None] = [
            Tick(str(point), _label(field.item, point), str(point) in picked) for point in points(field.item)
        ]
        choices += absent.beside(field, name, raw)
        inline = not field.item.absent
        return grouped(field, name, ticks("radios", name, choices, field.say.say("or"), inline=inline), fault, note)

    def text(self, item: Item, value: Any) -> str:
        """The number with the ends of the scale: "7 (0 no pain, 10 worst pain)"."""
        said = super().text(item, value)
        numbers = points(item)
        if not numbers:
            return said
        ends = [f"{point} {words}".strip() for point, words in zip(_ends(numbers), _words(item), strict=True)]
        return f"{said} ({', '.join(ends)})"

    def value_schema(self, item: Item) -> dict[str, Any]:
        return super().value_schema(item) | {
            "properties": {"value": {"enum": [str(point) for point in points(item)]}, "unit": {"const": ""}}
        }


def _ends(numbers: range) -> tuple[int, int]:
    return numbers[0], numbers[-1]


def _words(item: Item) -> tuple[str, str]:
    return item.min_label, item.max_label


def _label(item: Item, point: int) -> str:
    numbers = points(item)
    words = item.min_label if point == numbers[0] else item.max_label if point == numbers[-1] else ""
    return f"{point} – {words}" if words else str(point)
