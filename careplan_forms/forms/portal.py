"""What is typed when somebody is given access to their own plan, or to that of a person they act for."""

from typing import Any

from django import forms

from careplan_forms.enums import DelegateCapacity, IdentityCheck
from careplan_forms.policies import LONGEST_DELEGATION
from core import clock
from core.forms import DateField, NHSForm

EMAIL_HELP = "Check it letter by letter: whoever reads this mailbox will see the plan"
WHOLE, SOME = "whole", "some"


class GiveAccountForm(NHSForm):
    """An account for the person."""

    email = forms.EmailField(label="The person’s email address", help_text=EMAIL_HELP, max_length=254)
    identity_check = forms.ChoiceField(
        label="How did you check who they are?",
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you checked who they are"},
    )


class DelegateForm(NHSForm):
    """Access for somebody who acts for the person."""

    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    email = forms.EmailField(label="Their email address", help_text=EMAIL_HELP, max_length=254)
    capacity = forms.ChoiceField(
        label="In which capacity do they act for the person?",
        choices=DelegateCapacity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select in which capacity they act for the person"},
    )
    evidence = forms.CharField(
        label="How do you know?",
        help_text="For example: registered document seen, or the person asked for this when you spoke to them",
        max_length=300,
        error_messages={"required": "Enter how you know that they may act for the person"},
    )
    extent = forms.ChoiceField(
        label="What may they see?",
        choices=[(WHOLE, "The whole approved plan"), (SOME, "Only the sections selected below")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what they may see"},
    )
    sections = forms.MultipleChoiceField(
        label="Sections (if not the whole plan)", required=False, widget=forms.CheckboxSelectMultiple
    )
    until = DateField(
        label="What is the last day of their access?",
        subject="last day",
        help_text="Within 12 months. You can end it before, or give it again",
        error_messages={"required": "Enter the last day of their access"},
    )

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].choices = sections  # type: ignore[attr-defined]
        self.fields["until"].earliest = clock.today()  # type: ignore[attr-defined]
        self.fields["until"].latest = clock.today() + LONGEST_DELEGATION  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        extent = cleaned.pop("extent", None)
        if extent == SOME and not cleaned.get("sections"):
            self.add_error("sections", "Select at least one section, or the whole plan")
        if extent == WHOLE:
            cleaned["sections"] = []
        return cleaned
