"""A record that somebody signed elsewhere: who, as what, with which registration number, and when. Never an image."""

import re
from dataclasses import replace
from typing import Any

from careplan_forms.schema import day, markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, grouped
from careplan_forms.schema.items.date import DateType, boxes, in_words, is_real
from careplan_forms.schema.items.person import Part, has_texts, inputs, schema_of, text_faults
from careplan_forms.schema.markup import Tick
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

_DAY = ("day", "month", "year")
_DATE = DateType()
_REGISTRATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,38}\Z")
PARTS = (
    Part("name", 150),
    Part("role", 150),
    Part("registration", 40, attributes=' spellcheck="false" autocapitalize="characters"'),
)


def day_field(field: Field, label: str) -> Field:
    """The question's date as a question of its own: a whole day, not to come."""
    return replace(field, label=label, item=replace(field.item, type="date", precision=("D",), hint="", absent=()))


def read_day(field: Field, raw: Raw, label: str) -> tuple[str, Fault | None]:
    """The date typed, empty when none was."""
    value, fault = _DATE.read(day_field(field, label), raw)
    return value or "", fault


def day_fault(field: Field, value: str, label: str) -> Fault | None:
    """What is wrong with a stored date of signing."""
    asked = day_field(field, label)
    if not is_real(value) or len(value) != 10:
        return asked.fault("date.real", part="day")
    return asked.fault("signed.later", part="day") if value > day.today().isoformat() else None


def spread_day(value: Any) -> dict[str, list[str]]:
    """The date as it would be typed."""
    if not isinstance(value, str) or not is_real(value) or len(value) != 10:
        return {"day": [str(value or "")]}
    year, month, day = value.split("-")
    return {"day": [str(int(day))], "month": [str(int(month))], "year": [year]}


def day_html(field: Field, name: str, raw: Raw, fault: Fault | None, label: str) -> str:
    """The date as a fieldset of its own inside the question."""
    return markup.group(markup.fieldset(label, boxes(field, name, _DAY, raw, fault), role="group"))


class SignatureType(AnswerType):
    """`{"name", "role", "registration", "date", "declared": true}`, recorded by ticking a declaration."""

    key = "signature"
    title = "Signature record"
    parts = ("name", "role", "registration", *_DAY, "declared")

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        value: dict[str, Any] = {part.key: first(raw, part.key) for part in PARTS}
        label = field.say.say("signature.date")
        value["date"], fault = read_day(field, raw, label)
        declared = "yes" in raw.get("declared", ())
        if fault:
            return None, fault
        if not any(value.values()) and not declared:
            return None, None
        for key in ("name", "role", "date"):
            if not value[key]:
                return None, field.fault(f"signature.{key}.missing", part="day" if key == "date" else key)
        if not declared:
            return None, field.fault("signature.declared", part="declared")
        return value | {"declared": True}, None

    def spread(self, field: Field, value: Any) -> Raw:
        known = value if isinstance(value, dict) else {"name": value}
        typed = {part.key: [str(known.get(part.key) or "")] for part in PARTS}
        return typed | spread_day(known.get("date")) | {"declared": ["yes"] if known.get("declared") is True else []}

    def verdict(self, field: Field) -> Check:
        label = field.say.say("signature.date")

        def check(value: Any) -> Fault | None:
            if not has_texts(value, (*PARTS, Part("date", 10))) or len(value) != 5:
                return field.fault("shape", part="name")
            for key in ("name", "role"):
                if not value[key]:
                    return field.fault(f"signature.{key}.missing", part=key)
            if value.get("declared") is not True:
                return field.fault("signature.declared", part="declared")
            if value["registration"] and not _REGISTRATION.match(value["registration"]):
                return field.fault("signature.registration.real", part="registration")
            return text_faults(field, value, PARTS) or day_fault(field, value["date"], label)

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        declared = Tick("yes", field.say.say("signature.declaration"), "yes" in raw.get("declared", ()))
        elsewhere = f'<p class="nhsuk-body-s">{markup.esc(field.say.say("signature.elsewhere"))}</p>'
        content = (
            elsewhere
            + inputs(field, name, raw, fault, PARTS)
            + day_html(field, name, raw, fault, field.say.say("signature.date"))
            + markup.group(markup.ticks("checkboxes", join(name, "declared"), [declared], ""))
            + absent.below(field, name, raw)
        )
        return grouped(field, name, content, fault, note)

    def text(self, item: Item, value: Any) -> str:
        """ "Dr Ann Lee, GP, GMC 7000001, signed elsewhere on 2 March 2026"."""
        if not isinstance(value, dict):
            return super().text(item, value)
        said = [str(value[part.key]) for part in PARTS if value.get(part.key)]
        return ", ".join([*said, f"signed elsewhere on {in_words(str(value.get('date') or ''))}"])

    def value_schema(self, item: Item) -> dict[str, Any]:
        own = {"date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "declared": {"const": True}}
        properties = schema_of(PARTS) | own
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
