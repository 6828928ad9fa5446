"""Sign-off of flows in the administration: what is proposed, what the checks said, two decisions on its hash."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from core.forms import refusals_on
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.http import ActorRequest
from workflows import permissions
from workflows.admin_forms import FlowDecisionForm, ProposalForm
from workflows.models import FlowCandidate
from workflows.presenters.drafts import candidate_page, draft_page
from workflows.presenters.sign_off import deciding_page, waiting_page
from workflows.selectors import flow_drafts
from workflows.services import flow_sign_off
from workflows.services.sign_off import reject_candidate
from workflows.views.admin_pages import Frame, page


@require_GET
def waiting(request: ActorRequest) -> HttpResponse:
    """Flows that wait for their two decisions, what the reader sent, and the last decisions."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    return page(
        request, "workflows/admin/waiting.html", Frame("Flows for sign-off"), waiting_page(FlowCandidate, actor)
    )


@require_http_methods(["GET", "POST"])
def candidate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One candidate in full; the decision is bound to the hash the page was drawn with."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    shown = flow_drafts.candidate_by_id(actor, public_id)
    if "take-back" in request.POST:
        flow_sign_off.withdraw_candidate(candidate=shown, by=actor)
        messages.success(request, "Taken back. The flow can be edited again.")
        return redirect("flows_candidate", public_id=public_id)
    if request.method == "POST":
        gate.check(actor, Action.FLOW_SIGN_OFF)
    view = candidate_page(shown)
    form = FlowDecisionForm(
        request.POST or None,
        exemption=shown.document.get("exemption", ""),
        warnings=shown.warnings,
        initial={"sha256": shown.sha256},
    )
    if request.method == "POST" and form.is_valid() and _decide(actor, request, shown, form):
        return redirect("flows_candidate", public_id=public_id)
    context = _standing(actor, shown) | {"form": form, "page": view}
    title = f"{view.title}: for sign-off"
    return page(request, "workflows/admin/candidate.html", Frame(title, (_sign_off_crumb(),)), context)


@require_http_methods(["GET", "POST"])
def propose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Look at what the checks say of the draft, then send its exact bytes for sign-off."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    flow = flow_drafts.by_id(actor, public_id)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = flow_sign_off.propose(definition=flow, change_note=form.cleaned_data["change_note"], by=actor)
            messages.success(request, "Sent for sign-off. Two people who wrote none of it decide.")
            return redirect("flows_candidate", public_id=made.public_id)
    draft = flow_drafts.in_work(flow)
    edit = {"url": reverse(flow.snippet_viewset.get_url_name("edit"), args=[flow.pk]), "label": draft.name}
    context = {"flow": flow, "form": form, "page": draft_page(draft, against=flow.live_version)}
    title = f"Send “{draft.name}” for sign-off"
    return page(request, "workflows/admin/propose.html", Frame(title, (edit,)), context)


def _decide(actor: Actor, request: ActorRequest, shown: FlowCandidate, form: FlowDecisionForm) -> bool:
    """Carry the decision out; False when it is refused, with the sentence on the form."""
    said: dict[str, Any] = {"candidate": shown, "by": actor}
    said |= {name: form.cleaned_data[name] for name in ("sha256", "comment")}
    with refusals_on(form):
        if form.cleaned_data["decision"] == "approve":
            exemption = shown.document.get("exemption", "") if form.cleaned_data.get("exemption") else ""
            version = flow_sign_off.approve_candidate(exemption=exemption, read=form.read, **said)
            waits = "Approved. The other role still decides before anybody can use it."
            done = f"Approved by both. Version {version.number} can be put to use." if version else waits
            messages.success(request, done)
        else:
            reject_candidate(**said)
            messages.success(request, "Sent back, with your comment.")
        return True
    return False


def _standing(actor: Actor, shown: FlowCandidate) -> dict[str, Any]:
    context = deciding_page(shown, actor)
    return context | {
        "moved_on": context["is_open"] and flow_drafts.moved_on(shown),
        "may_take_back": context["is_open"] and gate.decide(actor, Action.FLOW_DESIGN).allowed,
    }


def _sign_off_crumb() -> dict[str, str]:
    return {"url": reverse("flows_sign_off"), "label": "Flow sign-off"}
