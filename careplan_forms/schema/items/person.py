"""A person in five parts: name, relationship or role, organisation, telephone and email."""

from typing import Any, NamedTuple

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, grouped, shown
from careplan_forms.schema.items.contact import EmailType, TelephoneType
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

_TELEPHONE, _EMAIL = TelephoneType(), EmailType()


class Part(NamedTuple):
    """One text of a structured answer: its key, the most characters it may have, and how it is typed."""

    key: str
    limit: int
    width: int = 20
    attributes: str = ""


def text_faults(field: Field, value: Any, parts: tuple[Part, ...]) -> Fault | None:
    """What is wrong with the texts of a structured answer that has all of its keys."""
    for part in parts:
        text = value[part.key]
        if len(text) > part.limit:
            return field.fault("part.too_long", part=part.key, limit=part.limit, what=_what(field, part))
        if UNSHOWABLE.search(text):
            return field.fault("control", part=part.key)
    return None


def inputs(field: Field, name: str, raw: Raw, fault: Fault | None, parts: tuple[Part, ...]) -> str:
    """A labelled input for each text."""
    return "".join(
        markup.small_field(
            join(name, part.key),
            _what(field, part),
            shown(raw, part.key),
            failed=fault is not None and fault.part == part.key,
            width=part.width,
            extra=part.attributes,
        )
        for part in parts
    )


def has_texts(value: Any, parts: tuple[Part, ...]) -> bool:
    """Whether a value has all of these texts."""
    return type(value) is dict and all(type(value.get(part.key)) is str for part in parts)


def schema_of(parts: tuple[Part, ...]) -> dict[str, Any]:
    """JSON Schema of the texts of a structured answer."""
    return {part.key: {"type": "string", "maxLength": part.limit} for part in parts}


def _what(field: Field, part: Part) -> str:
    return field.say.say(f"{field.item.type}.{part.key}")


PARTS = (
    Part("name", 150),
    Part("role", 150),
    Part("organisation", 255),
    Part("telephone", 40, attributes=_TELEPHONE.attributes),
    Part("email", 254, attributes=_EMAIL.attributes),
)


class PersonType(AnswerType):
    """`{"name", "role", "organisation", "telephone", "email"}`: at least a name, a role or an organisation."""

    key = "person"
    title = "Person"
    parts = tuple(part.key for part in PARTS)
    text_parts = parts

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        value = {part.key: first(raw, part.key) for part in PARTS}
        return (value if any(value.values()) else None), None

    def spread(self, field: Field, value: Any) -> Raw:
        known = value if isinstance(value, dict) else {"name": value}
        return {part: [str(known.get(part) or "")] for part in self.parts}

    def verdict(self, field: Field) -> Check:
        def check(value: Any) -> Fault | None:
            if not has_texts(value, PARTS) or len(value) != len(PARTS):
                return field.fault("shape", part="name")
            if not (value["name"] or value["role"] or value["organisation"]):
                return field.fault("person.who", part="name")
            return text_faults(field, value, PARTS) or _reach(field, value)

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        return grouped(
            field, name, inputs(field, name, raw, fault, PARTS) + absent.below(field, name, raw), fault, note
        )

    def text(self, item: Item, value: Any) -> str:
        if not isinstance(value, dict):
            return super().text(item, value)
        return ", ".join(str(value[part.key]) for part in PARTS if value.get(part.key))

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": schema_of(PARTS),
            "required": list(self.parts),
            "additionalProperties": False,
        }


def _reach(field: Field, value: Any) -> Fault | None:
    if value["telephone"] and not _TELEPHONE.fits(value["telephone"]):
        return field.fault("person.telephone.real", part="telephone")
    if value["email"] and not _EMAIL.fits(value["email"]):
        return field.fault("person.email.real", part="email")
    return None
