"""The worklist as a table."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from careplan_forms.models import CarePlan
from careplan_forms.presenters.plans import states
from core import clock
from core.date_format import staff_date, staff_moment
from core.nhs_number import spaced
from core.pagination import KeysetTable

_BESIDE = "nhsuk-body-s nhsuk-u-margin-bottom-0 nhsuk-u-font-weight-normal nhsuk-u-secondary-text-colour"
_COLOURS = {"good": "green", "attention": "yellow", "bad": "red", "waiting": "blue", "neutral": "grey"}


class WorklistTable(KeysetTable):
    """Plans with whose they are and where they stand; nothing of what is in them."""

    caption = "Plans"

    person = tables.Column(empty_values=(), verbose_name="Person")
    born = tables.Column(accessor="patient__date_of_birth", verbose_name="Born")
    nhs_number = tables.Column(accessor="patient__nhs_number", verbose_name="NHS number")
    stands = tables.Column(empty_values=(), verbose_name="Where it stands")
    review_on = tables.Column(verbose_name="Next review", default="Not set")
    owner = tables.Column(accessor="owner__name", verbose_name="Held by")
    updated_at = tables.Column(verbose_name="Last change")

    def render_person(self, record: CarePlan) -> Any:
        person = record.patient
        name = f"{person.family_name.upper()}, {person.given_names}" + (f" ({person.title})" if person.title else "")
        kind = record.form_version.definition.title
        return format_html(
            '<a href="{}">{}</a><div class="{}">{}</div>',
            reverse("careplan_forms:plan", args=[record.public_id]),
            name,
            _BESIDE,
            kind,
        )

    def render_born(self, value: Any) -> Any:
        return format_html('<span class="fw-number">{}</span>', staff_date(value))

    def render_nhs_number(self, value: str) -> Any:
        return format_html('<span class="fw-number">{}</span>', spaced(value))

    def render_stands(self, record: CarePlan) -> Any:
        tags = [(_COLOURS[state.mood], state.text) for state in states(record, clock.today())]
        return format_html_join(" ", '<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', tags)

    def render_review_on(self, value: Any) -> str:
        return staff_date(value)

    def render_updated_at(self, value: Any) -> str:
        return staff_moment(value)
