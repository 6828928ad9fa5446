"""Previews: a form drawn by the same compiler and presenters that draw it for clinicians, people and crews."""

import datetime
from dataclasses import replace
from typing import Any

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from careplan_forms.models import FormDefinition, FormSection, FormTestCase
from careplan_forms.presenters import emergency_words, previews
from careplan_forms.schema.cases import Case
from careplan_forms.schema.states import state_of
from careplan_forms.selectors import form_drafts, form_tests
from core import clock
from governance.decisions import Decision
from governance.enums import RoleKey

_TEMPLATES = {"emergency": "preview_emergency", "paper": "preview_paper"}


def modes_of(row: Any) -> list[tuple[str, str]]:
    """The ways of looking at a form or a section, each also with every test person."""
    people = form_tests.people_for_section(row) if isinstance(row, FormSection) else form_tests.rows_of(row)
    return previews.modes_for(people)


def preview(request: HttpRequest, row: Any, mode_name: str) -> HttpResponse:
    """A form or a section in the administration's preview panel."""
    draw: Any = preview_section if isinstance(row, FormSection) else preview_definition
    response: HttpResponse = draw(request, row, mode_name)
    return response


def preview_section(request: HttpRequest, section: FormSection, mode_name: str) -> HttpResponse:
    """One section as it stands in the editor, saved or not, among the other sections of its form."""
    document = form_drafts.document_around(section)
    mode, key = previews.split_mode(mode_name)
    person = form_tests.person_for_section(section, key)
    return drawn(request, document | {"title": section.title}, mode, person, only=document_key(document, section))


def preview_definition(request: HttpRequest, definition: FormDefinition, mode_name: str) -> HttpResponse:
    """Every section of a form, as last saved."""
    mode, key = previews.split_mode(mode_name)
    person = form_tests.case_by_key(definition, key)
    return drawn(request, form_drafts.document_of(definition), mode, person)


def document_key(document: dict[str, Any], section: FormSection) -> str:
    """The key under which a section stands in its document; one without a key yet is the only one there."""
    return section.key or str(document["sections"][0]["key"])


def drawn(
    request: HttpRequest,
    document: dict[str, Any],
    mode: str,
    person: FormTestCase | None = None,
    only: str | None = None,
) -> HttpResponse:
    """A document as a page that may stand in a frame of the administration and nowhere else."""
    case = case_for(mode, person)
    context: dict[str, Any] = {"title": document["title"], "person": person.title if person else "", "choices": None}
    context |= {"drawn_in": previews.drawn_in(document, request.GET)}
    response = render(request, *page_of(document, mode, case, context | {"back_url": ""}, only))
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response


def case_for(mode: str, person: FormTestCase | None, today: datetime.date | None = None) -> Case:
    """The test person as looked at in this mode; without one, nobody's answers."""
    case = form_tests.case_of(person) if person else Case("", "", today or clock.today())
    return replace(case, audience="patient" if mode == "patient" else "clinician", today=today or case.today)


def page_of(
    document: dict[str, Any], mode: str, case: Case, context: dict[str, Any], only: str | None = None
) -> tuple[str, dict[str, Any]]:
    """The template of a mode, and what it draws."""
    form = form_tests.form_for(case, document, language=context["drawn_in"].language)
    state, _ = state_of(form, case)
    if mode in previews.FILLED_IN:
        sections = previews.sections_of(form, state.answers, only=only)
        return "careplan_forms/designer/preview.jinja", context | {"sections": sections}
    form = form_tests.form_for(replace(case, role=RoleKey.URGENT_READER), document)
    view = previews.emergency_view(form, state.answers, clock.now(), case.today)
    shown = {"view": view, "words": emergency_words, "decision": Decision(allowed=True), "code": ""}
    return f"careplan_forms/designer/{_TEMPLATES[mode]}.jinja", context | shown
