"""What is made of a form for people outside the service: blank forms to fill in with a pen, and data dictionaries."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from careplan_forms import papers
from careplan_forms.dictionaries import MEDIA_TYPE, dictionary_workbook
from careplan_forms.selectors import definitions as read
from careplan_forms.views.sign_off import check_may_read
from core import documents
from core.exceptions import Refused
from governance.http import ActorRequest

_TEMPLATE = "careplan_forms/designer/blank.jinja"


@require_http_methods(["GET", "POST"])
def blank(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """A version or the draft as a blank form; posted, the worker draws it as a PDF."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    edition = papers.edition_of(definition, number)
    asked = {"reader": request.GET.get("for", ""), "language": request.GET.get("language", "")}
    paper = papers.blank_form(edition, **asked)
    drawable = papers.can_be_drawn(paper)
    if request.method == "POST":
        if not drawable:
            raise Refused("Print the page from your browser: our PDFs cannot draw this language well")
        large = request.POST.get("size") == "large"
        run = papers.request_blank(paper, owner=str(request.actor.user_id), large=large)
        return redirect("forms_blank_pdf", public_id=public_id, run_id=run.pk)
    context: dict[str, Any] = {
        "paper": paper,
        "drawable": drawable,
        "readers": papers.READERS,
        "languages": papers.languages_of(edition),
        "back_url": reverse("forms_versions", args=[public_id]),
    }
    return render(request, _TEMPLATE, context)


@require_GET
def blank_pdf(request: ActorRequest, public_id: UUID, run_id: UUID) -> HttpResponseBase:
    """The PDF when it is drawn, for whoever asked for it and nobody else."""
    check_may_read(request.actor, read.definition_by_id(public_id))
    return documents.respond(request, run_id, owner=str(request.actor.user_id), what="We are drawing the blank form.")


@require_GET
def dictionary(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """The data dictionary of a version, or of the draft, as a spreadsheet."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    edition = papers.edition_of(definition, number)
    response = HttpResponse(dictionary_workbook(edition), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{edition.stem}-dictionary.xlsx"'
    return response
