"""A plan for the people who work with it: reading, history, who looked, care team, marks, withdrawal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from careplan_forms import comparison, permissions
from careplan_forms.enums import REVIEW_KIND
from careplan_forms.forms.plans import ShareForm, StopMarkForm, WithdrawForm
from careplan_forms.models import CarePlan
from careplan_forms.presenters.files import address_for
from careplan_forms.presenters.people import banner
from careplan_forms.presenters.plans import emergency_facts, sections, states
from careplan_forms.selectors import audience, migrations
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors import viewers as viewer_selectors
from careplan_forms.selectors import withholding as withheld
from careplan_forms.services import plans, reading, sharing, stop_marks
from core import clock
from core.exceptions import Absent
from core.forms import refusals_on
from governance.enums import Action
from governance.gate import decide
from governance.http import ActorRequest
from workflows.presenters.cases import open_panel


@never_cache
@require_GET
def plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The whole plan: emergency facts first, then everything else, with where it stands."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="plan")
    version = found.current_version
    form = audience.form_in_force(request.actor, found)
    answers = version.answers if version else {}
    context = _around(request, found) | {
        "version": version,
        "approved_for": selectors.approved_for([version] if version else []),
        "kind": form.title,
        "facts": emergency_facts(form, answers) if version else [],
        "sections": sections(
            form,
            answers,
            notes=withheld.notes(viewer=request.actor, plan=found, today=clock.today()),
            address=address_for("plan-file", plan_id),
        ),
        "consent": permissions.newest_consent(found.patient),
        "marks": selectors.open_marks(found),
        "shares": selectors.open_shares(found),
        "waiting": found.waiting_submission,
        "move": migrations.waiting_move(viewer=request.actor, plan=found, today=clock.today()),
        "can_write": decide(request.actor, Action.PLAN_WRITE, found).allowed,
        "panel": open_panel(request.actor, REVIEW_KIND, plan_id, clock.now()),
        "owns": permissions.user_owns_plan(request.actor, found),
    }
    return render(request, "careplan_forms/plans/plan.jinja", context)


@never_cache
@require_GET
def versions(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Every approved version, and two of them to compare."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="versions")
    rows = selectors.versions(viewer=request.actor, plan=found)
    context = _around(request, found) | {"versions": rows, "approved_for": selectors.approved_for(rows)}
    return render(request, "careplan_forms/plans/versions.jinja", context)


@never_cache
@require_GET
def version(request: ActorRequest, plan_id: UUID, number: int) -> HttpResponse:
    """One approved version, as it was approved."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page=f"version {number}")
    row = selectors.version(viewer=request.actor, plan=found, number=number)
    form = audience.form_seen(request.actor, found, row.form_version)
    context = _around(request, found) | {
        "version": row,
        "approved_for": selectors.approved_for([row]),
        "is_current": found.current_version_id == row.pk,
        "facts": emergency_facts(form, row.answers),
        "sections": sections(form, row.answers, address=address_for("plan-file", plan_id)),
    }
    return render(request, "careplan_forms/plans/version.jinja", context)


@never_cache
@require_GET
def compare(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """What reads differently between two approved versions."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="compare")
    numbers = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(number.isascii() and number.isdigit() and len(number) < 7 for number in numbers):
        raise Absent
    older, newer = sorted(int(number) for number in numbers)
    rows = [selectors.version(viewer=request.actor, plan=found, number=number) for number in (older, newer)]
    context = _around(request, found) | {
        "older": rows[0],
        "newer": rows[1],
        "changes": comparison.changes(rows[0], rows[1], request.actor),
    }
    return render(request, "careplan_forms/plans/compare.jinja", context)


@never_cache
@require_GET
def viewers(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Who has looked at the plan, when, and why."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="viewers")
    looks = viewer_selectors.looks_at(viewer=request.actor, plan=found)
    context = _around(request, found) | {"looks": looks}
    return render(request, "careplan_forms/plans/viewers.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def care_team(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The organisations that work on the plan; its owner adds and ends them."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="care team", action=Action.PLAN_WRITE)
    permissions.check_user_can_withdraw_plan(request.actor, found)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        organisation = selectors.organisation_by_ods_code(form.cleaned_data["organisation"])
        if organisation is None:
            form.add_error("organisation", "Enter the ODS code of an organisation that uses the service")
        else:
            with refusals_on(form):
                sharing.add_organisation(by=request.actor, plan=found, organisation=organisation, now=clock.now())
                messages.success(request, f"{organisation.name} is part of the care team.")
                return redirect("careplan_forms:plan-care-team", plan_id=plan_id)
    context = _around(request, found) | {"form": form, "shares": selectors.open_shares(found)}
    return render(request, "careplan_forms/plans/care_team.jinja", context)


@require_POST
def end_share(request: ActorRequest, plan_id: UUID, share_id: int) -> HttpResponse:
    """End an organisation's part in the care team."""
    found = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    share = next((each for each in selectors.open_shares(found) if each.pk == share_id), None)
    if share is not None:
        sharing.end_share(by=request.actor, plan=found, share=share, now=clock.now())
        messages.success(request, f"{share.organisation.name} no longer finds the plan.")
    return redirect("careplan_forms:plan-care-team", plan_id=plan_id)


@never_cache
@require_http_methods(["GET", "POST"])
def marks(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Tell every reader at once, in fixed words, that something no longer stands."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="stop marks", action=Action.PLAN_WRITE)
    form = StopMarkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            stop_marks.set_mark(by=request.actor, plan=found, now=clock.now(), **form.cleaned_data)
            messages.success(request, "Readers of the plan see the mark from now on.")
            return redirect("careplan_forms:plan", plan_id=plan_id)
    context = _around(request, found) | {"form": form, "marks": selectors.open_marks(found)}
    return render(request, "careplan_forms/plans/marks.jinja", context)


@require_POST
def clear_mark(request: ActorRequest, plan_id: UUID, mark_id: int) -> HttpResponse:
    """Take a mark away."""
    found = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    stop_marks.clear_mark(by=request.actor, plan=found, mark_id=mark_id, now=clock.now())
    messages.success(request, "The mark was taken away.")
    return redirect("careplan_forms:plan", plan_id=plan_id)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """End the plan: what that means, why, and the warning button."""
    found = reading.read_plan(by=request.actor, public_id=plan_id, page="withdraw", action=Action.PLAN_WITHDRAW)
    permissions.check_user_can_withdraw_plan(request.actor, found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            plans.withdraw_plan(by=request.actor, plan=found, reason=form.cleaned_data["reason"], now=clock.now())
            told = "Readers are told that it was, and when." if found.current_version_id else "No reader had seen it."
            messages.success(request, f"The plan was withdrawn. {told}")
            return redirect("careplan_forms:plan", plan_id=plan_id)
    return render(request, "careplan_forms/plans/withdraw.jinja", _around(request, found) | {"form": form})


def _around(request: ActorRequest, found: CarePlan) -> dict:
    """What every page of a plan draws around its own content."""
    today = clock.today()
    return {"plan": found, "banner": banner(found.patient, today), "states": states(found, today)}
