"""Finding somebody: by number or details, here and in the national service, and taking them in."""

import datetime
import secrets
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from careplan_forms.demographics import Outcome, TracedPerson
from careplan_forms.forms.patients import (
    BirthForm,
    DetailsForm,
    NumberForm,
    UnverifiedPersonForm,
)
from careplan_forms.models import Patient
from careplan_forms.presenters.people import banner, side_by_side
from careplan_forms.selectors import patients as people
from careplan_forms.services import patients, person_search
from careplan_forms.services.person_search import Finding
from core import clock, nhs_number
from core.date_format import staff_date
from core.forms import refusals_on
from governance.enums import Action
from governance.gate import check
from governance.http import ActorRequest

#: Found people a session remembers between the search and the answer "this is the right person".
SESSION_KEY = "person_matches"
MOST_REMEMBERED = 3


@never_cache
@require_http_methods(["GET", "POST"])
def search(request: ActorRequest) -> HttpResponse:
    """Find a person: by number first, other details below."""
    check(request.actor, Action.PERSON_FIND)
    by_details = "family_name" in request.POST
    posted = request.method == "POST"
    number = NumberForm(request.POST if posted and not by_details else None)
    details = DetailsForm(request.POST if by_details else None)
    if number.is_bound and number.is_valid():
        return _by_number(request, number.cleaned_data["nhs_number"])
    if details.is_bound and details.is_valid():
        return _by_details(request, details.cleaned_data)
    context = {"number": number, "details": details, "has_errors": bool(number.errors or details.errors)}
    return render(request, "careplan_forms/patients/search.jinja", context)


def _by_number(request: ActorRequest, digits: str) -> HttpResponse:
    finding = person_search.find_by_number(by=request.actor, nhs_number=digits)
    if finding.known and not finding.differs:
        return redirect("careplan_forms:person", person_id=finding.known[0].public_id)
    return redirect("careplan_forms:person-match", token=_remember(request, digits, finding))


def _by_details(request: ActorRequest, given: dict[str, Any]) -> HttpResponse:
    finding = person_search.find_by_details(by=request.actor, **given)
    if len(finding.known) == 1 and finding.traced is None:
        return redirect("careplan_forms:person", person_id=finding.known[0].public_id)
    token = ""
    if finding.traced is not None:
        token = _remember(request, finding.traced.nhs_number, Finding((), finding.traced, finding.outcome))
        if not finding.known:
            return redirect("careplan_forms:person-match", token=token)
    born = staff_date(given["date_of_birth"])
    searched = f"{given['family_name']}, born {born}" + (f", {given['postcode']}" if given["postcode"] else "")
    context = {
        "people": [(each.public_id, banner(each, clock.today())) for each in finding.known],
        "token": token,
        "searched": searched,
        "finding": finding,
    }
    return render(request, "careplan_forms/patients/results.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def match(request: ActorRequest, token: str) -> HttpResponse:
    """Is this the right person? What the national service says beside what we hold; or what can be typed."""
    check(request.actor, Action.PERSON_FIND)
    held = request.session.get(SESSION_KEY, {}).get(token)
    if held is None:
        messages.info(request, "Search for the person again to go on.")
        return redirect("careplan_forms:people")
    traced = _traced(held)
    ours = people.get(viewer=request.actor, public_id=UUID(held["known"])) if held["known"] else None
    if traced is not None:
        return _confirm(request, token, held, traced, ours)
    if held["outcome"] == Outcome.INVALIDATED:
        return render(request, "careplan_forms/patients/invalidated.jinja", {"number": held["number"]})
    return _unverified(request, token, held)


def _confirm(
    request: ActorRequest, token: str, held: dict[str, Any], traced: TracedPerson, ours: Patient | None
) -> HttpResponse:
    needs_birth = len(traced.date_of_birth) < 10 and ours is None
    form = BirthForm(request.POST if request.method == "POST" else None, asked=needs_birth)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data.get("date_of_birth", ours.date_of_birth if ours else None)
        with refusals_on(form):
            person = _take_in(request, traced, ours, typed)
            _forget(request, token)
            return redirect("careplan_forms:person", person_id=person.public_id)
    context = {
        "rows": side_by_side(traced, ours),
        "ours": ours,
        "traced": traced,
        "superseded": held["number"] != traced.nhs_number,
        "form": form,
        "has_errors": bool(form.errors),
    }
    return render(request, "careplan_forms/patients/match.jinja", context)


def _take_in(request: ActorRequest, traced: TracedPerson, ours: Patient | None, typed: datetime.date | None) -> Patient:
    now = clock.now()
    if ours is not None and ours.nhs_number != traced.nhs_number:
        return patients.renumber(by=request.actor, patient=ours, person=traced, now=now)
    return patients.register_traced(by=request.actor, person=traced, date_of_birth=typed, now=now)


def _unverified(request: ActorRequest, token: str, held: dict[str, Any]) -> HttpResponse:
    form = UnverifiedPersonForm(request.POST if request.method == "POST" else None)
    namesakes: list[Patient] = []
    if form.is_bound and form.is_valid():
        details = form.details()
        if not form.cleaned_data["namesake_checked"]:
            namesakes = people.namesakes(
                viewer=request.actor,
                family_name=details.family_name,
                date_of_birth=details.date_of_birth,
                nhs_number=held["number"],
            )
        person = None if namesakes else _register(request, form, held)
        if person is not None:
            _forget(request, token)
            return redirect("careplan_forms:person", person_id=person.public_id)
    context = {
        "form": form,
        "number": held["number"],
        "is_down": not held["outcome"],
        "namesakes": [(each.public_id, banner(each, clock.today())) for each in namesakes],
    }
    template = "namesakes" if namesakes else "unverified"
    return render(request, f"careplan_forms/patients/{template}.jinja", context)


def _register(request: ActorRequest, form: UnverifiedPersonForm, held: dict[str, Any]) -> Patient | None:
    """The new person, or None when the form now says what is wrong."""
    with refusals_on(form):
        return patients.register_unverified(
            by=request.actor,
            nhs_number=held["number"],
            details=form.details(),
            not_traced=held["outcome"] == Outcome.NOT_FOUND,
            now=clock.now(),
        )
    return None


def _remember(request: ActorRequest, number: str, finding: Finding) -> str:
    """Keep what was found in the session, so that the next page's address says nothing of it."""
    traced = asdict(finding.traced) if finding.traced else None
    if traced and traced["died_on"]:
        traced["died_on"] = traced["died_on"].isoformat()
    token = secrets.token_urlsafe(12)
    held = {
        "number": nhs_number.normalise(number),
        "traced": traced,
        "outcome": str(finding.outcome or ""),
        "known": str(finding.known[0].public_id) if finding.known else "",
    }
    kept = list(request.session.get(SESSION_KEY, {}).items())[-(MOST_REMEMBERED - 1) :]
    request.session[SESSION_KEY] = dict([*kept, (token, held)])
    return token


def _traced(held: dict[str, Any]) -> TracedPerson | None:
    fields = held["traced"]
    if fields is None:
        return None
    died = datetime.date.fromisoformat(fields["died_on"]) if fields["died_on"] else None
    return TracedPerson(**(fields | {"died_on": died, "address_lines": tuple(fields["address_lines"])}))


def _forget(request: ActorRequest, token: str) -> None:
    kept = {key: held for key, held in request.session.get(SESSION_KEY, {}).items() if key != token}
    request.session[SESSION_KEY] = kept
