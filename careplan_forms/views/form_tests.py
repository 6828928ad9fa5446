"""The test cases of a form in the administration: how they come out, what they expect, keeping and deleting them."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.forms.designer import TestCaseForm
from careplan_forms.models import FormDefinition
from careplan_forms.presenters.test_cases import case_page, list_page
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts, form_tests
from careplan_forms.services import form_tests as services
from careplan_forms.views.sign_off import check_may_read, edit_crumb
from core.forms import refusals_on
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME


@require_GET
def tests(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Every test case of a form, run against its present drafts."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    document = form_drafts.document_of(definition)
    context = {"page": list_page(form_tests.rows_of(definition), document)}
    return _page(request, definition, "tests", f"Test cases of “{definition.title}”", context, [])


@require_http_methods(["GET", "POST"])
def test(request: ActorRequest, public_id: UUID, case_id: UUID) -> HttpResponse:
    """One test case: what came out, and what it expects, to tick."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    row = form_tests.case_by_id(definition, case_id)
    page = case_page(row, form_drafts.document_of(definition))
    form = TestCaseForm(request.POST or None, initial={"title": row.title})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            expects = page.ticked(request.POST.getlist("expect"))
            services.change_case(row=row, title=form.cleaned_data["title"], expects=expects, by=request.actor)
            messages.success(request, f"Saved “{row.title}”.")
            return redirect("forms_tests", public_id=public_id)
    context = {"row": row, "page": page, "form": form}
    return _page(request, definition, "test", f"Test case “{row.title}”", context, [_tests_crumb(definition)])


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, public_id: UUID, case_id: UUID) -> HttpResponse:
    """Ask once, then delete."""
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(request.actor, definition)
    row = form_tests.case_by_id(definition, case_id)
    if request.method == "POST":
        services.delete_case(row=row, by=request.actor)
        messages.success(request, f"Deleted “{row.title}”.")
        return redirect("forms_tests", public_id=public_id)
    return _page(request, definition, "test_delete", f"Delete “{row.title}”?", {"row": row}, [_tests_crumb(definition)])


@require_GET
def export(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The form's canonical document and its test cases as one file, for pipelines and other services."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    data = form_tests.with_cases(form_drafts.document_of(definition), form_tests.cases_of(definition))
    headers = {"Content-Disposition": f'attachment; filename="{definition.key}.json"'}
    body = json.dumps(data, ensure_ascii=False, indent=2)
    return HttpResponse(body, content_type="application/json", headers=headers)


def _tests_crumb(definition: FormDefinition) -> dict[str, str]:
    return {"url": reverse("forms_tests", args=[definition.public_id]), "label": "Test cases"}


def _page(
    request: ActorRequest,
    definition: FormDefinition,
    template: str,
    title: str,
    context: dict[str, Any],
    crumbs: list[dict[str, str]],
) -> HttpResponse:
    may_edit = design_permissions.user_can_edit(request.actor, definition)
    first = [HOME, edit_crumb(definition)] if may_edit else [HOME]
    frame = {
        "header_title": "Test cases",
        "header_icon": "circle-check",
        "page_heading": title,
        "breadcrumbs_items": [*first, *crumbs, {"url": "", "label": title}],
        "definition": definition,
        "may_edit": may_edit,
    }
    status = 400 if "form" in context and context["form"].is_bound else 200
    return render(request, f"careplan_forms/designer/{template}.html", frame | context, status=status)
