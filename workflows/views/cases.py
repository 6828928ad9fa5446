"""Taking a step of a case, on what was shown on the page the step was offered on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.exceptions import Conflict, Refused
from core.forms import refusals_on
from governance.http import ActorRequest
from workflows import registry
from workflows.forms import DecisionForm
from workflows.models import FlowCase, FlowDecision
from workflows.presenters.deciding import Offer, offers
from workflows.selectors import cases as cases_seen
from workflows.selectors import delegations
from workflows.selectors.decided import since_last
from workflows.services import cases
from workflows.services.explanations import TransitionView


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: ActorRequest, case_id: UUID, transition: str) -> HttpResponse:
    """Confirm a step: what it means, a reason where the flow asks for one, then the decision."""
    actor = request.actor
    case = cases_seen.by_public_id(actor, case_id)
    if registry.subjects.get(case.subject_kind).own_page:
        return redirect(cases_seen.subject_of(case).link)
    offer = _offer(request, case, transition)
    step = offer.view
    if not offer.is_open and request.method == "GET":
        return _cannot(request, case, step)
    initial = {name: request.GET.get(name, "") for name in ("shown", "state")}
    form = DecisionForm.of(offer, request.POST if request.method == "POST" else None, initial=initial)
    subject = cases_seen.subject_of(case)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            by = delegations.acting_for(actor, form.cleaned_data.get("acting", ""))
            decision = cases.fire(by=by, case=case, transition=transition, now=clock.now(), **form.said())
            messages.success(request, _recorded(step, decision))
            kind = registry.subjects.get(case.subject_kind)
            return redirect(kind.link_after(cases_seen.subject_of(case), transition) or "workflows:inbox")
    context = {"form": form, "step": step, "case": case, "about": subject.label, "back": subject.link}
    return render(
        request,
        "workflows/decide.jinja",
        context | {"who": cases.who_can(case, transition), "since": since_last(actor, subject)},
    )


def _cannot(request: ActorRequest, case: FlowCase, step: TransitionView) -> HttpResponse:
    """Why not, what mends it, and who can: said before anything is filled."""
    subject = cases_seen.subject_of(case)
    context = {"step": step, "about": subject.label, "back": subject.link, "who": cases.who_can(case, step.key)}
    return render(request, "workflows/cannot.jinja", context, status=403)


def _recorded(step: TransitionView, decision: FlowDecision) -> str:
    if decision.completed:
        return f"Your decision was recorded: {step.label}"
    return f"Your decision was recorded: {step.label}. It waits for {decision.awaits} more"


def _offer(request: ActorRequest, case: FlowCase, transition: str) -> Offer:
    """The step as it stands now, open to the reader or not; Conflict when the case has moved on."""
    found = offers(request.actor, case).get(transition)
    if found is None and (case.closed_at or "state" in request.POST):
        raise Conflict("This was decided before you, so your decision was not recorded")
    if found is None:
        raise Refused("This step is not possible here. Load the page again and choose from what it offers")
    return found
