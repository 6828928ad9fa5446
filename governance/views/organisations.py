"""The register of organisations and the page of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from core import clock
from core.exports import csv_bytes
from core.forms import refusals_on
from governance import gate, panels, presenters
from governance.enums import Action
from governance.filters import OrganisationFilter
from governance.forms import OrganisationDetailsForm, OrganisationForm, PostForm, ReasonForm
from governance.http import ActorRequest
from governance.selectors import agreements, areas, organisations, staff
from governance.services import accounts, audit
from governance.services import organisations as service
from governance.tables import OrganisationTable, StaffTable
from governance.views.pages import asked


@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """Every organisation the viewer may see, with what their agreements amount to."""
    found = OrganisationFilter(request.GET, queryset=organisations.visible_to(request.actor))
    table = OrganisationTable(found.qs)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    may_register = gate.decide(request.actor, Action.ORGANISATION_JOIN).allowed
    context = {"table": table, "filter": found, "may_register": may_register}
    return render(request, "governance/register.jinja", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """The register as CSV, as it is filtered; no cell of it runs as a formula."""
    found = OrganisationFilter(request.GET, queryset=organisations.visible_to(request.actor))
    rows = list(found.qs.order_by("name"))
    audit.record_read(by=request.actor, action="organisation.exported", detail={"rows": len(rows)})
    heading = ["Name", "ODS code", "Kind of care", "Agreement", "Suspended"]
    lines = [
        [
            row.name,
            row.ods_code,
            row.get_care_setting_display(),
            presenters.agreement_words(organisations.state_of(row))[0],
            "Yes" if row.suspended_at else "No",
        ]
        for row in rows
    ]
    response = HttpResponse(csv_bytes([heading, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return response


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Bring an organisation in."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            row = service.register(by=request.actor, **form.cleaned_data)
            messages.success(request, "The organisation is in the register")
            return redirect("governance:organisation", row.public_id)
    return asked(request, form, "Add an organisation", "Add organisation", "governance:register")


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One organisation: agreements, posts, places, staff list and training."""
    row = organisations.visible(public_id, request.actor)
    today = clock.today()
    entries = list(staff.of_organisation(row, request.actor))
    context = {
        "organisation": row,
        "state": presenters.agreement_words(organisations.state_of(row)),
        "agreements": [
            (agreement, presenters.agreement_words(agreements.state_of(agreement)))
            for agreement in agreements.of_organisation(row, request.actor)
        ],
        "contacts": organisations.contacts_of(row, request.actor),
        "areas": areas.of_organisation(row, today),
        "staff": StaffTable(entries, on=today),
        "training": staff.training_summary(entries, today),
        "panels": panels.of(request.actor, "organisation", row.public_id),
        "may_join": gate.decide(request.actor, Action.ORGANISATION_JOIN).allowed,
        "may_read_sent": gate.decide(request.actor, Action.NOTICE_READ, row).allowed,
        "may_set_webhooks": gate.decide(request.actor, Action.WEBHOOK_SET, row).allowed,
        "may_list": gate.decide(request.actor, Action.STAFF_LIST_MANAGE, row).allowed,
    }
    return render(request, "governance/organisation.jinja", context)


@require_http_methods(["GET", "POST"])
def amend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Correct an organisation's details."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    row = organisations.visible(public_id, request.actor)
    details = {name: getattr(row, name) for name in OrganisationDetailsForm.base_fields if name != "reason"}
    form = OrganisationDetailsForm(request.POST or None, initial=details)
    if form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data if name in details}
        with refusals_on(form):
            service.amend(organisation=row, by=request.actor, reason=form.cleaned_data["reason"], **changed)
            messages.success(request, "The details are changed")
            return redirect("governance:organisation", row.public_id)
    return asked(request, form, "Change details", "Save", "governance:organisation", row.public_id, about=row.name)


@require_http_methods(["GET", "POST"])
def suspend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop an organisation at once."""
    return _with_reason(
        request, public_id, service.suspend, "Suspend this organisation", "Suspend", "The organisation is suspended"
    )


@require_http_methods(["GET", "POST"])
def resume(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Let an organisation go on."""
    return _with_reason(
        request, public_id, service.resume, "End the suspension", "End suspension", "The suspension has ended"
    )


@require_http_methods(["GET", "POST"])
def appoint(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Record who holds a post."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    row = organisations.visible(public_id, request.actor)
    form = PostForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_on(form):
            _appointed(organisation=row, by=request.actor, **{name: data[name] for name in form.fields})
            messages.success(request, "The post is recorded")
            return redirect("governance:organisation", row.public_id)
    means = (
        "A post alone opens no page. To sign here, a Caldicott Guardian has to be on the staff list in that role too."
    )
    return asked(
        request, form, "Record who holds a post", "Save", "governance:organisation", row.public_id, means=means
    )


def _appointed(
    *, organisation: Any, email: str, first_name: str, last_name: str, post: str, evidence: str, by: Any
) -> Any:
    user = accounts.for_email(email=email, first_name=first_name, last_name=last_name, by=by)
    return service.appoint(organisation=organisation, user=user, post=post, evidence=evidence, by=by)


def _with_reason(request: ActorRequest, public_id: UUID, act: Any, title: str, button: str, done: str) -> HttpResponse:
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    row = organisations.visible(public_id, request.actor)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            act(organisation=row, by=request.actor, **form.cleaned_data)
            messages.success(request, done)
            return redirect("governance:organisation", row.public_id)
    return asked(request, form, title, button, "governance:organisation", row.public_id, warning=True)
