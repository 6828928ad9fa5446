"""A value worked out from other answers: shown, never asked, and never taken from what was posted."""

from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw
from careplan_forms.schema.items.date import in_words, is_real
from careplan_forms.schema.items.number import STORED, NumberType
from careplan_forms.schema.model import Item

_NUMBER = NumberType()


class CalculatedType(AnswerType):
    """A number with its unit, a text, a date, or yes and no, whatever its calculation comes to."""

    key = "calculated"
    title = "Calculated value"
    missing = "missing.calculated"
    # No control of this name is ever read.
    parts = ("",)

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        return None, None

    def controls(self, item: Item) -> tuple[str, ...]:
        return ()

    def spread(self, field: Field, value: Any) -> Raw:
        return {"": [self.text(field.item, value)]}

    def verdict(self, field: Field) -> Check:
        shape, unit = field.fault("shape"), field.item.unit

        def check(value: Any) -> Fault | None:
            if type(value) in (str, bool):
                return None
            number = value.get("value") if type(value) is dict else None
            fits = type(number) is str and STORED.match(number) and value.get("unit") == unit
            return None if fits else shape

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        hint, hint_id = markup.hint(name, field.item.hint)
        error, error_id = markup.error(name, fault.message if fault else None, field.say)
        missing = markup.esc(field.say.say("calculated.missing"))
        described = markup.described(hint_id, error_id)
        output = f'<output class="app-calculated" id="{name}" tabindex="-1" data-missing="{missing}"{described}>'
        said = (
            markup.label(name, field.label)
            + hint
            + error
            + note
            + output
            + (markup.esc("".join(raw.get("", ()))) or missing)
            + "</output>"
        )
        return markup.group(said, failed=fault is not None)

    def text(self, item: Item, value: Any) -> str:
        """As staff read it. Dates are written with the month as a word."""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, str):
            return in_words(value) if len(value) == 10 and is_real(value) else value
        return _NUMBER.text(item, value)

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "boolean"}, _NUMBER.value_schema(item)]}

    def slot_keys(self, value: Any) -> list[str]:
        if isinstance(value, bool):
            return ["yes" if value else "no", "true" if value else "false"]
        return _NUMBER.slot_keys(value)
