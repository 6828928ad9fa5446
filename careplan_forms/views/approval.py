"""Deciding on what was sent: what changed in words, a second question where CPR changes, and what became of
it.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from careplan_forms import comparison
from careplan_forms.flow import SUBJECT_KIND
from careplan_forms.forms.plans import DecisionForm
from careplan_forms.models import PlanSubmission
from careplan_forms.presenters.deciding import steps_of, steps_on, what_follows
from careplan_forms.presenters.files import address_for
from careplan_forms.presenters.people import banner
from careplan_forms.presenters.plans import advice, emergency_facts, sections, states
from careplan_forms.selectors import audience
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import approvals, reading, submissions
from core import clock
from core.forms import refusals_on
from governance.enums import Action
from workflows.presenters.cases import case_way


@never_cache
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, plan_id: UUID, submission_id: UUID) -> HttpResponse:
    """What was sent beside what stands now; approve it, or return it with what has to change."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="submission")
    submission = selectors.submission(viewer=request.actor, plan=plan, public_id=submission_id, action=Action.PLAN_READ)
    initial = {"shown": submission.content_sha256}
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        answer = _decided(request, submission, form)
        if answer is not None:
            return answer
    return render(request, "careplan_forms/plans/approve.jinja", _context(request, submission, form))


@never_cache
@require_GET
def approved(request: HttpRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Certainty: the version, the time, and who has been told."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page=f"approved {number}")
    version = selectors.version(viewer=request.actor, plan=plan, number=number)
    context = {
        "plan": plan,
        "banner": banner(plan.patient, clock.today()),
        "version": version,
        "deliveries": selectors.deliveries_of(plan, number),
    }
    return render(request, "careplan_forms/plans/approved.jinja", context)


def _decided(request: HttpRequest, submission: PlanSubmission, form: DecisionForm) -> HttpResponse | None:
    """Take the decision; None when the page has to be shown again. A change of CPR is asked about first."""
    given = form.cleaned_data
    plan_id = submission.plan.public_id
    with refusals_on(form):
        if given["decision"] == "return":
            approvals.return_to_author(
                by=request.actor,
                submission=submission,
                shown_sha256=given["shown"],
                reason=given["reason"],
                now=clock.now(),
            )
            return redirect("careplan_forms:plan", plan_id=plan_id)
        cpr = comparison.cpr_change(comparison.changes(submission.base_version, submission, request.actor))
        if cpr is not None and not given["cpr_confirmed"]:
            return _interruption(request, submission, cpr, form)
        version = approvals.decide(
            by=request.actor,
            submission=submission,
            step=given["decision"],
            shown_sha256=given["shown"],
            now=clock.now(),
        )
        if version is None:
            messages.success(request, what_follows(request.actor, submission, given["decision"]))
            return redirect("careplan_forms:worklist")
        return redirect("careplan_forms:plan-approved", plan_id=plan_id, number=version.number)
    return None


def _interruption(
    request: HttpRequest, submission: PlanSubmission, cpr: comparison.Change, form: DecisionForm
) -> HttpResponse:
    """The change of CPR on a page of its own, and the same step once more."""
    step = steps_of(request.actor, submission).get(form.cleaned_data["decision"])
    context = {
        "step": step,
        "decision": form.cleaned_data["decision"],
        "plan": submission.plan,
        "submission": submission,
        "banner": banner(submission.plan.patient, clock.today()),
        "cpr": cpr,
        "shown": form.cleaned_data["shown"],
        "nothing": comparison.NOTHING,
    }
    return render(request, "careplan_forms/plans/cpr_changes.jinja", context)


def _context(request: HttpRequest, submission: PlanSubmission, form: DecisionForm) -> dict[str, Any]:
    plan = submission.plan
    compiled = audience.form_seen(request.actor, plan, submission.form_version)
    steps = steps_of(request.actor, submission)
    today = clock.today()
    return {
        "plan": plan,
        "banner": banner(plan.patient, today),
        "states": states(plan, today),
        "submission": submission,
        "form": form,
        "changes": comparison.changes(submission.base_version, submission, request.actor),
        "facts": emergency_facts(compiled, submission.answers),
        "sections": sections(compiled, submission.answers, address=address_for("plan-file", plan.public_id)),
        "advice": advice(compiled, submission.answers),
        "authors": selectors.names_of(submission.author_ids),
        "steps": steps,
        "steps_on": steps_on(steps),
        "way": case_way(request.actor, SUBJECT_KIND, submission.public_id),
        "is_open": submissions.open_case_of(submission) is not None,
        "who": submissions.who_decides(submission),
        "nothing": comparison.NOTHING,
    }
