"""The library of reports, one report, and the same as a file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import clock, documents
from core.date_format import staff_moment
from governance.enums import Action
from governance.gate import check
from governance.http import ActorRequest
from governance.services.audit import record_read
from reporting.documents import KIND
from reporting.exports import to_csv
from reporting.forms import PeriodForm, usual_period
from reporting.reports import REPORTS, Report
from reporting.reports.base import Period


@require_GET
def library(request: ActorRequest) -> HttpResponse:
    """Every report, with what it says."""
    check(request.actor, Action.REPORT_READ)
    return render(request, "reporting/library.jinja", {"reports": list(REPORTS.values())})


@require_GET
def report(request: ActorRequest, key: str) -> HttpResponse:
    """A report over a period: tables first, the chart under them with the same figures."""
    found, form, period = _asked(request, key)
    context: dict[str, Any] = {"report": found, "form": form, "period": period, "tables": [], "counted_at": clock.now()}
    if period:
        context["tables"] = found.tables(request.actor, period)
        _recorded(request, found, "page")
    return render(request, "reporting/report.jinja", context)


@require_GET
def download(request: ActorRequest, key: str) -> HttpResponse:
    """The report as CSV."""
    found, form, period = _asked(request, key)
    if period is None:
        return render(request, "reporting/report.jinja", {"report": found, "form": form, "period": None, "tables": []})
    tables = (found.detail or found.tables)(request.actor, period)
    _recorded(request, found, "csv")
    response = HttpResponse(to_csv(found, period, tables), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}-{period.end}.csv"'
    return response


@require_POST
def request_pdf(request: ActorRequest, key: str) -> HttpResponse:
    """Count now, for this viewer, and let the worker draw the figures."""
    found, form, period = _asked(request, key)
    if period is None:
        return render(request, "reporting/report.jinja", {"report": found, "form": form, "period": None, "tables": []})
    tables = found.tables(request.actor, period)
    _recorded(request, found, "pdf")
    run = documents.request_document(
        KIND,
        owner=str(request.actor.user_id),
        title=found.title,
        period=str(period),
        counted_at=staff_moment(clock.now()),
        tables=[{"caption": t.caption, "columns": list(t.columns), "rows": [list(r) for r in t.rows]} for t in tables],
        definition=list(found.definition),
    )
    return redirect("reporting:pdf", run_id=run.pk)


@require_GET
def pdf(request: ActorRequest, run_id: UUID) -> HttpResponseBase:
    """The PDF when it is drawn; only whoever asked for it has it."""
    check(request.actor, Action.REPORT_READ)
    return documents.respond(request, run_id, owner=str(request.actor.user_id), what="the report")


def _asked(request: ActorRequest, key: str) -> tuple[Report, PeriodForm, Period | None]:
    check(request.actor, Action.REPORT_READ)
    if key not in REPORTS:
        raise Http404
    start, end = usual_period(clock.today())
    asked = any(name.startswith(("start", "end")) for name in request.GET)
    form = PeriodForm(request.GET) if asked else PeriodForm(initial={"start": start, "end": end})
    if not asked:
        return REPORTS[key], form, Period(start, end)
    if not form.is_valid():
        return REPORTS[key], form, None
    return REPORTS[key], form, Period(form.cleaned_data["start"], form.cleaned_data["end"])


def _recorded(request: ActorRequest, found: Report, form: str) -> None:
    record_read(
        by=request.actor,
        action="report.read",
        target=("report", found.key),
        detail={"as": form},
    )
