"""Who can see a plan beside the staff: the person's own account, and those who act for them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from careplan_forms import permissions
from careplan_forms.forms.portal import DelegateForm, GiveAccountForm
from careplan_forms.models import CarePlan
from careplan_forms.presenters.my_plan import delegates
from careplan_forms.presenters.plans import around
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors import portal as portal_selectors
from careplan_forms.services import portal, reading
from core import clock
from core.forms import refusals_on
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_GET
def people(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Everybody who can see the plan, and why."""
    found = _read(request, plan_id)
    form = selectors.form_in_force(found)
    rows = portal_selectors.delegations_of(viewer=request.actor, plan=found)
    context = around(found, clock.today()) | {
        "account": portal_selectors.account_of(viewer=request.actor, plan=found),
        "delegates": delegates(rows, form, clock.today()),
        "consent": permissions.newest_consent(found.patient),
    }
    return render(request, "careplan_forms/plans/access.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def give_account(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Give the person an account, having made sure who they are."""
    found = _read(request, plan_id)
    form = GiveAccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            portal.give_account(by=request.actor, plan=found, now=clock.now(), **form.cleaned_data)
            messages.success(request, "The person can see their plan. They are told by email how to sign in.")
            return redirect("careplan_forms:plan-access", plan_id=plan_id)
    context = around(found, clock.today()) | {"form": form}
    return render(request, "careplan_forms/plans/give_account.jinja", context)


@require_POST
def end_account(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """End the person's account."""
    found = _get(request, plan_id)
    if portal.end_account(by=request.actor, plan=found, now=clock.now()):
        messages.success(request, "The account shows nothing any more.")
    return redirect("careplan_forms:plan-access", plan_id=plan_id)


@never_cache
@require_http_methods(["GET", "POST"])
def delegate(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Give somebody access who acts for the person."""
    found = _read(request, plan_id)
    sections = [(section.key, section.title) for section in selectors.form_in_force(found).sections]
    form = DelegateForm(request.POST if request.method == "POST" else None, sections=sections)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            portal.delegate(by=request.actor, plan=found, now=clock.now(), **form.cleaned_data)
            messages.success(request, "They can see the plan. They are told by email how to sign in.")
            return redirect("careplan_forms:plan-access", plan_id=plan_id)
    context: dict[str, Any] = around(found, clock.today()) | {"form": form}
    return render(request, "careplan_forms/plans/delegate.jinja", context)


@require_POST
def end_delegation(request: ActorRequest, plan_id: UUID, delegation_id: UUID) -> HttpResponse:
    """End somebody's access, at once."""
    found = _get(request, plan_id)
    portal.end_delegation(by=request.actor, plan=found, public_id=delegation_id, now=clock.now())
    messages.success(request, "They no longer see the plan.")
    return redirect("careplan_forms:plan-access", plan_id=plan_id)


def _read(request: ActorRequest, plan_id: UUID) -> CarePlan:
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="access", action=Action.PLAN_WRITE)
    permissions.check_user_can_withdraw_plan(request.actor, found)
    return found


def _get(request: ActorRequest, plan_id: UUID) -> CarePlan:
    return selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
