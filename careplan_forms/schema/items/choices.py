"""Several of a list of options, as checkboxes."""

from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import Check, Fault, Field, Raw, grouped, is_absent
from careplan_forms.schema.items.choice import CodedType, option_of
from careplan_forms.schema.model import Item


class ChoicesType(CodedType):
    """A list of coded answers in the order of the form; free text is an answer without a code at the end."""

    key = "choices"
    title = "Multiple choice"

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        picked, fault = self.pick(field, raw)
        text, long_fault = self.free_text(field, raw)
        if fault or long_fault:
            return None, fault or long_fault
        if text:
            picked.append({"code": "", "system": "", "display": "", "text": text})
        return picked or None, None

    def spread(self, field: Field, value: Any) -> Raw:
        answers = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        texts = [str(each.get("text") or "") for each in answers if not each.get("code")]
        return {"": [self.key_of(field, each) for each in answers if each.get("code")], "text": texts[:1]}

    def verdict(self, field: Field) -> Check:
        one, shape = self.one_verdict(field), field.fault("shape")

        def check(value: Any) -> Fault | None:
            if type(value) is not list:
                return shape
            for each in value:
                fault = one(each)
                if fault:
                    return fault
            codes = [(each.get("code") or "", each.get("system") or "") for each in value]
            return shape if len(set(codes)) < len(codes) else None

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        choices = [*self.offered(field, raw.get("", ())), *absent.beside(field, name, raw)]
        boxes = markup.ticks("checkboxes", name, choices, field.say.say("or"))
        return grouped(field, name, boxes + self.beside(field, name, raw), fault, note)

    def text(self, item: Item, value: Any) -> str:
        return "; ".join(self.one_text(item, each) for each in value) if isinstance(value, list) else str(value)

    def retired_in(self, item: Item, value: Any) -> dict[str, str]:
        options = [option_of(item, each) for each in value] if isinstance(value, list) else []
        return {option.code: option.display for option in options if option and option.retired}

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"type": "array", "items": self.one_schema(item), "minItems": 1}

    def slot_keys(self, value: Any) -> list[str]:
        if is_absent(value) or not isinstance(value, list):
            return super().slot_keys(value)
        return [str(each.get("code") or each.get("text") or "") for each in value if isinstance(each, dict)]
