"""What a reader in a hurry types: a number, or a surname with a birth date or a postcode; then a reason."""

from typing import Any

from django import forms

from careplan_forms.enums import ReadReason
from core.forms import DateField, NHSForm, NHSNumberField


class NumberSearchForm(NHSForm):
    """Search by NHS number."""

    nhs_number = NHSNumberField(label="NHS number")


class DetailsSearchForm(NHSForm):
    """Search by other details: a surname with a date of birth, a postcode or both."""

    family_name = forms.CharField(label="Surname", max_length=100)
    date_of_birth = DateField(label="Date of birth", subject="date of birth", required=False)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("date_of_birth") and not cleaned.get("postcode"):
            self.add_error("date_of_birth", "Enter the date of birth or the postcode")
        return cleaned


class ReasonForm(NHSForm):
    """Why this plan is opened; the answer stands in the audit trail."""

    reason = forms.ChoiceField(
        label="Why are you opening this plan?",
        choices=ReadReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why you are opening this plan"},
    )
    other = forms.CharField(label="What is the other reason?", max_length=150, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == ReadReason.OTHER and not cleaned.get("other", "").strip():
            self.add_error("other", "Enter the reason")
        return cleaned

    def purpose(self) -> str:
        """The reason as the audit row holds it: the code, and the words given for another reason."""
        reason = self.cleaned_data["reason"]
        return f"{reason}: {self.cleaned_data['other'].strip()}" if reason == ReadReason.OTHER else reason
