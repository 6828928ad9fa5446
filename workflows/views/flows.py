"""The register of flows for clinical safety and information governance: versions, hashes, signatures."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from governance import gate
from governance.enums import Action
from governance.http import ActorRequest
from workflows import flow_checks, permissions, policies
from workflows.forms import SignForm
from workflows.models import FlowVersion
from workflows.presenters.flows import FlowView, flow_view
from workflows.presenters.routing import kinds
from workflows.selectors import definitions as definitions_seen
from workflows.services import definitions
from workflows.tables import FlowTable


@never_cache
@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """Every flow: what it moves, when it applies, which version is live."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    table = FlowTable(definitions_seen.register(actor))
    may_bring = gate.decide(actor, Action.FLOW_DESIGN).allowed
    return render(request, "workflows/flows.jinja", {"table": table, "may_bring": may_bring})


@never_cache
@require_GET
def flow(request: ActorRequest, key: str) -> HttpResponse:
    """One flow and its versions."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    found = definitions_seen.by_key(actor, key)
    may_edit = gate.decide(actor, Action.FLOW_DESIGN).allowed
    edit_link = reverse(found.snippet_viewset.get_url_name("edit"), args=[found.pk]) if may_edit else ""
    return render(request, "workflows/flow.jinja", {"flow": found, "edit_link": edit_link})


@never_cache
@require_GET
def routing(request: ActorRequest) -> HttpResponse:
    """For every kind of subject which facts lead to which flow, and where none or two would apply."""
    permissions.check_user_can_read_flows(request.actor)
    return render(request, "workflows/routing.jinja", {"kinds": kinds()})


@never_cache
@require_http_methods(["GET", "POST"])
def version(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """One version, whole: its tables, its hash, its signatures, and the form to sign it."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    row = definitions_seen.version(actor, key, number)
    view = flow_view(actor, row)
    form = SignForm(
        request.POST if request.method == "POST" else None,
        exemption=view.exemption,
        warnings=flow_checks.warnings_of(policies.spec_of(row)),
        initial={"sha256": row.sha256},
    )
    if form.is_bound and form.is_valid():
        return _signed(request, row, view, form)
    may_activate = gate.decide(actor, Action.FLOW_DESIGN).allowed and view.is_signed and not view.is_live
    context = {"version": row, "view": view, "form": form, "may_activate": may_activate}
    return render(request, "workflows/version.jinja", context)


@require_POST
def activate(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """Put a signed version to use."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    row = definitions_seen.version(actor, key, number)
    definitions.activate(by=actor, version=row, now=clock.now())
    messages.success(request, f"Version {row.number} is live. Open cases stay on the version they began with")
    return redirect("workflows:version", key=key, number=number)


def _signed(request: ActorRequest, row: FlowVersion, view: FlowView, form: SignForm) -> HttpResponse:
    actor = request.actor
    definitions.sign_version(
        by=actor,
        version=row,
        capacity=permissions.capacity_of(actor),
        sha256=form.cleaned_data["sha256"],
        read=form.cleaned_data.get("warnings", ()),
        exemption=view.exemption if form.cleaned_data.get("exemption") else "",
        now=clock.now(),
    )
    messages.success(request, f"You have signed version {row.number}")
    return redirect("workflows:version", key=row.definition.key, number=row.number)
