"""The form of a plan has changed: what that means for its answers, and moving the plan to the new form."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from careplan_forms.forms.plans import FormChangeForm
from careplan_forms.models import CarePlan
from careplan_forms.presenters import moving
from careplan_forms.presenters.plans import around
from careplan_forms.schema.compiled import CompiledSection
from careplan_forms.selectors import migrations, plans
from careplan_forms.services import migration_confirming, reading
from core import clock
from core.forms import refusals_on
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
def form_change(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """What changes question by question; whoever holds the plan confirms, and goes on writing on the new form."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="form change", action=Action.PLAN_WRITE)
    move = migrations.waiting_move(viewer=request.actor, plan=plan, today=clock.today())
    if move is None:
        messages.info(request, "This plan is on the form that its organisation uses now.")
        return redirect("careplan_forms:plan", plan_id=plan_id)
    form = FormChangeForm(request.POST if request.method == "POST" else None, initial={"shown": move.sha256})
    if form.is_bound and form.is_valid() and _confirm(request, plan, form):
        return redirect("careplan_forms:plan-tasks", plan_id=plan_id)
    context = around(plan, clock.today()) | {
        "form": form,
        "move": move,
        "groups": moving.groups(move, plan, request.actor),
        "obstacle": migration_confirming.obstacle_to(move=move, plan=plan, by=request.actor),
        "unsaved": _unsaved(request, plan),
        "loses": move.moved.outcome == "loses_answer",
        "has_errors": bool(form.errors),
    }
    return render(request, "careplan_forms/plans/form_change.jinja", context)


def _unsaved(request: ActorRequest, plan: CarePlan) -> list[CompiledSection]:
    """The sections in which the viewer typed text that is not saved."""
    draft = plans.own_draft(plan, request.actor)
    form = plans.form_for_work(plan)
    return [section for section in form.sections if draft and section.key in draft.unsaved]


def _confirm(request: ActorRequest, plan: CarePlan, form: FormChangeForm) -> bool:
    with refusals_on(form):
        left = migration_confirming.confirm_move(
            by=request.actor,
            plan=plan,
            shown=form.cleaned_data["shown"],
            read_losses=form.cleaned_data["read_losses"],
            now=clock.now(),
        )
        said = "The plan is on the new form."
        messages.success(request, f"{said} Look at what is marked, then send the plan for approval." if left else said)
        return True
    return False
