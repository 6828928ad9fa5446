"""Emergency reading: search, reason, read. No JavaScript, no flow engine, no CMS."""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from careplan_forms.forms.emergency import DetailsSearchForm, NumberSearchForm, ReasonForm
from careplan_forms.models import PlanSummary
from careplan_forms.presenters import emergency_words
from careplan_forms.presenters.emergency import present
from careplan_forms.services import emergency
from core import clock, documents
from core.nhs_number import spaced
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.http import ActorRequest

#: How long a reason holds for one plan before it is asked again.
REASON_HOLDS = datetime.timedelta(minutes=30)


@never_cache
@require_http_methods(["GET", "POST"])
def search(request: ActorRequest) -> HttpResponse:
    """Find the person: by number first, other details below."""
    check(request.actor, Action.EMERGENCY_READ)
    by_details = "family_name" in request.POST
    number = NumberSearchForm(request.POST if request.method == "POST" and not by_details else None)
    details = DetailsSearchForm(request.POST if by_details else None)
    if number.is_bound and number.is_valid():
        return _searched(request, *_by_number(request, number))
    if details.is_bound and details.is_valid():
        return _searched(request, *_by_details(request, details))
    context = {"number": number, "details": details, "has_errors": number.errors or details.errors}
    return render(request, "careplan_forms/urgent_care/search.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def reason(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Ask why, once; the person is shown so that the wrong one is noticed before the plan is open."""
    summary = emergency.find_for_reading(by=request.actor, plan_id=plan_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reasons = request.session.get("emergency_reasons", {})
        reasons[str(plan_id)] = [form.purpose(), clock.now().isoformat()]
        request.session["emergency_reasons"] = reasons
        return redirect("careplan_forms:emergency-read", plan_id=plan_id)
    return _page(request, summary, "careplan_forms/urgent_care/reason.jinja", form=form)


@never_cache
@require_GET
def read(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The emergency view."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    summary = emergency.read_plan(by=by, plan_id=plan_id)
    return _page(request, summary, "careplan_forms/urgent_care/view.jinja")


@never_cache
@require_POST
def access_code(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The same page with the key-safe code in its slot, this once."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    code = emergency.reveal_access_code(by=by, plan_id=plan_id)
    summary = emergency.find_for_reading(by=by, plan_id=plan_id)
    return _page(request, summary, "careplan_forms/urgent_care/view.jinja", code=code)


@never_cache
@require_GET
def paper(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The A4 page as HTML: the twin of the PDF, without the access code."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    summary = emergency.read_plan(by=by, plan_id=plan_id)
    return _page(request, summary, "careplan_forms/urgent_care/paper.jinja")


@never_cache
@require_POST
def request_pdf(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Ask for the A4 page as a PDF and wait for it at an address of its own."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    run = emergency.request_paper(by=by, plan_id=plan_id)
    return redirect("careplan_forms:emergency-pdf", run_id=run.pk)


@never_cache
@require_GET
def pdf(request: ActorRequest, run_id: UUID) -> HttpResponseBase:
    """The PDF when the worker has drawn it; whoever did not ask for it is told there is none."""
    check(request.actor, Action.EMERGENCY_READ)
    owner = str(request.actor.user_id)
    return documents.respond(request, run_id, owner=owner, what="the emergency page")


@never_cache
@require_GET
def full(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Every section of the approved version, behind the same reason."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    summary, sections = emergency.read_full_plan(by=by, plan_id=plan_id)
    return _page(request, summary, "careplan_forms/urgent_care/full.jinja", sections=sections)


def with_reason(request: ActorRequest, plan_id: UUID) -> Actor | None:
    """The actor with the reason given for this plan, or None when none holds any more.

    Whoever may not read at all is told so here, before any reason is asked for.
    """
    given = request.session.get("emergency_reasons", {}).get(str(plan_id))
    if not given or clock.now() - datetime.datetime.fromisoformat(given[1]) > REASON_HOLDS:
        check(request.actor, Action.EMERGENCY_READ)
        return None
    return request.actor.for_purpose(given[0])


def _present(summary: PlanSummary) -> Any:
    now = clock.now()
    return present(summary, now=now, today=clock.today(now))


def _page(request: ActorRequest, summary: PlanSummary, template: str, **extra: Any) -> HttpResponse:
    shown = {"view": _present(summary), "words": emergency_words, "decision": summary.read_under}
    context = {**shown, "code": "", **extra}
    return render(request, template, context)


def _by_number(request: ActorRequest, form: NumberSearchForm) -> tuple[list[PlanSummary], str]:
    number = form.cleaned_data["nhs_number"]
    found = emergency.search_by_number(by=request.actor, nhs_number=number)
    return found, f"NHS number {spaced(number)}"


def _by_details(request: ActorRequest, form: DetailsSearchForm) -> tuple[list[PlanSummary], str]:
    given = form.cleaned_data
    found = emergency.search_by_details(
        by=request.actor,
        family_name=given["family_name"],
        date_of_birth=given["date_of_birth"],
        postcode=given["postcode"],
    )
    born = given["date_of_birth"].strftime("%d-%b-%Y") if given["date_of_birth"] else ""
    parts = [
        f"surname {given['family_name']}",
        f"born {born}" if born else "",
        f"postcode {given['postcode']}",
    ]
    return found, ", ".join(part for part in parts[: 2 + bool(given["postcode"])] if part)


def _searched(request: ActorRequest, found: list[PlanSummary], searched: str) -> HttpResponse:
    if len(found) == 1:
        return redirect("careplan_forms:emergency-reason", plan_id=found[0].plan_public_id)
    context = {"views": [_present(summary) for summary in found], "searched": searched, "at": clock.now()}
    return render(request, "careplan_forms/urgent_care/results.jinja", context)
