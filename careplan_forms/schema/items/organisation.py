"""An organisation: its ODS code, its name, or both."""

import re
from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, grouped, shown
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

_CODE = re.compile(r"[A-Z0-9]{3,10}\Z")
NAME_LIMIT = 255


class OrganisationType(AnswerType):
    """`{"code": "A81001", "name": "The Surgery"}`.

    Whoever knows only one of the two may leave the other out.
    """

    key = "organisation"
    title = "Organisation"
    fhir_type = "reference"
    parts = ("code", "name")
    text_parts = ("code", "name")

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        code, name = first(raw, "code").upper().replace(" ", ""), first(raw, "name")
        return ({"code": code, "name": name} if code or name else None), None

    def spread(self, field: Field, value: Any) -> Raw:
        known = value if isinstance(value, dict) else {"name": value}
        return {part: [str(known.get(part) or "")] for part in self.parts}

    def verdict(self, field: Field) -> Check:
        def check(value: Any) -> Fault | None:
            code, name = (value.get("code"), value.get("name")) if type(value) is dict else (None, None)
            if type(code) is not str or type(name) is not str or not (code or name):
                return field.fault("shape", part="code")
            if code and not _CODE.match(code):
                return field.fault("organisation.code", part="code")
            if len(name) > NAME_LIMIT:
                return field.fault("too_long", part="name", limit=NAME_LIMIT)
            return field.fault("control", part="name") if UNSHOWABLE.search(name) else None

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        code_name, name_name = join(name, "code"), join(name, "name")
        inputs = markup.small_field(
            code_name,
            field.say.say("ods.code"),
            shown(raw, "code"),
            failed=fault is not None and fault.part == "code",
            width=10,
            extra=' spellcheck="false" autocapitalize="characters"',
        ) + markup.small_field(
            name_name,
            field.say.say("ods.name"),
            shown(raw, "name"),
            failed=fault is not None and fault.part == "name",
        )
        return grouped(field, name, inputs + absent.below(field, name, raw), fault, note)

    def text(self, item: Item, value: Any) -> str:
        if not isinstance(value, dict):
            return super().text(item, value)
        code, name = str(value.get("code") or ""), str(value.get("name") or "")
        return f"{name} ({code})" if code and name else name or code

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "code": {"type": "string", "pattern": "^([A-Z0-9]{3,10})?$"},
                "name": {"type": "string", "maxLength": NAME_LIMIT},
            },
            "required": ["code", "name"],
            "additionalProperties": False,
        }

    def slot_keys(self, value: Any) -> list[str]:
        return [str(value["code"])] if isinstance(value, dict) and value.get("code") else super().slot_keys(value)
