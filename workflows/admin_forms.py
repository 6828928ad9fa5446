"""The forms behind sign-off and the editing of flows in the administration."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from core.forms import refusals_on
from workflows import registry
from workflows.engine.reading import SLUG
from workflows.selectors import flow_drafts
from workflows.sign_off_policies import check_warnings_read

_ANY = "Does not matter"
_SELECT = (
    '<p><label for="id_{0}">{1}</label> <select name="{0}" id="id_{0}"><option value="">{2}</option>{3}</select></p>'
)


class ProposalForm(forms.Form):
    """What a lead says when sending something for sign-off."""

    change_note = forms.CharField(
        label="What changed, and why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what changed, and why"},
    )


class DecisionForm(forms.Form):
    """One role's decision on exactly the bytes with this hash; each of its `warnings` is read before it is approved."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    warnings = forms.MultipleChoiceField(
        label="I have read each of these warnings, and it may stand",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label="Comment",
        help_text="Needed when you send it back: say what has to change",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    decision = forms.ChoiceField(choices=[("approve", "Approve"), ("reject", "Send back")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, warnings: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._warnings = warnings
        self.fields["warnings"].choices = [(text, text) for text in dict.fromkeys(warnings)]  # type: ignore[attr-defined]
        if not warnings:
            del self.fields["warnings"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == "reject" and not (cleaned.get("comment") or "").strip():
            self.add_error("comment", "Say what has to change")
        if cleaned.get("decision") == "approve":
            with refusals_on(self):
                check_warnings_read(self._warnings, self.read)
        return cleaned

    @property
    def read(self) -> list[str]:
        """The warnings that are ticked."""
        return list(self.cleaned_data.get("warnings", ()))


class FlowDecisionForm(DecisionForm):
    """The same on a flow: its exemption is agreed to before it is approved."""

    exemption = forms.BooleanField(required=False)

    def __init__(self, *args: Any, exemption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exemption"].label = f"I agree to this exemption: {exemption}"
        if not exemption:
            del self.fields["exemption"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == "approve" and "exemption" in self.fields and not cleaned.get("exemption"):
            self.add_error("exemption", "Tick the box if you agree to the exemption")
        return cleaned


class ConditionsWidget(forms.Widget):
    """A choice for every fact that a kind of subject declares; a fact nobody declares any more keeps its value."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = value if isinstance(value, dict) else {}
        if (attrs or {}).get("disabled"):
            return format_html("<p>{}</p>", _said(chosen))
        parts = [
            format_html(
                "<fieldset><legend>{}</legend>{}</fieldset>", kind.label, self._selects(name, key, kind, chosen)
            )
            for key, kind in registry.subjects.items()
            if kind.facts
        ]
        declared = {fact.name for _, kind in registry.subjects.items() for fact in kind.facts}
        stray = {fact: said for fact, said in chosen.items() if fact not in declared}
        parts += [
            self._select(f"{name}-stray-{fact}", fact, ((said, str(said)),), said) for fact, said in stray.items()
        ]
        return format_html(
            '<div class="fw-conditions">{}</div>', format_html_join("", "{}", ((part,) for part in parts))
        )

    def _selects(self, name: str, key: str, kind: Any, chosen: dict[str, Any]) -> Any:
        rows = (
            (self._select(f"{name}-{key}-{fact.name}", fact.label, fact.values, chosen.get(fact.name)),)
            for fact in kind.facts
        )
        return format_html_join("", "{}", rows)

    def _select(self, name: str, label: str, values: Any, chosen: Any) -> Any:
        known = list(values)
        if chosen is not None and chosen not in [value for value, _ in known]:
            known.append((chosen, f"{chosen} (not offered any more)"))
        options = [
            (json.dumps(value), " selected" if value == chosen and chosen is not None else "", said)
            for value, said in known
        ]
        return format_html(
            _SELECT,
            name,
            label,
            _ANY,
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        found = {}
        for prefix in (f"{name}-{data.get('subject_kind', '')}-", f"{name}-stray-"):
            for key in data:
                if key.startswith(prefix) and data.get(key):
                    found[key.removeprefix(prefix)] = _parsed(data[key])
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return ""


class ConditionsField(forms.Field):
    """Facts of the subject that must be equal, as a dictionary."""

    widget = ConditionsWidget

    def clean(self, value: Any) -> dict[str, Any]:
        if any(isinstance(said, dict | list) or said is None for said in value.values()):
            raise ValidationError("Choose the conditions from the lists")
        return dict(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or {}) != (data or {}))


class FlowForm(WagtailAdminModelForm):
    """A flow: what it is called, which subjects take it, and its states. Signed once, what takes it stays."""

    subject_kind = forms.ChoiceField(label="What it is for", error_messages={"required": "Choose what it is for"})
    applies_when = ConditionsField(label="When it applies", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, kind.label) for key, kind in registry.subjects.items()]
        self.fields["subject_kind"].choices = [("", "Choose from the list"), *sorted(kinds, key=lambda pair: pair[1])]
        self.fields["title"].required = True
        self.fields["note"].widget = AdminAutoHeightTextInput()
        self.fields["key"].error_messages["required"] = "Enter a key"
        if self.instance.pk is not None:
            self.fields["key"].disabled = True
            self.fields["key"].help_text = "The key cannot change"
        if flow_drafts.is_routed_for_good(self.instance):
            for name in flow_drafts.ROUTING:
                self.fields[name].disabled = True
            self.fields["subject_kind"].help_text = "A version was signed for this. Make a new flow instead"

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not SLUG.match(key):
            raise ValidationError("Use letters, digits, - and _ only, 50 at most")
        return key

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        kind, default = cleaned.get("subject_kind", ""), cleaned.get("is_default", False)
        if not self.fields["is_default"].disabled:
            if default == bool(cleaned.get("applies_when")):
                self.add_error("applies_when", "Either say when the flow applies, or make it the default")
            if default and flow_drafts.others_by_default(self.instance, kind):
                self.add_error("is_default", "This kind of subject has a default flow already")
        return cleaned


def _said(chosen: dict[str, Any]) -> str:
    """Conditions that cannot change any more, in words."""
    facts = {fact.name: fact for _, kind in registry.subjects.items() for fact in kind.facts}
    labels = [
        f"{facts[name].label}: {dict(facts[name].values).get(value, value)}" if name in facts else f"{name}: {value}"
        for name, value in sorted(chosen.items())
    ]
    return "; ".join(labels) or "Whenever no other flow applies"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
