"""Previews: a form drawn by the same compiler that draws it for clinicians and people, without anybody's answers."""

from typing import Any

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.schema.compiler import Audience, compile_form
from careplan_forms.selectors import form_drafts


def preview_section(request: HttpRequest, section: FormSection, mode: str) -> HttpResponse:
    """One section as it stands in the editor, saved or not."""
    return drawn(request, form_drafts.document_of_section(section), mode)


def preview_definition(request: HttpRequest, definition: FormDefinition, mode: str) -> HttpResponse:
    """Every section of a form, as last saved."""
    return drawn(request, form_drafts.document_of(definition), mode)


def drawn(request: HttpRequest, document: dict[str, Any], mode: str) -> HttpResponse:
    """A document as a page that may stand in a frame of the administration and nowhere else."""
    audience: Audience = "patient" if mode == "patient" else "clinician"
    form = compile_form(document, audience=audience)
    sections = [
        {"title": section.title, "hint": section.hint, "html": form.render_section(section.key, {})}
        for section in form.sections
    ]
    context = {"title": document["title"], "sections": sections}
    response = render(request, "careplan_forms/designer/preview.jinja", context)
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response
