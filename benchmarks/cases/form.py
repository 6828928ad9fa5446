"""A page of 180 questions: beside an empty page, and its drawing and judging beside a plain Django form's."""

from typing import Any

from django import forms
from django.http import QueryDict

from benchmarks import data
from benchmarks.harness import Case, Part
from benchmarks.requests import Browser
from careplan_forms.schema.compiler import compile_form
from careplan_forms.selectors import plans as selectors


def build() -> list[Case]:
    _, nurse, _ = data.practice()
    plan = data.plan_on_long_form(nurse)
    browser = Browser(nurse)
    page, empty = browser.get(f"/plans/{plan.public_id}/sections/all/"), browser.get("/benchmarks/empty/")
    assert page().count(b"Question ") >= data.FIELDS
    compiled = compile_form(plan.form_version.document, sha256=plan.form_version.sha256)
    answers = selectors.working_view(plan, nurse).answers
    posted = QueryDict("&".join(f"{compiled.items[f'q{n}'].name}=Words" for n in range(0, data.FIELDS, 6)))
    assert not compiled.parse_section("all", posted, {})[1]

    def draw() -> str:
        return str(compiled.render_section("all", answers))

    assert draw().count("Question ") >= data.FIELDS
    return [
        Case("form page / empty page", Part("page", page), Part("empty page", empty)),
        Case("form drawn / Django form drawn", Part("compiled", draw), Part("as_div", django_form_drawn)),
        Case(
            "form judged / Django form judged",
            Part("compiled", lambda: compiled.parse_section("all", posted, {})),
            Part("full_clean", lambda: django_form(posted).is_valid()),
        ),
    ]


def django_form(data_given: Any = None, count: int = data.FIELDS) -> forms.Form:
    """The ordinary way: a form class built for the request from the same questions."""
    choices = [(each, each.title()) for each in data.OPTIONS]
    kinds: list[Any] = [
        lambda label: forms.CharField(label=label, max_length=500, required=False),
        lambda label: forms.NullBooleanField(label=label, required=False),
        lambda label: forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False),
        lambda label: forms.DateField(label=label, required=False),
        lambda label: forms.CharField(label=label, widget=forms.Textarea, max_length=500, required=False),
        lambda label: forms.CharField(label=label, required=False),
    ]
    fields = {f"q{number}": kinds[number % 6](f"Question {number}?") for number in range(count)}
    made: forms.Form = type("PlainForm", (forms.Form,), fields)(data_given)
    return made


def django_form_drawn() -> str:
    return django_form().as_div()
