"""Draws any Django bound field, ours or a library's, with the design system's macros."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.widgets import Input
from django.template import engines
from markupsafe import Markup

from core.form_choices import choices, items
from core.form_fields import DateBoxes

Params = dict[str, Any]

#: Attributes of Django's widgets left to the server: no browser bubbles, no text cut off while typing.
_LEFT_OUT = {
    *("class", "id", "type", "cols", "autofocus", "placeholder"),
    *("required", "maxlength", "minlength", "min", "max", "step"),
}
#: Attributes the macros take as parameters of their own.
_NAMED = {"autocomplete", "inputmode", "autocapitalize", "pattern", "rows"}


def macro(component: str, name: str) -> Callable[[Params], Markup]:
    """A macro of the design system, for example `macro("date-input", "dateInput")`."""
    template = engines["jinja"].env.get_template(f"nhsuk/components/{component}/macro.jinja")  # type: ignore[attr-defined]
    return getattr(template.module, name)


def render(bound: BoundField, **options: Any) -> Markup:
    """The field with label, hint, error and value.

    Options: `label`, `label_size` (s, m, l, xl), `heading` (the label is the page's h1), `label_hidden`,
    `hint`, `width` (characters), `prefix`, `suffix`, `rows`, `inline`, `small`, `classes`, `count` (False: no
    character count), `item_hints`, `conditional` and `divider_before` (each {choice value: text or markup}),
    `attributes` (more HTML attributes). Anything else is a mistake and raises TypeError.
    """
    unknown = set(options) - _OPTIONS
    if unknown:
        raise TypeError(f"form_field does not know {', '.join(sorted(unknown))}")
    if bound.is_hidden:
        return Markup(bound.as_widget())  # noqa: S704  (Django escapes its own widgets)
    for kind, draw in _WIDGETS:
        if isinstance(bound.field.widget, kind):
            return draw(bound, options)
    return _anything_else(bound, options)


def error_text(bound: BoundField) -> str:
    """All that is wrong with the field, in one line."""
    return " ".join(str(error) for error in bound.errors)


def first_id(bound: BoundField) -> str:
    """The id of the first control at fault, where the error summary's link leads."""
    if isinstance(bound.field.widget, DateBoxes):
        wrong = boxes_at_fault(bound) or ["day"]
        return f"{bound.auto_id}_{wrong[0]}"
    return str(bound.auto_id)


def boxes_at_fault(bound: BoundField) -> list[str]:
    """Which of a date's three boxes an error is about."""
    found: list[str] = []
    for error in bound.form.errors.as_data().get(bound.name, []):
        found += (getattr(error, "params", None) or {}).get("boxes", [])
    return [box for box in ("day", "month", "year") if box in found]


def _shared(bound: BoundField, options: Params) -> Params:
    """What every component takes: hint, error, size and attributes."""
    hint = options.get("hint", bound.help_text)
    params: Params = {"formGroup": {"attributes": {"data-field": bound.name}}}
    if hint:
        params["hint"] = {"html": hint} if hasattr(hint, "__html__") else {"text": str(hint)}
    if bound.errors:
        params["errorMessage"] = {"text": error_text(bound)}
    for option in ("classes", "width", "prefix", "suffix", "inline", "small"):
        if option in options:
            params[option] = options[option]
    return params


def _heading(bound: BoundField, options: Params) -> Params:
    """The label or legend, which on a one-question page is also the page's heading."""
    words: Params = {"text": str(options.get("label", bound.label))}
    if options.get("heading"):
        words["isPageHeading"] = True
    words["size"] = options.get("label_size", "l" if options.get("heading") else "s")
    if options.get("label_hidden"):
        words["classes"] = "nhsuk-u-visually-hidden"
    return words


def _attributes(bound: BoundField, options: Params) -> tuple[Params, Params]:
    """The widget's attributes: those the macros name, and the rest."""
    attrs = {key: value for key, value in bound.field.widget.attrs.items() if key not in _LEFT_OUT}
    attrs |= options.get("attributes", {})
    named = {key: str(attrs.pop(key)) for key in _NAMED & attrs.keys()}
    if "spellcheck" in attrs:
        named["spellcheck"] = str(attrs.pop("spellcheck")).lower() == "true"  # type: ignore[assignment]
    kept = {key: {"value": value, "optional": True} for key, value in attrs.items() if value is not False}
    return named, kept


def _value(bound: BoundField) -> str:
    value = bound.value()
    if value is None:
        return ""
    return str(bound.field.widget.format_value(value) or "")


def _control(bound: BoundField, options: Params) -> Params:
    """Parameters of the one-control components: input, textarea, select, file."""
    named, attributes = _attributes(bound, options)
    params = _shared(bound, options) | named
    return params | {
        "label": _heading(bound, options),
        "id": str(bound.auto_id),
        "name": bound.html_name,
        "attributes": attributes,
    }


def _input(bound: BoundField, options: Params) -> Markup:
    widget = bound.field.widget
    params = _control(bound, options) | {"value": _value(bound)}
    params["type"] = getattr(widget, "input_type", "text")
    if isinstance(widget, forms.NumberInput):
        # Spinners change figures by accident, so numbers are text with a number keyboard.
        params["type"] = "text"
        broken = isinstance(bound.field, forms.DecimalField | forms.FloatField)
        params.setdefault("inputmode", "decimal" if broken else "numeric")
        params["spellcheck"] = False
    if params["type"] in ("email", "tel", "url"):
        params["spellcheck"] = False
    return macro("input", "input")(params)


def _textarea(bound: BoundField, options: Params) -> Markup:
    params = _control(bound, options) | {"value": _value(bound)}
    rows = params.get("rows", "10")
    params["rows"] = str(options.get("rows", "5" if rows == "10" else rows))  # 10 is Django's own default
    limit = getattr(bound.field, "max_length", None)
    if limit and options.get("count", True):
        return macro("character-count", "characterCount")(params | {"maxlength": limit})
    return macro("textarea", "textarea")(params)


def _password(bound: BoundField, options: Params) -> Markup:
    return macro("password-input", "passwordInput")(_control(bound, options))


def _file(bound: BoundField, options: Params) -> Markup:
    return macro("file-upload", "fileUpload")(_control(bound, options))


def _select(bound: BoundField, options: Params) -> Markup:
    listed = [{"value": value, "text": text, "selected": chosen} for value, text, chosen in choices(bound)]
    params = _control(bound, options)
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        params["attributes"] = params["attributes"] | {"multiple": {"value": True, "optional": True}}
    return macro("select", "select")(params | {"items": listed})


def _group(bound: BoundField, options: Params) -> Params:
    return _shared(bound, options) | {
        "fieldset": {"legend": _heading(bound, options)},
        "idPrefix": str(bound.auto_id),
        "name": bound.html_name,
        "items": items(bound, options),
    }


def _radios(bound: BoundField, options: Params) -> Markup:
    return macro("radios", "radios")(_group(bound, options))


def _checkboxes(bound: BoundField, options: Params) -> Markup:
    return macro("checkboxes", "checkboxes")(_group(bound, options))


def _checkbox(bound: BoundField, options: Params) -> Markup:
    """One box to tick: its label is the choice, so there is no legend."""
    widget = bound.field.widget
    item: Params = {
        "value": str(widget.attrs.get("value", "on")),
        "text": str(options.get("label", bound.label)),
        "checked": widget.check_test(bound.value()),
    }
    params = _shared(bound, options)
    params |= {"idPrefix": str(bound.auto_id), "name": bound.html_name, "items": [item]}
    if "hint" in params:
        item["hint"] = params.pop("hint")
    return macro("checkboxes", "checkboxes")(params)


def _date(bound: BoundField, options: Params) -> Markup:
    widget = bound.field.widget
    typed = widget.boxes(bound.value())
    wrong = boxes_at_fault(bound) or list(typed)
    birth = str(widget.attrs.get("autocomplete", "")) == "bday"
    three = [
        {
            "name": f"{bound.html_name}_{box}",
            "id": f"{bound.auto_id}_{box}",
            "label": box.capitalize(),
            "value": typed[box],
            "width": 4 if box == "year" else 2,
            "autocomplete": f"bday-{box}" if birth else None,
            "error": bool(bound.errors) and box in wrong,
        }
        for box in typed
    ]
    params = _shared(bound, options) | {"id": str(bound.auto_id), "items": three}
    params["fieldset"] = {"legend": _heading(bound, options)}
    return macro("date-input", "dateInput")(params)


def _anything_else(bound: BoundField, options: Params) -> Markup:
    """A library's own widget: its markup inside our label, hint and error."""
    label = macro("label", "label")(_heading(bound, options) | {"for": bound.id_for_label})
    hint = macro("hint", "hint")({"text": str(bound.help_text)}) if bound.help_text else ""
    error = macro("error-message", "errorMessage")({"text": error_text(bound)}) if bound.errors else ""
    classes = "nhsuk-form-group" + (" nhsuk-form-group--error" if bound.errors else "")
    widget = Markup(bound.as_widget())  # noqa: S704  (Django escapes its own widgets)
    return Markup('<div class="{}">{}{}{}{}</div>').format(classes, label, hint, error, widget)


_OPTIONS = {
    *("label", "label_size", "heading", "label_hidden", "hint", "attributes", "classes"),
    *("width", "prefix", "suffix", "rows", "count"),
    *("inline", "small", "item_hints", "conditional", "divider_before"),
}
# Order matters: CheckboxSelectMultiple is a RadioSelect, and PasswordInput and FileInput are Inputs.
_WIDGETS: list[tuple[type[forms.Widget], Callable[[BoundField, Params], Markup]]] = [
    (DateBoxes, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _checkbox),
    (forms.Textarea, _textarea),
    (forms.PasswordInput, _password),
    (forms.FileInput, _file),
    (Input, _input),
]
