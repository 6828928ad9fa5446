"""Answers that the person, or those who act for them, are not shown: which there are, another, and ending one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from careplan_forms import permissions
from careplan_forms.forms.withholding import WithholdForm
from careplan_forms.presenters.plans import around
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors import withholding as withheld
from careplan_forms.services import reading, withholding
from core import clock
from core.forms import refusals_on
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
def answers(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """What is withheld now, and withholding another answer."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="withheld", action=Action.PLAN_WRITE)
    permissions.check_user_can_withhold(request.actor, plan)
    questions = withheld.questions(viewer=request.actor, plan=plan)
    data = request.POST if request.method == "POST" else None
    form = WithholdForm(data, questions=questions, initial={"question": request.GET.get("question", "")})
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            withholding.withhold_answer(by=request.actor, plan=plan, now=clock.now(), **form.given())
            messages.success(request, "The answer is not shown to them from now on.")
            return redirect("careplan_forms:plan-withheld", plan_id=plan_id)
    today = clock.today()
    labels = {each.uid: each.label for each in questions}
    rows = [
        {"row": row, "label": labels[row.uid], "words": withheld.in_words(row, today)}
        for row in withheld.open_withholdings(viewer=request.actor, plan=plan)
    ]
    context = around(plan, today) | {"form": form, "rows": rows, "has_errors": bool(form.errors)}
    return render(request, "careplan_forms/plans/withheld.jinja", context)


@require_POST
def end(request: ActorRequest, plan_id: UUID, withheld_id: int) -> HttpResponse:
    """Show an answer again."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    withholding.end_withholding(by=request.actor, plan=plan, withheld_id=withheld_id, now=clock.now())
    messages.success(request, "The answer is shown to them again.")
    return redirect("careplan_forms:plan-withheld", plan_id=plan_id)
