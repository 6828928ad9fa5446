"""Forms in and out of the administration: brought in as a draft after its report was seen, and sent out as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from careplan_forms import brought, design_permissions
from careplan_forms.exporting import EXPORT_FORMATS, export_version
from careplan_forms.forms.bringing import BringForm, KeepForm
from careplan_forms.models import FormDefinition
from careplan_forms.schema.bringing import read_form
from careplan_forms.schema.fhir.report import ImportReport, ImportResult
from careplan_forms.schema.linter import errors
from careplan_forms.selectors import definitions as read
from careplan_forms.services import definitions
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Absent
from core.forms import refusals_on
from governance.actors import Actor
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME

_TITLE = "Bring a form in"


@require_http_methods(["GET", "POST"])
def bring(request: ActorRequest) -> HttpResponse:
    """Choose a file or paste a text; the answer is the report on it, and nothing is kept yet."""
    actor = request.actor
    design_permissions.check_user_can_shape_all(actor)
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "bring", {"form": form}, 400 if form.is_bound else 200)
    content, format = form.content(), form.cleaned_data["format"]
    result = read_form(content, format)
    if result.document is None:
        return _page(request, "bring", {"form": form, "report": result.report}, 400)
    token = brought.put_aside(actor, content, format)
    keep = KeepForm(initial={"token": token, "key": result.document["key"]})
    return _page(request, "brought", _report_context(result) | {"form": keep})


@require_POST
def keep(request: ActorRequest) -> HttpResponse:
    """Keep what was brought as the draft of a new form."""
    actor = request.actor
    design_permissions.check_user_can_shape_all(actor)
    form = KeepForm(request.POST)
    found = brought.find(actor, request.POST.get("token", "")[:64])
    if found is None:
        refused = BringForm()
        report = ImportReport(refusal="What you brought was put aside for an hour and is gone. Bring it again.")
        return _page(request, "bring", {"form": refused, "report": report}, 400)
    result = read_form(found[0], found[1])  # type: ignore[arg-type]
    if form.is_valid() and result.document is not None:
        made = _create(actor, result.document | {"key": form.cleaned_data["key"]}, form)
        if made is not None:
            brought.forget(actor, form.cleaned_data["token"])
            messages.success(
                request, f"“{made.title}” is kept as a draft. Nobody can fill it in before it is signed off."
            )
            return redirect(edit_crumb(made)["url"])
    return _page(request, "brought", _report_context(result) | {"form": form}, 400)


@require_GET
def export(request: ActorRequest, public_id: UUID, number: str, format: str) -> HttpResponse:
    """One version as a file."""
    definition = read.definition_by_id(public_id)
    actor = request.actor
    if not design_permissions.user_can_sign_off(actor):
        design_permissions.check_user_can_edit(actor, definition)
    if format not in EXPORT_FORMATS:
        raise Absent
    exported = export_version(read.version_numbered(definition, number[:9]), format)
    response = HttpResponse(exported.content, content_type=exported.media_type)
    response["Content-Disposition"] = f'attachment; filename="{exported.filename}"'
    return response


def _create(actor: Actor, document: dict[str, Any], form: KeepForm) -> FormDefinition | None:
    with refusals_on(form):
        return definitions.create_from_document(document=document, by=actor)
    return None


def _report_context(result: ImportResult) -> dict[str, Any]:
    """What the page shows of a report: figures, notes, and every item with what became of it."""
    faults = errors(result.document) if result.document else []
    told = [line for line in result.report.items if line.outcome != "kept"]
    return {
        "report": result.report,
        "counts": result.report.counts(),
        "told": told,
        "kept": len(result.report.items) - len(told),
        "faults": faults[:50],
        "more_faults": max(len(faults) - 50, 0),
        "sections": len(result.document["sections"]) if result.document else 0,
    }


def _page(request: ActorRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    title = _TITLE if template == "bring" else f"What became of “{context['report'].title}”"
    crumbs = [HOME, {"url": reverse("forms_bring"), "label": _TITLE}] if template != "bring" else [HOME]
    frame = {
        "header_title": _TITLE,
        "header_icon": "download",
        "page_heading": title,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
    return render(request, f"careplan_forms/designer/{template}.html", frame | context, status=status)
