"""Taking a step of a case, on what was shown on the page the step was offered on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.exceptions import Conflict, Refused
from workflows import registry
from workflows.forms import DecisionForm
from workflows.models import FlowCase, FlowDecision
from workflows.presenters.cases import stand_in_ways
from workflows.selectors import cases as cases_seen
from workflows.selectors import delegations
from workflows.selectors.decided import since_last
from workflows.services import cases
from workflows.services.explanations import TransitionView


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, case_id: UUID, transition: str) -> HttpResponse:
    """Confirm a step: what it means, a reason where the flow asks for one, then the decision."""
    actor = request.actor  # type: ignore[attr-defined]
    case = cases_seen.by_public_id(actor, case_id)
    if registry.subjects.get(case.subject_kind).own_page:
        return redirect(cases_seen.subject_of(case).link)
    step, stand_ins = _step(request, case, transition)
    if not step.allowed and not stand_ins and request.method == "GET":
        return _cannot(request, case, step)
    form = _form(request, step, stand_ins)
    subject = cases_seen.subject_of(case)
    link = subject.link
    if form.is_bound and form.is_valid():
        decision = cases.fire(
            by=delegations.acting_for(actor, form.cleaned_data.get("acting", "")),
            case=case,
            transition=transition,
            shown_sha256=form.cleaned_data["shown"],
            expected_state=form.cleaned_data["state"],
            reason=form.cleaned_data.get("reason", ""),
            ticked=form.cleaned_data.get("ticked", ()),
            now=clock.now(),
        )
        messages.success(request, _recorded(step, decision))
        kind = registry.subjects.get(case.subject_kind)
        return redirect(kind.link_after(cases_seen.subject_of(case), transition) or "workflows:inbox")
    context = {"form": form, "step": step, "case": case, "about": subject.label, "back": link}
    return render(
        request,
        "workflows/decide.jinja",
        context | {"who": cases.who_can(case, transition), "since": since_last(actor, subject)},
    )


def _form(request: HttpRequest, step: TransitionView, stand_ins: list[tuple[str, str]]) -> DecisionForm:
    return DecisionForm(
        request.POST if request.method == "POST" else None,
        needs_reason=step.needs_reason,
        checklist=step.checklist,
        stand_ins=stand_ins,
        in_own_name=step.allowed,
        initial={"shown": request.GET.get("shown", ""), "state": request.GET.get("state", "")},
    )


def _cannot(request: HttpRequest, case: FlowCase, step: TransitionView) -> HttpResponse:
    """Why not, what mends it, and who can: said before anything is filled."""
    subject = cases_seen.subject_of(case)
    context = {"step": step, "about": subject.label, "back": subject.link, "who": cases.who_can(case, step.key)}
    return render(request, "workflows/cannot.jinja", context, status=403)


def _recorded(step: TransitionView, decision: FlowDecision) -> str:
    if decision.completed:
        return f"Your decision was recorded: {step.label}"
    return f"Your decision was recorded: {step.label}. It waits for {decision.awaits} more"


def _step(request: HttpRequest, case: FlowCase, transition: str) -> tuple[TransitionView, list[tuple[str, str]]]:
    """The step as it stands now, allowed or not, and the colleagues for whom it can be taken; Conflict when the case
    has moved on.
    """
    actor = request.actor  # type: ignore[attr-defined]
    steps = {view.key: view for view in cases.explain(case, actor)}
    step = steps.get(transition)
    if step is None and (case.closed_at or "state" in request.POST):
        raise Conflict("This was decided before you, so your decision was not recorded")
    if step is None:
        raise Refused("This step is not possible here. Load the page again and choose from what it offers")
    return step, stand_in_ways(actor, case).get(transition, [])
