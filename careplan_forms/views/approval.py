"""Deciding on what was sent: what changed in words, a second question where CPR changes, and what became of
it.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from careplan_forms import comparison
from careplan_forms.flow import SUBJECT_KIND
from careplan_forms.forms.plans import PlanDecisionForm
from careplan_forms.models import PlanSubmission
from careplan_forms.presenters.deciding import APART, Choice, choices, leading_on, since, what_follows
from careplan_forms.presenters.files import address_for
from careplan_forms.presenters.people import banner
from careplan_forms.presenters.plans import advice, emergency_facts, sections, states
from careplan_forms.selectors import audience
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import approvals, reading, submissions
from core import clock
from core.forms import refusals_on
from governance.actors import Actor
from governance.enums import Action
from governance.http import ActorRequest
from workflows.models import FlowCase
from workflows.presenters.cases import case_way
from workflows.selectors import delegations


@never_cache
@require_http_methods(["GET", "POST"])
def approve(request: ActorRequest, plan_id: UUID, submission_id: UUID) -> HttpResponse:
    """What was sent beside what stands now; approve it, or return it with what has to change."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="submission")
    submission = selectors.submission(viewer=request.actor, plan=plan, public_id=submission_id, action=Action.PLAN_READ)
    case = submissions.open_case_of(submission)
    posted = request.POST if request.method == "POST" else None
    found = choices(request.actor, submission, case, posted)
    form = None
    if posted is not None:
        choice = found.get(posted.get("decision", ""))
        form = choice.form if choice else None
        if choice is None or form is None:
            _refuse(request.actor, submission, posted)
        elif answer := _decided(request, submission, choice, form):
            return answer
    context = _context(request, submission, case, found) | {"form": form, "is_open": case is not None}
    return render(request, "careplan_forms/plans/approve.jinja", context)


@never_cache
@require_GET
def approved(request: ActorRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Certainty: the version, the time, and who has been told."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page=f"approved {number}")
    version = selectors.version(viewer=request.actor, plan=plan, number=number)
    context = {
        "plan": plan,
        "banner": banner(plan.patient, clock.today()),
        "version": version,
        "approved_for": selectors.approved_for([version]),
        "deliveries": selectors.deliveries_of(plan, number),
    }
    return render(request, "careplan_forms/plans/approved.jinja", context)


def _refuse(by: Actor, submission: PlanSubmission, posted: QueryDict) -> None:
    """A step there is none of here, because of what was decided meanwhile: the service says why."""
    said = {"shown_sha256": posted.get("shown", ""), "expected_state": posted.get("state", "")}
    approvals.decide(by=by, submission=submission, step=posted.get("decision", ""), now=clock.now(), **said)


def _decided(
    request: ActorRequest, submission: PlanSubmission, choice: Choice, form: PlanDecisionForm
) -> HttpResponse | None:
    """Take the step; None when the page has to be shown again. A change of CPR is asked about first."""
    if "back" in request.POST or not form.is_valid():
        return None
    step, plan_id = choice.offer.view, submission.plan.public_id
    if choice.offer.is_open and step.key not in APART and not request.POST.get("cpr_confirmed"):
        cpr = comparison.cpr_change(comparison.changes(submission.base_version, submission, request.actor))
        if cpr is not None:
            return _interruption(request, submission, cpr, choice, form)
    with refusals_on(form):
        version = approvals.decide(
            by=delegations.acting_for(request.actor, form.cleaned_data.get("acting", "")),
            submission=submission,
            step=step.key,
            now=clock.now(),
            **form.said(),
        )
        if version is not None:
            return redirect("careplan_forms:plan-approved", plan_id=plan_id, number=version.number)
        messages.success(request, what_follows(request.actor, submission, step.key))
        is_over = submissions.open_case_of(submission) is None
        return redirect("careplan_forms:plan", plan_id=plan_id) if is_over else redirect("careplan_forms:worklist")
    return None


def _interruption(
    request: ActorRequest, submission: PlanSubmission, cpr: comparison.Change, choice: Choice, form: PlanDecisionForm
) -> HttpResponse:
    """The change of CPR on a page of its own, and the same step once more."""
    context = {
        "step": choice.offer.view,
        "deciding_for": form.deciding_for,
        "given": form.carried(),
        "plan": submission.plan,
        "submission": submission,
        "banner": banner(submission.plan.patient, clock.today()),
        "cpr": cpr,
        "nothing": comparison.NOTHING,
    }
    return render(request, "careplan_forms/plans/cpr_changes.jinja", context)


def _context(
    request: ActorRequest, submission: PlanSubmission, case: FlowCase | None, found: dict[str, Choice]
) -> dict[str, Any]:
    plan, base = submission.plan, submission.base_version
    compiled = audience.form_seen(request.actor, plan, submission.form_version)
    today = clock.today()
    return {
        "plan": plan,
        "banner": banner(plan.patient, today),
        "states": states(plan, today),
        "submission": submission,
        "changes": comparison.changes(base, submission, request.actor),
        "since": since(request.actor, submission, case),
        "own_base": bool(base and base.approved_by_id == request.actor.user_id),
        "facts": emergency_facts(compiled, submission.answers),
        "sections": sections(compiled, submission.answers, address=address_for("plan-file", plan.public_id)),
        "advice": advice(compiled, submission.answers),
        "authors": selectors.names_of(submission.author_ids),
        "steps": found,
        "leading_on": leading_on(found),
        "way": case_way(request.actor, SUBJECT_KIND, submission.public_id),
        "nothing": comparison.NOTHING,
    }
