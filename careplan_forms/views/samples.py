"""Looking at a sampled plan: what was approved, without who the person is, and what is to be said of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from careplan_forms.enums import SAMPLE_KIND
from careplan_forms.presenters.plans import emergency_facts, sections
from careplan_forms.selectors import samples
from careplan_forms.services import reading
from core import clock
from governance.http import ActorRequest
from workflows.presenters.cases import case_panel


@never_cache
@require_GET
def sample(request: ActorRequest, version_id: UUID) -> HttpResponse:
    """One sampled version."""
    version = reading.read_sample(by=request.actor, public_id=version_id)
    form = samples.form_without_identity(request.actor, version)
    context = {
        "version": version,
        "facts": emergency_facts(form, version.answers),
        "sections": sections(form, version.answers),
        "panel": case_panel(request.actor, SAMPLE_KIND, version_id, clock.now()),
    }
    return render(request, "careplan_forms/plans/sample.jinja", context)
