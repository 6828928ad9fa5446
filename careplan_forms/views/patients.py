"""A person: who they are, their consent, their death, and the start of their plan."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from careplan_forms import seeds
from careplan_forms.enums import ConsentDecision
from careplan_forms.forms.patients import (
    ConsentForm,
    DeathForm,
    StartForm,
)
from careplan_forms.models import Patient
from careplan_forms.presenters.people import banner
from careplan_forms.selectors import definitions
from careplan_forms.selectors import patients as people
from careplan_forms.selectors import plans as plan_selectors
from careplan_forms.services import consents, patients, plans, reading
from core import clock
from core.exceptions import Refused
from core.forms import refusals_on
from governance.enums import Action
from governance.gate import check, decide
from governance.http import ActorRequest


@never_cache
@require_GET
def person(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """The person: who they are, whether they agreed, and their plan if this organisation has a part in it."""
    found = reading.read_person(by=request.actor, public_id=person_id)
    plan = plan_selectors.open_for_patient(viewer=request.actor, patient_id=found.pk)
    if plan is not None and not decide(request.actor, Action.PLAN_READ, plan).allowed:
        plan = None
    context = {
        "banner": banner(found, clock.today()),
        "patient": found,
        "plan": plan,
        "several_forms": len(definitions.live_versions()) > 1,
        "consents": people.consents(viewer=request.actor, patient=found),
    }
    return render(request, "careplan_forms/patients/person.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Record a decision about sharing."""
    found = people.get(viewer=request.actor, public_id=person_id)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            made = consents.record_consent(by=request.actor, patient=found, now=clock.now(), **form.cleaned_data)
            shared = made.decision == ConsentDecision.GIVEN
            words = "The plan may be shared." if shared else "The plan is not shared with anybody else."
            messages.success(request, f"The decision was recorded. {words}")
            return redirect("careplan_forms:person", person_id=person_id)
    context = {"form": form, "banner": banner(found, clock.today()), "person_id": person_id}
    return render(request, "careplan_forms/patients/consent.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Start the person's plan, or go on with the one that is open; where several forms are in use, choose one."""
    found = people.get(viewer=request.actor, public_id=person_id)
    check(request.actor, Action.PLAN_WRITE)
    live = [version.definition for version in definitions.live_versions()]
    chosen = StartForm(
        request.POST if request.method == "POST" else None, forms_in_use=[(each.key, each.title) for each in live]
    )
    if request.method == "GET" and len(live) < 2:
        return redirect("careplan_forms:person", person_id=person_id)
    if request.method == "GET" or (len(live) > 1 and not chosen.is_valid()):
        purposes = {each.key: each.purpose for each in live}
        context = {"form": chosen, "purposes": purposes, "banner": banner(found, clock.today()), "person_id": person_id}
        return render(request, "careplan_forms/patients/start.jinja", context)
    return _started(request, found, chosen.cleaned_data["form"] if len(live) > 1 else "")


def _started(request: ActorRequest, person: Patient, form_key: str) -> HttpResponse:
    try:
        plan = plans.start_plan(by=request.actor, patient=person, now=clock.now(), form_key=form_key)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("careplan_forms:person", person_id=person.public_id)
    if form_key and plan.form_version.definition.key != form_key:
        title = plan.form_version.definition.title
        messages.warning(
            request, f"The person has a plan already ({title}), so no other was started. This is that plan."
        )
    return redirect("careplan_forms:plan-tasks", plan_id=plan.public_id)


@never_cache
@require_http_methods(["GET", "POST"])
def death(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Record that the person died, when and where."""
    found = people.get(viewer=request.actor, public_id=person_id)
    form = DeathForm(request.POST if request.method == "POST" else None, places=_places_of_death())
    if form.is_bound and form.is_valid():
        now = clock.now()
        with refusals_on(form):
            patients.record_death(by=request.actor, patient=found, now=now, today=clock.today(now), **form.cleaned_data)
            messages.success(request, "The death was recorded. Readers of the plan are told.")
            return redirect("careplan_forms:person", person_id=person_id)
    context = {"form": form, "banner": banner(found, clock.today()), "person_id": person_id}
    return render(request, "careplan_forms/patients/death.jinja", context)


def _places_of_death() -> list[tuple[str, str]]:
    options = seeds.value_set("actual-place-of-death")["options"]
    return [(option["code"], option["display"]) for option in options if option.get("status") != "retired"]
