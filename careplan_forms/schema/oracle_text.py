"""The reference's readers of text with a shape, made of Django's own fields. See `oracle`."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\uf8f0-\uf8ff\ufff9-\ufffb\ufffe\uffff]"
)


def first(value: Mapping[str, list[str]], part: str = "") -> str:
    """The first value posted for one control."""
    return value[part][0] if value.get(part) else ""


def line(value: Mapping[str, list[str]], part: str = "") -> str:
    """One line of posted text as it is kept."""
    text = first(value, part)
    return " ".join(CONTROL.sub("", text).split()) if not text.isprintable() else text.strip()


def telephone(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    """A telephone number with an extension, if any."""
    text: str = forms.CharField(required=False, max_length=item.get("max_length") or 40).clean(line(value))
    number, _, extension = re.sub(r"(?i) ?(extension|ext\.?|x) ?", "#", text).partition("#")
    if not text:
        return None
    digits = re.sub(r"[ ()./-]", "", number).removeprefix("+")
    if not re.fullmatch(r"[0-9]{3,15}", digits) or number[0] not in "+(0123456789" or "+" in number[1:]:
        raise ValidationError("Not a telephone number.")
    if "#" in re.sub(r"(?i)(extension|ext\.?|x)", "#", text) and not re.fullmatch(r"[0-9]{1,6}", extension):
        raise ValidationError("Not an extension.")
    return text


def email(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    """An email address."""
    field = forms.EmailField(required=False, max_length=item.get("max_length") or 254)
    return field.clean(line(value)) or None


def nhs_number(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    """An NHS number as ten digits."""
    digits = "".join(line(value).replace("-", "").split())
    if not digits:
        return None
    forms.RegexField(r"^[0-9]{10}$").clean(digits)
    check = 11 - sum(int(digits[n]) * (10 - n) for n in range(9)) % 11
    if len(set(digits)) == 1 or check == 10 or check % 11 != int(digits[9]):
        raise ValidationError("Not an NHS number.")
    return digits


def organisation(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> dict[str, str] | None:
    """An ODS code, a name, or both."""
    code, name = line(value, "code").upper().replace(" ", ""), line(value, "name")
    if not code and not name:
        return None
    forms.RegexField(r"^[A-Z0-9]{3,10}\Z", required=False, strip=False).clean(code)
    return {"code": code, "name": forms.CharField(required=False, max_length=255).clean(name)}
