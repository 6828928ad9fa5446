"""What is typed about a plan beside its answers: sending, deciding, ending, sharing, marking."""

from typing import Any

from django import forms

from careplan_forms.enums import StopMark
from careplan_forms.policies import LONGEST_REVIEW
from core import clock
from core.forms import DateField, LongTextField, NHSForm
from workflows.forms import DecisionForm

HASH_LENGTH = 64
#: The step of a plan's flow by which it goes back to its authors.
RETURN = "return"


class SubmitForm(NHSForm):
    """What goes beside the answers when a plan is sent."""

    discussed_with = forms.CharField(
        label="Who did you discuss the plan with?",
        help_text="Name them and how they are related. If you discussed it with nobody, say why",
        max_length=300,
        error_messages={"required": "Enter who the plan was discussed with, or why it was not"},
    )
    review_on = DateField(
        label="When should the plan be reviewed?",
        subject="review date",
        error_messages={"required": "Enter the review date"},
    )
    reason = forms.CharField(
        label="Why is the plan changing? (optional)",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].latest = clock.today() + LONGEST_REVIEW  # type: ignore[attr-defined]


class PlanDecisionForm(DecisionForm):
    """A step of its flow, by its key: the page of a plan offers all of them. Its fields have ids of their own."""

    decision = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{step}-%s", **kwargs)
        self.fields["decision"].initial = step
        if step == RETURN and "reason" in self.fields:
            self.fields["reason"].label = "What has to change?"
            self.fields["reason"].error_messages["required"] = "Enter what has to change"

    def carried(self) -> list[tuple[str, str]]:
        """What was given, for a second question on a page of its own that asks for none of it again."""
        given = [(name, self.cleaned_data[name]) for name in self.fields]
        return [(name, each) for name, value in given for each in (value if isinstance(value, list) else [value])]


class WithdrawForm(NHSForm):
    """Why a plan ends."""

    reason = LongTextField(
        label="Why is the plan withdrawn?",
        max_length=300,
        error_messages={"required": "Enter why the plan is withdrawn"},
    )


class StopMarkForm(NHSForm):
    """The mark readers see at once."""

    mark = forms.ChoiceField(
        label="What must readers know?",
        choices=StopMark.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what readers must know"},
    )
    slot = forms.ChoiceField(label="What does it touch?", required=False)

    SLOTS = [
        ("", "The whole plan"),
        ("cpr", "The CPR decision"),
        ("limits", "The treatment limits"),
        ("adrt", "The advance decision"),
        ("place", "The preferred places"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = self.SLOTS  # type: ignore[attr-defined]


class ShareForm(NHSForm):
    """An organisation to add to the care team."""

    organisation = forms.CharField(
        label="ODS code of the organisation",
        help_text="For example, A81001",
        max_length=10,
        error_messages={"required": "Enter the ODS code of the organisation"},
    )


class FormChangeForm(NHSForm):
    """Moving a plan to the new version of its form: what was shown travels with the decision."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=HASH_LENGTH)
    read_losses = forms.BooleanField(
        label="I have read the answers that the new form has no place for",
        required=False,
    )
