"""A question answered with yes or no."""

from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Draw, Fault, Field, Raw, grouped
from careplan_forms.schema.markup import Tick
from careplan_forms.schema.model import Item


class YesNoType(AnswerType):
    """True or false, with the absent reasons as further radios."""

    key = "yes_no"
    title = "Yes or no"
    fhir_type = "boolean"
    missing = "missing.yes_no"

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        picked = [value for value in raw.get("", ()) if value and not value.startswith(absent.PREFIX)]
        known = [value for value in raw.get("", ()) if value.startswith(absent.PREFIX)]
        if any(value[len(absent.PREFIX) :] not in field.item.absent for value in known):
            return None, field.fault("missing.yes_no")
        if not picked:
            return None, None
        if picked not in (["yes"], ["no"]):
            return None, field.fault("missing.yes_no")
        return picked == ["yes"], None

    def spread(self, field: Field, value: Any) -> Raw:
        return {"": ["yes" if value is True else "no"]} if isinstance(value, bool) else {}

    def verdict(self, field: Field) -> Check:
        shape = field.fault("shape")
        return lambda value: None if value is True or value is False else shape

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        picked = raw.get("", ())
        ticks: list[Tick | None] = [Tick(key, field.say.say(key), key in picked) for key in ("yes", "no")]
        ticks += absent.beside(field, name, raw)
        inline = not field.item.absent
        radios = markup.ticks("radios", name, ticks, field.say.say("or"), inline=inline)
        return grouped(field, name, radios, fault, note)

    def draw(self, field: Field) -> Draw:
        drawn = {value: self.html(field, field.name, self.raw_of(field, value), None) for value in (None, True, False)}

        def draw(value: Any) -> str:
            if value is None or value is True or value is False:
                return drawn[value]
            return self.html(field, field.name, self.raw_of(field, value), None)

        return draw

    def text(self, item: Item, value: Any) -> str:
        return ("Yes" if value else "No") if isinstance(value, bool) else super().text(item, value)

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"type": "boolean"}

    def slot_keys(self, value: Any) -> list[str]:
        return (["yes", "true"] if value else ["no", "false"]) if isinstance(value, bool) else super().slot_keys(value)
