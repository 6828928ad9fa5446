"""Files of a plan on their way to a reader: always saved, never opened in the page's place."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from careplan_forms import trail
from careplan_forms.presenters.files import offered
from careplan_forms.selectors import audience
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import emergency, plan_files
from careplan_forms.views.my_plan import shown_to
from careplan_forms.views.urgent_care import with_reason
from core.exceptions import Absent
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_GET
def plan_file(request: ActorRequest, plan_id: UUID, file_id: UUID) -> HttpResponse:
    """For the people who work with the plan: whoever is shown an answer may save its files."""
    return _saved(plan_files.read_file(by=request.actor, plan_id=plan_id, file_id=file_id))


@never_cache
@require_GET
def my_plan_file(request: ActorRequest, plan_id: UUID, file_id: UUID) -> HttpResponse:
    """For the person and whoever acts for them: the files that stand on their page."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.MY_PLAN_READ)
    form = audience.form_in_force(request.actor, plan, "patient")
    facts = offered(shown_to(request.actor, plan, form).sections, file_id)
    if facts is None:
        raise Absent
    target = trail.plan_target(plan)
    return _saved(plan_files.give_out(by=request.actor, target=target, facts=facts, action="my_plan.file_read"))


@never_cache
@require_GET
def emergency_file(request: ActorRequest, plan_id: UUID, file_id: UUID) -> HttpResponse:
    """For urgent care, behind the reason that was given for the plan."""
    by = with_reason(request, plan_id)
    if by is None:
        return redirect("careplan_forms:emergency-reason", plan_id=plan_id)
    return _saved(emergency.read_file(by=by, plan_id=plan_id, file_id=file_id))


def _saved(found: plan_files.Download) -> HttpResponse:
    """No page of ours is ever opened with somebody's file in it, whatever a browser makes of it."""
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
