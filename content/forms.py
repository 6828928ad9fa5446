"""The quiz as a form, the certificate check, and the cookie choice."""

from typing import Any

from django import forms

from content.models import CoursePage
from core.forms import NHSForm


class QuizForm(NHSForm):
    """One radio group a question, in the course's order."""

    def __init__(self, course: CoursePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in course.quiz:
            options = question.value["answers"].bound_blocks
            self.fields[question.id] = forms.ChoiceField(
                label=question.value["text"],
                choices=[(option.id, option.value["text"]) for option in options],
                widget=forms.RadioSelect,
                error_messages={"required": f"Select an answer: {question.value['text']}"},
            )


class CertificateForm(NHSForm):
    """A code from a certificate."""

    code = forms.CharField(label="Certificate code", max_length=20)


class CookieForm(NHSForm):
    """May the sign-in page remember the e-mail address on this device?"""

    remember = forms.ChoiceField(
        label="May we keep your email address on this device, so that you need not type it to sign in?",
        choices=[("yes", "Yes, remember it"), ("no", "No, do not remember it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes or no"},
    )
