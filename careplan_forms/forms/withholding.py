"""What is typed when an answer is kept from the person or from those who act for them."""

from itertools import groupby
from typing import Any

from django import forms

from careplan_forms.enums import WithholdingReason
from careplan_forms.selectors.withholding import Question
from core.forms import DateField, LongTextField, NHSForm

BOTH, PERSON, DELEGATES = "both", "person", "delegates"


class WithholdForm(NHSForm):
    """One answer, from whom, why, and until when."""

    question = forms.ChoiceField(
        label="Which answer?", error_messages={"required": "Select the question whose answer is not shown"}
    )
    who = forms.ChoiceField(
        label="Who must not see it?",
        choices=[
            (BOTH, "The person, and carers and attorneys who act for them"),
            (PERSON, "The person only"),
            (DELEGATES, "Carers and attorneys only"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who must not see it"},
    )
    reason = forms.ChoiceField(
        label="Why is it not shown?",
        choices=WithholdingReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it is not shown"},
    )
    explanation = LongTextField(
        label="Explain why, for colleagues",
        help_text="Colleagues who look after the person read this. The person does not",
        max_length=1_000,
        error_messages={"required": "Enter why, for colleagues who look after the person"},
    )
    review_on = DateField(
        label="When will this be looked at again?",
        subject="review date",
        help_text="Within 12 months. It stays withheld until somebody ends it",
        error_messages={"required": "Enter when this will be looked at again"},
    )

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped = [
            (section, [(each.uid, each.label) for each in rows])
            for section, rows in groupby(questions, key=lambda each: each.section)
        ]
        self.fields["question"].choices = [("", "Select a question"), *grouped]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """The arguments of `withhold_answer`."""
        cleaned = dict(self.cleaned_data)
        who = cleaned.pop("who")
        return cleaned | {
            "uid": cleaned.pop("question"),
            "from_person": who in (BOTH, PERSON),
            "from_delegates": who in (BOTH, DELEGATES),
        }
