"""The staff list: putting people on it, ending, suspending, reinstating."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.forms import refusals_on
from governance import gate, presenters
from governance.enums import Action
from governance.forms import EndForm, ReasonForm, StaffForm
from governance.http import ActorRequest
from governance.selectors import organisations, staff
from governance.services import staff as service
from governance.views.pages import asked


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Put somebody on an organisation's staff list."""
    gate.check(request.actor, Action.STAFF_LIST_MANAGE)
    row = organisations.visible(public_id, request.actor)
    gate.check(request.actor, Action.STAFF_LIST_MANAGE, row)
    titles = staff.job_titles(request.actor)
    asked_for = {"role": request.GET.get("role", "")}
    form = StaffForm(request.POST or None, initial=asked_for, role_of_actor=request.actor.role, job_titles=titles)
    if form.is_valid():
        with refusals_on(form):
            entry = service.invite(organisation=row, by=request.actor, **form.cleaned_data)
            messages.success(request, "The person is on the staff list")
            return redirect("governance:staff_entry", entry.public_id)
    return asked(request, form, "Put somebody on the staff list", "Save", "governance:organisation", row.public_id)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One place on a staff list."""
    row = staff.visible(public_id, request.actor)
    context = {
        "entry": row,
        "listed": presenters.listed_words(row, clock.today()),
        "may_change": gate.decide(request.actor, Action.STAFF_LIST_MANAGE, row.organisation).allowed
        and row.user_id != request.actor.user_id,
    }
    return render(request, "governance/staff_entry.jinja", context)


@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _changed(request, public_id, EndForm, service.end, "End this place on the staff list", "End")


@require_http_methods(["GET", "POST"])
def suspend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _changed(request, public_id, ReasonForm, service.suspend, "Suspend this person", "Suspend")


@require_http_methods(["GET", "POST"])
def reinstate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _changed(request, public_id, ReasonForm, service.reinstate, "Reinstate this person", "Reinstate")


def _changed(
    request: ActorRequest, public_id: UUID, form_class: Any, act: Any, title: str, button: str
) -> HttpResponse:
    gate.check(request.actor, Action.STAFF_LIST_MANAGE)
    row = staff.visible(public_id, request.actor)
    gate.check(request.actor, Action.STAFF_LIST_MANAGE, row.organisation)
    form = form_class(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            act(entry=row, by=request.actor, **form.cleaned_data)
            messages.success(request, "It is done and recorded")
            return redirect("governance:staff_entry", row.public_id)
    return asked(request, form, title, button, "governance:staff_entry", row.public_id, warning=True)
