"""Short and long text."""

from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, labelled, shown
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.model import Item

SHORT_LIMIT = 255
LONG_LIMIT = 4000


class TextType(AnswerType):
    """One line of text."""

    key = "text"
    title = "Short text"
    text_parts = ("",)
    stores_text = True
    limit = SHORT_LIMIT
    # Further attributes of the input, as safe HTML, and its width in characters (0: full width).
    attributes = ""
    width = 0

    def limit_of(self, item: Item) -> int:
        """The most characters an answer may have."""
        return item.max_length or self.limit

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        return first(raw) or None, None

    def spread(self, field: Field, value: Any) -> Raw:
        return {"": [self.text(field.item, value)]}

    def verdict(self, field: Field) -> Check:
        limit = self.limit_of(field.item)
        too_long, control = field.fault("too_long", limit=limit), field.fault("control")
        shape = field.fault("shape")

        def check(value: Any) -> Fault | None:
            if type(value) is not str:
                return shape
            if len(value) > limit:
                return too_long
            if not value.isprintable() and UNSHOWABLE.search(value):
                return control
            return None

        return check

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        def control(described: str) -> str:
            return markup.text_input(
                name,
                shown(raw),
                failed=fault is not None,
                width=self.width,
                describedby=described,
                extra=self.attributes,
            )

        return labelled(field, name, control, fault, note, absent.below(field, name, raw))

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.limit_of(item)}


class LongTextType(TextType):
    """Several lines of text; a stated limit is shown and counted."""

    key = "long_text"
    title = "Long text"
    fhir_type = "text"
    limit = LONG_LIMIT

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        values = raw.get("")
        text = values[0].replace("\r\n", "\n").replace("\r", "\n") if values else ""
        return UNSHOWABLE.sub("", text).strip() or None, None

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        limit = field.item.max_length
        hint, hint_id = markup.hint(name, field.item.hint)
        error, error_id = markup.error(name, fault.message if fault else None, field.say)
        described = markup.described(f"{name}-info" if limit else "", hint_id, error_id)
        content = markup.label(name, field.label) + hint + note + error
        content += _textarea(name, shown(raw), bool(fault), bool(limit), described)
        if limit:
            said = field.say.say("limit", limit=limit)
            content += f'<div class="nhsuk-hint nhsuk-character-count__message" id="{name}-info">{said}</div>'
        return _form_group(content + absent.below(field, name, raw), bool(fault), limit)


def _textarea(name: str, value: str, failed: bool, counted: bool, described: str) -> str:
    classes = "nhsuk-textarea" + (" nhsuk-textarea--error" if failed else "")
    classes += " nhsuk-js-character-count" if counted else ""
    start = f'<textarea class="{classes}" id="{name}" name="{name}" rows="5"{described}>'
    return f"{start}{markup.esc(value)}</textarea>"


def _form_group(content: str, failed: bool, limit: int | None) -> str:
    classes = "nhsuk-form-group" + (" nhsuk-form-group--error" if failed else "")
    if not limit:
        return f'<div class="{classes}">{content}</div>'
    counter = f'data-module="nhsuk-character-count" data-maxlength="{limit}"'
    return f'<div class="{classes} nhsuk-character-count" {counter}>{content}</div>'
