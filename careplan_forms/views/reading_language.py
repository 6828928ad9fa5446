"""The language a reader has forms in: kept in their session, chosen by a button that needs no script."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.offered import languages_of
from careplan_forms.selectors import audience
from careplan_forms.selectors import plans as selectors
from core.exceptions import Refused
from governance.enums import Action
from governance.http import ActorRequest

#: The name of the buttons, and under which the choice is kept.
BUTTON, _KEPT = "_language", "form_language"


def chosen_language(request: ActorRequest) -> str:
    """What the reader chose, empty when nothing; a form that has not got it is read as without a choice."""
    return str(request.session.get(_KEPT, ""))


def choose_language(request: ActorRequest, form: CompiledForm) -> None:
    """Keep the language of the pressed button. Raises Refused for one the form has not got."""
    language = request.POST.get(BUTTON, "")
    if language not in languages_of(form):
        raise Refused("Choose one of the languages this form is in")
    request.session[_KEPT] = language


@require_POST
def of_my_plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """The person, or somebody who acts for them, reads the plan in another language."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.MY_PLAN_READ)
    choose_language(request, audience.form_in_force(request.actor, plan, "patient"))
    return redirect("careplan_forms:my-plan", plan_id=plan_id)


@require_POST
def of_tasks(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Whoever fills a plan in sees its questions in another language."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    choose_language(request, audience.form_for_work(request.actor, plan))
    return redirect("careplan_forms:plan-tasks", plan_id=plan_id)
