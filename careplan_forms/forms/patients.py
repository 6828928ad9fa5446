"""What is typed about a person: to find them, to take them in unverified, to record what they decided."""

import datetime
from typing import Any

from django import forms

from careplan_forms.enums import ConsentBasis, ConsentDecision, Sex
from careplan_forms.services.patients import PersonDetails
from core import clock
from core.forms import DateField, LongTextField, NHSForm, NHSNumberField

OLDEST = datetime.date(1890, 1, 1)


class NumberForm(NHSForm):
    """Find by NHS number."""

    nhs_number = NHSNumberField()


class DetailsForm(NHSForm):
    """Find by surname, date of birth and, to be surer, postcode."""

    family_name = forms.CharField(label="Surname", max_length=100)
    date_of_birth = DateField(
        label="Date of birth",
        subject="date of birth",
        help_text="For example, 27 3 1938",
        error_messages={"required": "Enter the date of birth"},
    )
    postcode = forms.CharField(label="Postcode (optional)", max_length=10, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit_birth(self.fields["date_of_birth"])


class BirthForm(NHSForm):
    """The whole date of birth, `asked` for where the national service has only a part of it and we have none."""

    date_of_birth = DateField(
        label="Date of birth", subject="date of birth", error_messages={"required": "Enter the date of birth"}
    )

    def __init__(self, *args: Any, asked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked:
            _limit_birth(self.fields["date_of_birth"])
        else:
            del self.fields["date_of_birth"]


class UnverifiedPersonForm(BirthForm):
    """A person on somebody's word."""

    field_order = ("title", "given_names", "family_name", "date_of_birth", "sex", "address", "postcode", "phone")

    title = forms.CharField(label="Title (optional)", max_length=35, required=False)
    given_names = forms.CharField(label="First names", max_length=100)
    family_name = forms.CharField(label="Surname", max_length=100)
    sex = forms.ChoiceField(label="Sex", choices=Sex.choices, widget=forms.RadioSelect, initial=Sex.NOT_KNOWN)
    address = LongTextField(label="Address (optional)", max_length=400, required=False)
    postcode = forms.CharField(label="Postcode (optional)", max_length=10, required=False)
    phone = forms.CharField(label="Telephone number (optional)", max_length=30, required=False)
    namesake_checked = forms.BooleanField(
        label="I have checked that this is another person", required=False, widget=forms.HiddenInput
    )

    def details(self) -> PersonDetails:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        lines = tuple(line.strip() for line in given["address"].splitlines() if line.strip())
        names = ("family_name", "given_names", "date_of_birth", "title", "sex", "postcode", "phone")
        return PersonDetails(**{name: given[name] for name in names}, address_lines=lines)


class ConsentForm(NHSForm):
    """Who decided that the plan may be shared, or may not."""

    decision = forms.ChoiceField(
        label="May the plan be shared with the people who care for the person?",
        choices=ConsentDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    basis = forms.ChoiceField(
        label="Who decided?",
        choices=ConsentBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who decided"},
    )
    explanation = forms.CharField(
        label="Who was asked, and why (needed if somebody else decided)",
        help_text="The attorney's name and how you saw their authority, or who was consulted about best interests",
        max_length=500,
        required=False,
    )
    decided_on = DateField(
        label="When was this decided?",
        subject="date of the decision",
        error_messages={"required": "Enter the date of the decision"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].latest = clock.today()  # type: ignore[attr-defined]


class StartForm(NHSForm):
    """Which plan the person is to have."""

    form = forms.ChoiceField(
        label="Which plan does the person need?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which plan to start"},
    )

    def __init__(self, *args: Any, forms_in_use: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = forms_in_use  # type: ignore[attr-defined]


class DeathForm(NHSForm):
    """When and where the person died."""

    died_on = DateField(
        label="When did the person die?",
        subject="date of death",
        error_messages={"required": "Enter the date of death"},
    )
    place = forms.ChoiceField(label="Where did the person die?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["died_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["place"].choices = [*places, ("", "Not known")]  # type: ignore[attr-defined]


def _limit_birth(field: Any) -> None:
    """Nobody was born tomorrow, and nobody alive before 1890."""
    field.earliest, field.latest = OLDEST, clock.today()
