"""What every item type can do, and the shared part of the types that take an answer.

A type speaks about one `Field`: an item with its name, its label for the audience and the words of the
language. What a person typed travels as `Raw` (part of the name → values); `spread` turns a stored answer
into what would have been typed and `read` turns it back, so one drawing routine serves first show, re-show
and error.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent, segments
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.model import Item
from careplan_forms.schema.problems import Fault, Raw
from careplan_forms.schema.wording import Wording

Check = Callable[[Any], Fault | None]
Draw = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Field:
    """An item at its place in a form. Inside repeats the name holds instance markers."""

    item: Item
    name: str
    label: str
    say: Wording

    def fault(self, code: str, part: str = "", **values: Any) -> Fault:
        """A fault whose sentence is the one catalogued under the code."""
        return Fault(code, self.say.say(code, self.label, **values), part)


def is_absent(value: Any) -> bool:
    """Whether an answer says that, and why, there is nothing to say."""
    return isinstance(value, dict) and isinstance(value.get("absent"), str)


def is_blank(value: Any) -> bool:
    """Whether there is no answer. Zero, false and an absent reason are answers."""
    return value is None or value == "" or value == [] or value == {}


def blank_entry(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of a repeat says nothing."""
    return all(key == "id" or is_blank(value) for key, value in entry.items())


def first(raw: Raw, part: str = "") -> str:
    """The first value typed into one control, trimmed and without characters that cannot be shown."""
    values = raw.get(part)
    return tidy(values[0]) if values and isinstance(values[0], str) else ""


def tidy(text: str) -> str:
    """One line of typed text as it is stored."""
    if text.isprintable():
        return text.strip()
    return " ".join(UNSHOWABLE.sub("", text).split())


def shown(raw: Raw, part: str = "") -> str:
    """The first value of one control exactly as it was typed, for showing it again."""
    values = raw.get(part)
    return values[0] if values and isinstance(values[0], str) else ""


class ItemType:
    """A kind of item. Types are stateless; the registry holds one of each."""

    key = ""
    title = ""
    answerable = False
    fhir_type = "display"


class AnswerType(ItemType, ABC):
    """A kind of item that takes an answer."""

    answerable = True
    fhir_type = "string"
    # The sentence when an answer that approval needs is not there.
    missing = "missing"
    # Names of the controls ("" is the main one), and those of them that are plain text inputs.
    parts: tuple[str, ...] = ("",)
    text_parts: tuple[str, ...] = ()
    # Whether an answer may be well shaped and still say less than approval needs; see `unfinished`.
    finishes = False
    # Whether a value is the text of the only input, so that drawing can skip `spread`.
    stores_text = False

    @abstractmethod
    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        """Turn what was typed into the controls of this type into a value.

        (None: nothing typed) or a fault.
        """

    @abstractmethod
    def spread(self, field: Field, value: Any) -> Raw:
        """What a person would have typed to give this value.

        Tolerant of values it could never have stored.
        """

    @abstractmethod
    def verdict(self, field: Field) -> Check:
        """A closure that judges a value that is not an absent reason."""

    @abstractmethod
    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        """The field as NHS design system HTML. `note` is safe HTML shown under the label."""

    @abstractmethod
    def value_schema(self, item: Item) -> dict[str, Any]:
        """JSON Schema of a value."""

    def fault_missing(self, field: Field) -> Fault:
        """The instruction when an answer that approval needs is not there."""
        return field.fault(self.missing, part=self.parts[0])

    def unfinished(self, field: Field, value: Any) -> Fault | None:
        """What approval still needs of an answer that is there, well shaped and not an absent reason."""
        return None

    def controls(self, item: Item) -> tuple[str, ...]:
        """The parts of all controls a question of this type may show, those of absent reasons included."""
        return self.parts + absent.parts(item)

    def parse(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        """Turn what was typed into an answer or a fault; an absent reason is an answer."""
        value, fault = self.read(field, raw)
        if not field.item.absent:
            return value, fault
        return absent.combine(self.parts, field, raw, value, fault)

    def raw_of(self, field: Field, value: Any) -> Raw:
        """`spread` for any stored answer, blank and absent ones included."""
        if is_blank(value):
            return {}
        return absent.spread(field.item, value) if is_absent(value) else self.spread(field, value)

    def check(self, field: Field) -> Check:
        """A closure that says what is wrong with a stored answer."""
        allowed = frozenset(field.item.absent)
        verdict = self.verdict(field)
        if not allowed:
            return verdict

        def check(value: Any) -> Fault | None:
            if type(value) is dict and "absent" in value:
                return absent.verdict(field, value, allowed, self.parts[0])
            return verdict(value)

        return check

    def draw(self, field: Field) -> Draw:
        """A fast closure drawing the field for a stored answer without an error: same bytes as `html`."""
        return segments.segmented(self, field)

    def display(self, item: Item, value: Any, plain: bool = False) -> str:
        """The answer as text for reading, print and comparison; `plain` as patients read it."""
        if is_blank(value):
            return ""
        if is_absent(value):
            return absent.display(value)
        return self.plain_text(item, value) if plain else self.text(item, value)

    def text(self, item: Item, value: Any) -> str:
        """A value as text."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

    def plain_text(self, item: Item, value: Any) -> str:
        """A value as text for patients."""
        return self.text(item, value)

    def json_schema(self, item: Item) -> dict[str, Any]:
        """JSON Schema of a stored answer, absent reasons included."""
        schema = self.value_schema(item)
        return {"anyOf": [schema, absent.json_schema(item)]} if item.absent else schema

    def retired_in(self, item: Item, value: Any) -> dict[str, str]:
        """Retired options this answer uses: code → display."""
        return {}

    def slot_keys(self, value: Any) -> list[str]:
        """The keys under which `slot_values` may map this answer to a token of the emergency view."""
        return [f"absent:{value['absent']}", value["absent"]] if is_absent(value) else [str(value)]


def labelled(field: Field, name: str, control: Callable[[str], str], fault: Fault | None, note: str, tail: str) -> str:
    """Label, hint, note, error and one control in a form group.

    `control` takes the aria-describedby attribute.
    """
    hint, hint_id = markup.hint(name, field.item.hint)
    error, error_id = markup.error(name, fault.message if fault else None, field.say)
    described = markup.described(hint_id, error_id)
    head = markup.label(name, field.label) + hint + note + error
    return markup.group(head + control(described) + tail, failed=fault is not None)


def grouped(
    field: Field, name: str, content: str, fault: Fault | None, note: str, role: str = "", hint: str = ""
) -> str:
    """Legend, hint, note, error and several controls in a fieldset."""
    hint_html, hint_id = markup.hint(name, " ".join(part for part in (field.item.hint, hint) if part))
    error, error_id = markup.error(name, fault.message if fault else None, field.say)
    described = markup.described(hint_id, error_id)
    inner = hint_html + note + error + content
    return markup.group(markup.fieldset(field.label, inner, described, role=role), failed=fault is not None)
