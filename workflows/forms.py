"""What people fill about flows: a reason for a step, a signature under a version."""

from typing import Any

from django import forms

from core.forms import LongTextField, NHSForm
from workflows.engine.spec import ReasonRule
from workflows.form_fields import JSONFileField
from workflows.policies import MAX_REASON


class DecisionForm(NHSForm):
    """A step, bound to what was shown and to the state it was offered in."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    state = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = LongTextField(label="Reason", max_length=MAX_REASON, required=False)

    def __init__(self, *args: Any, needs_reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_reason == ReasonRule.NONE:
            del self.fields["reason"]
        elif needs_reason == ReasonRule.REQUIRED:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "Enter the reason"
        else:
            self.fields["reason"].label = "Reason (optional)"


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
    """A signature under the hash of a version and, when it has one, under its exemption."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(label="I have read this version and I agree that it may be used")
    exemption = forms.BooleanField()

    def __init__(self, *args: Any, exemption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["read"].error_messages["required"] = "Tick the box if you agree that it may be used"
        if exemption:
            self.fields["exemption"].label = f"I agree to this exemption: {exemption}"
            self.fields["exemption"].error_messages["required"] = "Tick the box if you agree to the exemption"
        else:
            del self.fields["exemption"]
