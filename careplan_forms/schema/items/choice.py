"""Coded choices: one of several options.

Or some of them, each with free text beside where the form allows it.
"""

from collections.abc import Iterable
from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import (
    AnswerType,
    Check,
    Draw,
    Fault,
    Field,
    Raw,
    first,
    grouped,
    labelled,
    shown,
)
from careplan_forms.schema.markup import UNSHOWABLE, Tick
from careplan_forms.schema.model import Item, Option
from careplan_forms.schema.names import join

# Above this many options radios become a drop-down list.
MOST_RADIOS = 8
TEXT_LIMIT = 255


def option_answer(option: Option) -> dict[str, str]:
    """An option as it is stored."""
    return {"code": option.code, "system": option.system, "display": option.own or option.display, "text": ""}


def option_of(item: Item, value: Any) -> Option | None:
    """The option an answer stands for; an answer without a system is matched by its code alone."""
    if not isinstance(value, dict):
        return None
    code, system = value.get("code"), value.get("system")
    for option in item.options:
        if option.code == code and (not system or option.system == system):
            return option
    return None


class CodedType(AnswerType):
    """What single and multiple choice share."""

    missing = "missing.choice"
    fhir_type = "choice"
    parts = ("", "text")

    def pick(self, field: Field, raw: Raw) -> tuple[list[dict[str, str]], Fault | None]:
        """The options ticked, in the order of the form, and a fault when one is not of this question."""
        known = {option.code: option for option in field.item.options}
        known |= {option.id: option for option in field.item.options}
        allowed = {absent.PREFIX + code for code in field.item.absent}
        picked = [value for value in raw.get("", ()) if value and value not in allowed]
        if any(value not in known for value in picked):
            return [], field.fault("choice.unknown")
        chosen = {known[value].id for value in picked}
        return [option_answer(option) for option in field.item.options if option.id in chosen], None

    def free_text(self, field: Field, raw: Raw) -> tuple[str, Fault | None]:
        """The text beside the options."""
        text = first(raw, "text") if field.item.other else ""
        if len(text) > TEXT_LIMIT:
            return "", field.fault("too_long", part="text", limit=TEXT_LIMIT)
        return text, None

    def one_verdict(self, field: Field) -> Check:
        """Judge one coded answer."""
        item = field.item
        unknown, shape = field.fault("choice.unknown"), field.fault("shape")
        known = {(option.code, option.system) for option in item.options}

        def check(value: Any) -> Fault | None:
            if type(value) is not dict:
                return shape
            code, text = value.get("code"), value.get("text")
            if not text and isinstance(code, str) and (code, value.get("system")) in known:
                return None
            return self._odd(field, value, unknown, shape)

        return check

    def _odd(self, field: Field, value: dict[str, Any], unknown: Fault, shape: Fault) -> Fault | None:
        texts = [value.get(key) or "" for key in ("code", "system", "display", "text")]
        if not all(isinstance(each, str) for each in texts):
            return shape
        code, _, display, text = texts
        if code and option_of(field.item, value) is None:
            return unknown
        if not code and not (text and field.item.other):
            return unknown
        if text and not field.item.other and text != display:
            return shape
        if len(text) > TEXT_LIMIT:
            return field.fault("too_long", part="text", limit=TEXT_LIMIT)
        return field.fault("control", part="text") if UNSHOWABLE.search(text) else None

    def key_of(self, field: Field, value: Any) -> str:
        """What is posted for a stored coded answer."""
        option = option_of(field.item, value)
        return option.id if option else str(value.get("code") or "") if isinstance(value, dict) else ""

    def offered(self, field: Field, ticked: Iterable[str]) -> list[Tick]:
        """The options to show: those in use, and retired ones that the present answer holds."""
        ticked = set(ticked)
        offered = []
        for option in field.item.options:
            checked = option.id in ticked or option.code in ticked
            if checked or not option.retired:
                text = field.say.say("retired", display=option.display) if option.retired else option.display
                offered.append(Tick(option.id, text, checked))
        return offered

    def beside(self, field: Field, name: str, raw: Raw) -> str:
        """The free text under the options."""
        if not field.item.other:
            return ""
        text = markup.small_field(join(name, "text"), field.say.say("other"), shown(raw, "text"), width=0)
        return f'<div class="nhsuk-u-margin-top-4 app-beside">{text}</div>'

    def one_text(self, item: Item, value: Any) -> str:
        """One coded answer as text: its display, then what was written beside it."""
        if not isinstance(value, dict):
            return str(value)
        option = option_of(item, value)
        display = str(value.get("display") or (option.display if option else value.get("code") or ""))
        if option and option.own == display:
            # Drawn in another language than the answer was given in.
            display = option.display
        text = str(value.get("text") or "")
        return f"{display}: {text}" if display and text and text != display else display or text

    def one_schema(self, item: Item) -> dict[str, Any]:
        """JSON Schema of one coded answer."""
        codes = [option.code for option in item.options] + ([""] if item.other else [])
        text = {"type": "string", "maxLength": TEXT_LIMIT}
        plain = {"type": "string"}
        return {
            "type": "object",
            "properties": {
                "code": {"enum": list(dict.fromkeys(codes))},
                "system": plain,
                "display": plain,
                "text": text,
            },
            "required": ["code"],
            "additionalProperties": False,
        }


class ChoiceType(CodedType):
    """One of several options, as radios; as a drop-down list when there are many."""

    key = "choice"
    title = "Choice"

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        picked, fault = self.pick(field, raw)
        text, long_fault = self.free_text(field, raw)
        if fault or long_fault:
            return None, fault or long_fault
        if len(picked) > 1:
            return None, field.fault("choice.one")
        if not picked and not text:
            return None, None
        answer = picked[0] if picked else {"code": "", "system": "", "display": "", "text": ""}
        return {**answer, "text": text}, None

    def spread(self, field: Field, value: Any) -> Raw:
        text = str(value.get("text") or "") if isinstance(value, dict) else ""
        return {"": [self.key_of(field, value)], "text": [text]}

    def verdict(self, field: Field) -> Check:
        return self.one_verdict(field)

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        ticked = raw.get("", ())
        offered = self.offered(field, ticked)
        beside = self.beside(field, name, raw)
        if sum(not option.retired for option in field.item.options) > MOST_RADIOS:
            blank = Tick("", field.say.say("select"), not any(tick.checked for tick in offered))

            def control(described: str) -> str:
                return markup.select(name, [blank, *offered], failed=fault is not None, describedby=described)

            return labelled(field, name, control, fault, note, beside + absent.below(field, name, raw))
        choices = [*offered, *absent.beside(field, name, raw)]
        radios = markup.ticks("radios", name, choices, field.say.say("or"))
        return grouped(field, name, radios + beside, fault, note)

    def draw(self, field: Field) -> Draw:
        drawn: dict[Any, str] = {}
        known = {(option.code, option.system) for option in field.item.options}
        blank = self.html(field, field.name, {}, None)

        def draw(value: Any) -> str:
            if value is None:
                return blank
            if type(value) is dict and not value.get("text") and "code" in value:
                key = (value["code"], value.get("system"))
                try:
                    return drawn[key]
                except (KeyError, TypeError):
                    if isinstance(value["code"], str) and key in known:
                        drawn[key] = self.html(field, field.name, self.spread(field, value), None)
                        return drawn[key]
            return self.html(field, field.name, self.raw_of(field, value), None)

        return draw

    def text(self, item: Item, value: Any) -> str:
        return self.one_text(item, value)

    def retired_in(self, item: Item, value: Any) -> dict[str, str]:
        option = option_of(item, value)
        return {option.code: option.display} if option and option.retired else {}

    def value_schema(self, item: Item) -> dict[str, Any]:
        return self.one_schema(item)

    def slot_keys(self, value: Any) -> list[str]:
        code = value.get("code") if isinstance(value, dict) else None
        return [str(code)] if code else super().slot_keys(value)
