"""Sending a plan for approval: the last look, what was sent, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from careplan_forms import permissions
from careplan_forms.forms.plans import SubmitForm
from careplan_forms.presenters.files import address_for
from careplan_forms.presenters.plans import advice, around, sections, to_do
from careplan_forms.selectors import audience, migrations
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import reading, submissions
from careplan_forms.services.audience import left_to_others
from core import clock
from core.forms import refusals_on
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
def check_answers(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The last look: what is still to do, what is answered, and what goes beside it."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="check", action=Action.PLAN_SUBMIT)
    if migrations.must_look_first(viewer=request.actor, plan=plan, today=clock.today()):
        return redirect("careplan_forms:plan-form-change", plan_id=plan_id)
    data = request.POST if request.method == "POST" else None
    submit = SubmitForm(data)
    form = audience.form_for_work(request.actor, plan)
    merged = selectors.working_view(plan, request.actor)
    said = advice(form, merged.answers)
    unseen = {one["key"] for one in said["warnings"]} - set(request.POST.getlist("_seen"))
    if submit.is_bound and submit.is_valid() and unseen:
        submit.add_error(None, "Read the warnings about this plan, then send it")
    elif submit.is_bound and submit.is_valid():
        with refusals_on(submit):
            submissions.submit_plan(by=request.actor, plan=plan, now=clock.now(), **submit.cleaned_data)
            return redirect("careplan_forms:plan-sent", plan_id=plan_id)
    context = around(plan, clock.today()) | {
        "form": submit,
        "sections": sections(form, merged.answers, only_answered=False, address=address_for("plan-file", plan_id)),
        "others": left_to_others(selectors.form_for_work(plan), form, merged.answers),
        "obstacles": to_do(form, submissions.obstacles(plan, merged, request.actor)),
        "advice": said,
        "consent": permissions.newest_consent(plan.patient),
    }
    return render(request, "careplan_forms/plans/check.jinja", context)


@never_cache
@require_GET
def sent(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """What was sent, and whom it waits for."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="sent", action=Action.PLAN_SUBMIT)
    if plan.waiting_submission is None:
        return redirect("careplan_forms:plan", plan_id=plan_id)
    context = around(plan, clock.today()) | {
        "submission": plan.waiting_submission,
        "who": submissions.who_decides(plan.waiting_submission),
    }
    return render(request, "careplan_forms/plans/sent.jinja", context)


@require_POST
def take_back(request: ActorRequest, plan_id: UUID, submission_id: UUID) -> HttpResponse:
    """Take back what waits for approval."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_SUBMIT)
    submission = selectors.submission(
        viewer=request.actor, plan=plan, public_id=submission_id, action=Action.PLAN_SUBMIT
    )
    submissions.take_back(by=request.actor, submission=submission, now=clock.now())
    messages.success(request, "The plan was taken back. You can go on writing.")
    return redirect("careplan_forms:plan-tasks", plan_id=plan_id)
