"""The slow reference: one section as a plain Django form, built field by field from the raw document.

It exists to check the compiled form against: for any document and any posting, both must keep the same
answers and find the same questions at fault. What is worked out (calculated values, scores) is no field of it: whatever
is posted under such a name, nothing of it is kept. It uses Django's own fields and widgets and shares no parsing
code with the item types; only what the document means (names of controls, limits) is common ground.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from careplan_forms.schema import oracle_parts
from careplan_forms.schema.names import field_name, join
from careplan_forms.schema.oracle_dates import date
from careplan_forms.schema.oracle_text import CONTROL, email, first, line, nhs_number, organisation, telephone

_REASON = 255


class Controls(forms.Widget):
    """Everything posted under the controls of one question, as lists."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[str]]:
        return {part: list(data.getlist(join(name, part))) for part in self.parts}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class QuestionField(forms.Field):
    """A question: reads its controls with ordinary Django fields, then settles absent reasons."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self.item = item
        self.reasons = list(item.get("absent") or [])
        parts = dict.fromkeys(("", "text", "day", "month", "year", "code", "absent", *oracle_parts.CONTROLS))
        super().__init__(required=False, widget=Controls((*parts, *(f"reason-{code}" for code in self.reasons))))

    def clean(self, value: dict[str, list[str]]) -> Any:
        ticked = {each for each in value["absent"] if each in self.reasons}
        if self.item["type"] in ("choice", "choices", "yes_no", "scale"):
            ticked |= {each[7:] for each in value[""] if each.startswith("absent:") and each[7:] in self.reasons}
        return self._settle(value, ticked)

    def _settle(self, value: dict[str, list[str]], ticked: set[str]) -> Any:
        answer = _READERS[self.item["type"]](self.item, value) if not ticked else None
        if not ticked:
            return answer
        if len(ticked) > 1:
            raise ValidationError("Several reasons.")
        try:
            answer = _READERS[self.item["type"]](self.item, value)
        except ValidationError:
            raise ValidationError("An answer and a reason.") from None
        if answer is not None:
            raise ValidationError("An answer and a reason.")
        code = ticked.pop()
        reason = " ".join(CONTROL.sub("", first(value, f"reason-{code}")).split())
        return {"absent": code, "reason": forms.CharField(required=False, max_length=_REASON).clean(reason)}


def oracle_form(items: list[Mapping[str, Any]], data: Any) -> forms.Form:
    """A bound Django form over the questions of a flat list of items, its fields named as on the page."""
    fields = {field_name(item["uid"]): QuestionField(item) for item in items if item["type"] in _READERS}
    form_class = type("SectionForm", (forms.Form,), fields)
    form: forms.Form = form_class(data)
    return form


def oracle_result(items: list[Mapping[str, Any]], data: Any) -> tuple[dict[str, Any], set[str]]:
    """(answers kept, uids at fault) of a posting."""
    form = oracle_form(items, data)
    form.is_valid()
    uids = {field_name(item["uid"]): item["uid"] for item in items}
    return {uids[name]: value for name, value in form.cleaned_data.items()}, {uids[name] for name in form.errors}


def _text(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    cleaned = forms.CharField(required=False, max_length=item.get("max_length") or 255).clean(line(value))
    return cleaned or None


def _long_text(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str | None:
    text = CONTROL.sub("", first(value).replace("\r\n", "\n").replace("\r", "\n"))
    cleaned = forms.CharField(required=False, max_length=item.get("max_length") or 4000).clean(text)
    return cleaned or None


def _yes_no(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> bool | None:
    picked = [each for each in value[""] if each and each not in _reasons(item)]
    if not picked:
        return None
    if len(picked) > 1:
        raise ValidationError("Two answers.")
    return forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")]).clean(picked[0]) == "yes"


def _reasons(item: Mapping[str, Any]) -> set[str]:
    return {f"absent:{code}" for code in item.get("absent") or []}


def _picked(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> list[dict[str, str]]:
    options = item.get("options") or []
    keys = {each["code"]: each for each in options} | {each.get("id") or each["code"]: each for each in options}
    field = forms.MultipleChoiceField(required=False, choices=[(key, key) for key in keys])
    chosen = field.clean([each for each in value[""] if each and each not in _reasons(item)])
    picked = [keys[each]["code"] for each in chosen]
    return [
        {"code": each["code"], "system": each.get("system", ""), "display": each["display"], "text": ""}
        for each in options
        if each["code"] in picked
    ]


def _beside(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> str:
    text = line(value, "text") if item.get("other") else ""
    cleaned: str = forms.CharField(required=False, max_length=255).clean(text)
    return cleaned


def _choice(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> dict[str, str] | None:
    picked, text = _picked(item, value), _beside(item, value)
    if len(picked) > 1:
        raise ValidationError("Two answers.")
    if picked:
        return {**picked[0], "text": text}
    return {"code": "", "system": "", "display": "", "text": text} if text else None


def _choices(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> list[dict[str, str]] | None:
    picked, text = _picked(item, value), _beside(item, value)
    picked += [{"code": "", "system": "", "display": "", "text": text}] if text else []
    return picked or None


def _number(item: Mapping[str, Any], value: Mapping[str, list[str]]) -> dict[str, str] | None:
    typed = line(value)
    if not typed:
        return None
    if not re.fullmatch(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,10})?", typed, re.ASCII):
        raise ValidationError("Not a number.")
    low, high = item.get("min"), item.get("max")
    field = forms.DecimalField(
        min_value=None if low is None else Decimal(str(low)),
        max_value=None if high is None else Decimal(str(high)),
        decimal_places=item.get("decimals"),
    )
    number = format(field.clean(typed.replace(",", "")), "f")
    return {"value": number.lstrip("-") if Decimal(number) == 0 else number, "unit": item.get("unit") or ""}


_READERS = {
    "text": _text,
    "long_text": _long_text,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "date": date,
    "telephone": telephone,
    "email": email,
    "nhs_number": nhs_number,
    "organisation": organisation,
    "person": oracle_parts.person,
    "signature": oracle_parts.signature,
    "file": oracle_parts.file,
    "scale": oracle_parts.scale,
}
