"""The plan for the person it is about, and for somebody who acts for them: what is approved, and nothing else."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from careplan_forms.models import CarePlan
from careplan_forms.presenters.in_language import choices_of
from careplan_forms.presenters.my_plan import MyPlan, listed, present
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.selectors import audience, portal, viewers
from careplan_forms.selectors import plans as plan_selectors
from careplan_forms.services import reading
from careplan_forms.views.reading_language import chosen_language
from core import clock
from governance.actors import Actor
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_GET
def plans(request: ActorRequest) -> HttpResponse:
    """The plans somebody may see as whom they act for now."""
    found = portal.plans_of(viewer=request.actor)
    context = {
        "plans": [listed(plan, request.actor) for plan in found],
        "acts_otherwise": portal.acts_otherwise(viewer=request.actor),
    }
    return render(request, "careplan_forms/my_plan/plans.jinja", context)


@never_cache
@require_GET
def plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The approved plan in plain words, where it stands, who looked, and whom to ask."""
    found = reading.read_my_plan(by=request.actor, public_id=plan_id)
    form = audience.form_in_force(request.actor, found, "patient", chosen_language(request))
    view = shown_to(request.actor, found, form)
    looks = None
    if not view.only_some:
        looks = viewers.looks_at(viewer=request.actor, plan=found, action=Action.MY_PLAN_READ)
    context = {"view": view, "plan": found, "looks": view.looks(looks) if looks is not None else None}
    context["languages"] = choices_of(form)
    return render(request, "careplan_forms/my_plan/plan.jinja", context)


def shown_to(viewer: Actor, found: CarePlan, form: CompiledForm) -> MyPlan:
    """The page of a plan for the person, or for somebody who acts for them; `form` is compiled for patients."""
    return present(
        found,
        viewer=viewer,
        form=form,
        keys=portal.open_sections(viewer=viewer, plan=found),
        standing=portal.standing_of(viewer=viewer, plan=found),
        marks=plan_selectors.open_marks(found),
        today=clock.today(),
    )
