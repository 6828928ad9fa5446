"""Whom the account acts for in this session."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.exceptions import NotAllowed
from governance import acting, gate, presenters
from governance.enums import Action
from governance.forms import ActingForForm
from governance.http import ActorRequest
from governance.selectors import capacities, helpers
from governance.services import audit


@require_http_methods(["GET", "POST"])
def acting_for(request: ActorRequest) -> HttpResponse:
    """Choose among the places one holds; for somebody on no list, say so."""
    if not request.user.is_authenticated or request.capacity is None:
        raise NotAllowed(gate.decide(request.actor, Action.LEARN))
    offered = capacities.current_capacities_of(request.user)
    form = ActingForForm(request.POST or None, capacities=offered, initial={"key": request.capacity.key})
    if form.is_valid():
        request.session[acting.SESSION_KEY] = form.cleaned_data["key"]
        audit.record(by=request.actor, action="session.acting_for", detail={"place": form.cleaned_data["key"]})
        return redirect("/")
    return render(request, "governance/acting_for.jinja", {"form": form, "offered": offered})


@require_GET
def mine(request: ActorRequest) -> HttpResponse:
    """One's own organisation: its page for whoever may read it, for everybody else who there can help."""
    found = helpers.helpers_of(request.actor)
    if found is None:
        raise NotAllowed(gate.decide(request.actor, Action.ORGANISATION_READ))
    if gate.decide(request.actor, Action.ORGANISATION_READ, found.organisation).allowed:
        return redirect("governance:organisation", found.organisation.public_id)
    return redirect("governance:who_helps")


@require_GET
def who_helps(request: ActorRequest) -> HttpResponse:
    """Whom to ask, at one's own organisation and at the host; for whoever is on no list, the host."""
    found = helpers.helpers_of(request.actor)
    context: dict[str, Any] = {"found": found, "host": helpers.host_of_service(request.actor)}
    if found is not None:
        context["agreement"] = presenters.agreement_words(found.agreement)
        context["place"] = presenters.listed_words(found.entry, clock.today())
    return render(request, "governance/who_helps.jinja", context)
