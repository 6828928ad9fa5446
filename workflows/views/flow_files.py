"""Flows in and out as files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.forms import refusals_on
from governance.http import ActorRequest
from workflows import permissions
from workflows.forms import BringFlowForm
from workflows.presenters.files import flow_file
from workflows.selectors import definitions as definitions_seen
from workflows.services import definitions


@never_cache
@require_GET
def export(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """One version as a file."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    response = HttpResponse(
        flow_file(definitions_seen.version(actor, key, number)), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{key}-v{number}.json"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def bring(request: ActorRequest) -> HttpResponse:
    """Bring a flow in from a file: the next version of its flow, which nobody uses before two people sign it."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    form = BringFlowForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = definitions.bring_in(
                by=actor,
                content=form.cleaned_data["file"].read(),
                change_note=form.cleaned_data["change_note"],
                now=clock.now(),
            )
            messages.success(request, f"Version {made.number} is kept. It is used once it is signed and made live")
            return redirect("workflows:version", key=made.definition.key, number=made.number)
    return render(request, "workflows/bring.jinja", {"form": form})
