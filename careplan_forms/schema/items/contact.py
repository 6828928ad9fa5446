"""Telephone numbers, email addresses and NHS numbers: text with a shape."""

import re
from typing import Any

from careplan_forms.schema.items.base import Check, Fault, Field, Raw, first
from careplan_forms.schema.items.text import TextType
from careplan_forms.schema.model import Item

_TELEPHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*(?: ?(?:ext\.?|extension|x) ?[0-9]{1,6})?\Z", re.IGNORECASE)
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])\Z")


class ShapedTextType(TextType):
    """Text that must have a shape; the shape is judged on parsing and on every later check."""

    wrong = ""

    def fits(self, text: str) -> bool:
        """Whether the text has the shape."""
        raise TypeError(f"{type(self).__name__} has no shape")

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        return self.stored(first(raw)) or None, None

    def stored(self, text: str) -> str:
        """The text in the form it is kept in."""
        return text

    def verdict(self, field: Field) -> Check:
        plain, wrong = super().verdict(field), field.fault(self.wrong)

        def check(value: Any) -> Fault | None:
            return plain(value) or (None if self.fits(value) else wrong)

        return check


class TelephoneType(ShapedTextType):
    """A telephone number as people write it, with an extension where there is one."""

    key = "telephone"
    title = "Telephone number"
    wrong = "telephone.real"
    limit = 40
    width = 20
    attributes = ' inputmode="tel"'

    def fits(self, text: str) -> bool:
        number = re.split(r"(?i)e|x", text, maxsplit=1)[0]
        return _TELEPHONE.match(text) is not None and 3 <= sum(each.isdigit() for each in number) <= 15


class EmailType(ShapedTextType):
    """An email address."""

    key = "email"
    title = "Email address"
    wrong = "email.real"
    limit = 254
    attributes = ' inputmode="email" spellcheck="false" autocapitalize="none"'

    def fits(self, text: str) -> bool:
        return _EMAIL.match(text) is not None and len(text.rpartition("@")[0]) <= 64


class NHSNumberType(ShapedTextType):
    """An NHS number: stored as ten digits, shown in groups of 3, 3 and 4.

    Only the check digit is judged here; which ranges a service accepts is the register's decision, not a
    form's.
    """

    key = "nhs_number"
    title = "NHS number"
    wrong = "nhs_number.real"
    limit = 20
    width = 10
    attributes = ' inputmode="numeric" spellcheck="false"'

    def stored(self, text: str) -> str:
        return re.sub(r"[\s-]", "", text)

    def fits(self, text: str) -> bool:
        if not re.fullmatch(r"[0-9]{10}", text) or len(set(text)) == 1:
            return False
        total = sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False))
        return (11 - total % 11) % 11 == int(text[9])

    def text(self, item: Item, value: Any) -> str:
        plain = super().text(item, value)
        return f"{plain[:3]} {plain[3:6]} {plain[6:]}" if re.fullmatch(r"[0-9]{10}", plain) else plain

    def spread(self, field: Field, value: Any) -> Raw:
        return {"": [self.text(field.item, value)]}

    # Shown spaced, so the stored text cannot be drawn as it is.
    stores_text = False

    def value_schema(self, item: Item) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{10}$"}
