"""What people fill about flows: a reason for a step, a signature under a version."""

from collections.abc import Sequence
from typing import Any, Self

from django import forms

from core.forms import DateField, LongTextField, NHSForm
from workflows.engine.spec import ReasonRule
from workflows.form_fields import JSONFileField
from workflows.policies import MAX_REASON
from workflows.presenters.deciding import Offer

STANDS_IN_NO_MORE = "You no longer decide for this colleague. Look at who decides, then decide again"
_ASKS_NOTHING: dict[str, Any] = {"needs_reason": ReasonRule.NONE, "checklist": ()}


class DecisionForm(NHSForm):
    """A step, bound to what was shown and to the state it was offered in."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    state = forms.CharField(max_length=40, widget=forms.HiddenInput)
    acting = forms.ChoiceField(
        label="For whom do you decide?",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"required": "Choose for whom you decide"},
    )
    ticked = forms.MultipleChoiceField(label="Before you decide", widget=forms.CheckboxSelectMultiple)
    reason = LongTextField(label="Reason", max_length=MAX_REASON, required=False)

    def __init__(
        self,
        *args: Any,
        needs_reason: str,
        checklist: Sequence[str] = (),
        stand_ins: Sequence[tuple[str, str]] = (),
        in_own_name: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        ask_for_reason(self, needs_reason)
        if checklist:
            offer_ticks(self, "ticked", checklist, "Tick everything in the list before you decide")
        else:
            del self.fields["ticked"]
        if stand_ins:
            own = [("", "In my own name")] if in_own_name else []
            self.fields["acting"].choices = [*own, *stand_ins]  # type: ignore[attr-defined]
            self.fields["acting"].required = not in_own_name
            self.fields["acting"].error_messages["invalid_choice"] = STANDS_IN_NO_MORE
        else:
            del self.fields["acting"]

    @classmethod
    def of(cls, offer: Offer, *args: Any, **kwargs: Any) -> Self:
        """The form with which a step is taken by whoever it is offered to. Of one that is not open to them nothing is
        asked: it is refused for other reasons.
        """
        view = offer.view
        asked = {"needs_reason": view.needs_reason, "checklist": view.checklist} if offer.is_open else _ASKS_NOTHING
        return cls(*args, stand_ins=offer.stand_ins, in_own_name=view.allowed, **asked, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Who decided for a colleague never does so in their own name instead, because the colleague came back."""
        cleaned = super().clean() or {}
        if "acting" not in self.fields and self.data.get(self.add_prefix("acting")):
            self.add_error(None, STANDS_IN_NO_MORE)
        return cleaned

    @property
    def deciding_for(self) -> str:
        """For whom, in the words of the choice; empty for a decision in one's own name."""
        chosen = self.cleaned_data.get("acting", "")
        return str(dict(self.fields["acting"].choices)[chosen]) if chosen else ""  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What `cases.fire` is told of the decision."""
        given = self.cleaned_data
        return {
            "shown_sha256": given["shown"],
            "expected_state": given["state"],
            "reason": given.get("reason", ""),
            "ticked": given.get("ticked", ()),
        }


def offer_ticks(form: NHSForm, name: str, texts: Sequence[str], sentence: str) -> None:
    """The texts as boxes that are all ticked before the form is taken; `sentence` says so to whoever left one."""
    field: Any = form.fields[name]
    field.choices = [(text, text) for text in dict.fromkeys(texts)]
    field.error_messages["required"] = sentence

    def check_all(ticked: list[str]) -> None:
        if len(set(ticked)) < len(field.choices):
            raise forms.ValidationError(sentence)

    field.validators = [*field.validators, check_all]


def ask_for_reason(form: NHSForm, rule: str) -> None:
    """The field `reason` as a flow wants it: not there, required, or left to whoever decides."""
    if rule == ReasonRule.NONE:
        del form.fields["reason"]
    elif rule == ReasonRule.REQUIRED:
        form.fields["reason"].required = True
        form.fields["reason"].error_messages["required"] = "Enter the reason"
    else:
        form.fields["reason"].label = "Reason (optional)"


class SavedViewForm(NHSForm):
    """A name for the filters of one's inbox."""

    name = forms.CharField(
        label="Name of the view",
        max_length=60,
        help_text="For example, overdue and not taken. Only you see it. Do not enter anybody’s name",
        error_messages={"required": "Enter a name for this view"},
    )
    is_default = forms.BooleanField(label="Open my tasks with this view", required=False)


class BringFlowForm(NHSForm):
    """A flow file, and why it differs from what is in use."""

    file = JSONFileField(label="Flow file", error_messages={"required": "Choose the flow file"})
    change_note = LongTextField(label="What changes, and why", max_length=200)


class SignForm(NHSForm):
    """A signature under the hash of a version and, when it has one, under its exemption; each warning is read first."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    warnings = forms.MultipleChoiceField(
        label="I have read each of these warnings, and it may stand", widget=forms.CheckboxSelectMultiple
    )
    read = forms.BooleanField(label="I have read this version and I agree that it may be used")
    exemption = forms.BooleanField()

    def __init__(self, *args: Any, exemption: str, warnings: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if warnings:
            offer_ticks(self, "warnings", warnings, "Tick each warning that you have read and that may stand")
        else:
            del self.fields["warnings"]
        self.fields["read"].error_messages["required"] = "Tick the box if you agree that it may be used"
        if exemption:
            self.fields["exemption"].label = f"I agree to this exemption: {exemption}"
            self.fields["exemption"].error_messages["required"] = "Tick the box if you agree to the exemption"
        else:
            del self.fields["exemption"]


class AssignForm(NHSForm):
    """Whose hands a task is put in."""

    to = forms.ChoiceField(
        label="Who should do it?", widget=forms.RadioSelect, error_messages={"required": "Choose who should do it"}
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class AwayForm(NHSForm):
    """Who is away from when until when, and who decides meanwhile."""

    absent = forms.ChoiceField(label="Who is away?", error_messages={"required": "Choose who is away"})
    colleague = forms.ChoiceField(
        label="Who decides meanwhile?",
        help_text="They can only do what they may do themselves. Both names stand in the record",
        error_messages={"required": "Choose a colleague"},
    )
    starts_on = DateField(label="First day away", subject="the first day away")
    ends_on = DateField(label="Last day away", subject="the last day away")
    reason = forms.CharField(
        label="Note (optional)",
        max_length=200,
        required=False,
        help_text="For example, on leave. Do not write anything private",
    )

    def __init__(self, *args: Any, own: str, people: list[tuple[str, str]], for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = own
        nobody = [("", "Choose")]
        self.fields["absent"].choices = [*nobody, *people]  # type: ignore[attr-defined]
        self.fields["colleague"].choices = [*nobody, *people]  # type: ignore[attr-defined]
        if not for_others:
            del self.fields["absent"]

    @property
    def absent_id(self) -> str:
        """The public id of whoever is away."""
        return self.cleaned_data.get("absent") or self._own


class _ShownCases(forms.MultipleChoiceField):
    """Cases as they were shown; what became of them since is said of each when the step is taken."""

    def valid_value(self, value: str) -> bool:
        return True


class TogetherForm(NHSForm):
    """A step of several cases: for which of them, and the one reason for all where the flow asks for it."""

    case = _ShownCases(
        label="Which tasks?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one task"},
    )
    reason = LongTextField(label="Reason", max_length=MAX_REASON, required=False)

    def __init__(self, *args: Any, needs_reason: str, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = offered  # type: ignore[attr-defined]
        self.fields["case"].initial = [value for value, _ in offered]
        ask_for_reason(self, needs_reason)
