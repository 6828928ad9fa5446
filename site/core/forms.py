"""The base of every form people fill: drawn by the design system, with errors that say what to do."""

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.forms.utils import ErrorDict
from markupsafe import Markup

from core import form_rendering
from core.exceptions import Refused
from core.form_fields import (
    DateBoxes,
    DateField,
    LongTextField,
    NHSNumberField,
    PartialDateField,
    capital,
)

__all__ = [
    "DateBoxes",
    "DateField",
    "LongTextField",
    "NHSForm",
    "NHSNumberField",
    "PartialDateField",
    "error_summary",
    "refusals_on",
]

EMAIL_MESSAGE = "Enter an email address in the correct format, like name@example.com"
_DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


class NHSFormMixin:
    """Drawing by name, and messages in the service's voice for whatever a form did not word itself.

    `page_fields` limits `render_fields()`; by default every visible field is drawn in order.
    """

    fields: dict[str, forms.Field]
    errors: ErrorDict
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            word_messages(name, field)

    def render_field(self, name: str, **options: Any) -> Markup:
        """One field with its label, hint, error and value; options as in `core.form_rendering.render`."""
        return form_rendering.render(self[name], **options)  # type: ignore[index]

    def render_fields(self, *names: str, **options: Any) -> Markup:
        """Several fields in order, all of them by default, hidden ones included."""
        wanted = names or tuple(self.fields)
        return Markup("\n").join(self.render_field(name, **options) for name in wanted)

    def error_summary(self) -> Markup:
        """The box above the h1 that lists every error and leads to its field; empty when there is none."""
        return error_summary(self)


class NHSForm(NHSFormMixin, forms.Form):
    """A form drawn by the design system."""


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """What a service refuses within it is said on the form: beside the field it is about, or above all of them.

    Put the way on (the message, the redirect) inside too: what stands after it draws the form again.
    """
    try:
        yield
    except Refused as refusal:
        shown = {field.name for field in form.visible_fields()}
        form.add_error(refusal.field if refusal.field in shown else None, refusal.message)


def word_messages(name: str, field: forms.Field) -> None:
    """Replace Django's stock sentences by instructions that name the field; a form's own words stay."""
    label = str(field.label if field.label is not None else name.replace("_", " ")).removesuffix(" (optional)")
    question = label.endswith("?")
    subject = getattr(field, "subject", "") or ("" if question else lower_first(label))
    if field.error_messages.get("required") == _DJANGO_REQUIRED:
        field.error_messages["required"] = required_message(field, subject)
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = EMAIL_MESSAGE
        field.validators = [_reworded(v, EMAIL_MESSAGE) for v in field.validators]
    elif isinstance(field, forms.IntegerField | forms.DecimalField):
        field.error_messages["invalid"] = f"{capital(subject or 'answer')} must be a number"
    if isinstance(field, forms.CharField):
        words = f"Remove the characters that cannot be shown from {subject or 'your answer'}"
        field.validators = [
            _reworded(v, words) if isinstance(v, ProhibitNullCharactersValidator) else v for v in field.validators
        ]
    if limit := getattr(field, "max_length", None):
        words = f"{capital(subject or 'your answer')} must be {limit:,} characters or fewer"
        field.validators = [_reworded(v, words) if isinstance(v, MaxLengthValidator) else v for v in field.validators]
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        field.error_messages["invalid_choice"] = "Select one of the answers in the list"


def required_message(field: forms.Field, subject: str) -> str:
    """What to do about a missing answer, by the kind of field."""
    if isinstance(field, forms.FileField):
        return f"Choose a file for {subject}" if subject else "Choose a file"
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return "Select at least one answer"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Select {subject}" if subject else "Select an answer"
    if isinstance(field, forms.BooleanField):
        return f"Confirm: {subject}" if subject else "Confirm this to continue"
    return f"Enter {subject}" if subject else "Enter an answer"


def lower_first(label: str) -> str:
    """`Family name` → `family name`; `NHS number` and `GP practice` stay."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def error_summary(*shown: Any) -> Markup:
    """One summary over forms and formsets in page order. Each line links to the first control at fault."""
    lines = [line for form in shown for line in _error_lines(form)]
    if not lines:
        return Markup()
    return form_rendering.macro("error-summary", "errorSummary")(
        {
            "heading": "There is a problem",
            "errorList": lines,
            # Focused also where no script runs.
            "attributes": {"tabindex": "-1", "autofocus": {"value": True, "optional": True}},
        }
    )


def _error_lines(form: Any) -> Iterable[dict[str, str]]:
    if isinstance(form, forms.BaseFormSet):
        for one in form.forms:
            yield from _error_lines(one)
        yield from ({"text": str(error)} for error in form.non_form_errors())
        return
    if not form.is_bound:
        return
    yield from ({"text": str(error)} for error in form.non_field_errors())
    for bound in form:
        if bound.errors:
            line = {"text": form_rendering.error_text(bound)}
            yield line if bound.is_hidden else line | {"href": f"#{form_rendering.first_id(bound)}"}


def _reworded(validator: Any, message: str) -> Any:
    """The same validator with another sentence, as a copy: Django shares validators between forms."""
    reworded = copy.copy(validator)
    reworded.message = message
    return reworded
