"""An organisation's agreement: its text, its state, and the forms that sign, countersign and stop it."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.exceptions import Refused
from core.forms import refusals_on
from governance import gate, panels, policies, presenters
from governance.enums import Action, AgreementState
from governance.forms import AgreementForm, ReasonForm, SignForm, TextForm
from governance.http import ActorRequest
from governance.identity import second_factor
from governance.models import AgreementSignature
from governance.selectors import agreements, organisations
from governance.services import agreements as service
from governance.views.pages import asked

#: What follows, said before it is done.
_MEANS = {
    "Decline this agreement": "It can then no longer be signed. The host of the service can prepare another.",
    "Take this agreement back": "It can then no longer be signed. You can prepare another.",
    "Suspend this agreement": "It does not count until you end the suspension.",
    "Terminate this agreement": "It stops counting at once, for good.",
}


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Prepare an agreement for an organisation."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    row = organisations.visible(public_id, request.actor)
    form = AgreementForm(request.POST or None, texts=agreements.latest_texts(request.actor))
    if form.is_valid():
        with refusals_on(form):
            made = service.draft(
                organisation=row,
                template_version=form.chosen_text,
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                by=request.actor,
            )
            return redirect("governance:agreement", made.public_id)
    return asked(request, form, "Prepare an agreement", "Continue", "governance:organisation", row.public_id)


@require_http_methods(["GET", "POST"])
def publish_text(request: ActorRequest) -> HttpResponse:
    """Publish the next text of a kind of agreement."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    form = TextForm(request.POST or None, templates=agreements.templates(request.actor))
    if form.is_valid():
        with refusals_on(form):
            service.publish_version(by=request.actor, **form.cleaned_data)
            messages.success(request, "The text is published")
            return redirect("governance:register")
    means = "Kinds of agreement are made in the administration, under Governance."
    title = "Publish the text of an agreement"
    return asked(request, form, title, "Publish", "governance:register", warning=True, means=means)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The text, the state, the signatures with their evidence, and what can be done next."""
    row = agreements.visible(public_id, request.actor)
    state = agreements.state_of(row)
    officer = gate.decide(request.actor, Action.ORGANISATION_JOIN).allowed
    context = {
        "agreement": row,
        "state": presenters.agreement_words(state),
        "text": presenters.paragraphs(row.template_version.body),
        "signatures": agreements.signatures_of(row),
        "events": agreements.events_of(row),
        "may_send": officer and state == AgreementState.DRAFT,
        "may_sign": state == AgreementState.SENT and gate.decide(request.actor, Action.AGREEMENT_SIGN).allowed,
        "may_countersign": state == AgreementState.SIGNED
        and gate.decide(request.actor, Action.AGREEMENT_COUNTERSIGN).allowed,
        "may_withdraw": officer and state in service.NOT_CONCLUDED,
        "may_stop": officer and state not in (*service.OVER, AgreementState.SUSPENDED),
        "may_prepare": officer and state in policies.IN_FORCE,
        "may_resume": officer and state == AgreementState.SUSPENDED,
        "panels": panels.of(request.actor, "agreement", row.public_id),
    }
    return render(request, "governance/agreement.jinja", context)


@require_POST
def send(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send it to the Guardian."""
    gate.check(request.actor, Action.ORGANISATION_JOIN)
    row = agreements.visible(public_id, request.actor)
    try:
        service.send(agreement=row, by=request.actor)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "The agreement is sent to be signed")
    return redirect("governance:agreement", row.public_id)


@require_http_methods(["GET", "POST"])
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The Guardian reads, checks, declares and signs."""
    gate.check(request.actor, Action.AGREEMENT_SIGN)
    return _signing(request, public_id, service.sign, AgreementSignature.Capacity.GUARDIAN)


@require_http_methods(["GET", "POST"])
def countersign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Somebody else countersigns for the host."""
    gate.check(request.actor, Action.AGREEMENT_COUNTERSIGN)
    return _signing(request, public_id, service.countersign, AgreementSignature.Capacity.HOST)


@require_http_methods(["GET", "POST"])
def decline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The Guardian says why he will not sign."""
    return _with_reason(request, public_id, service.decline, "Decline this agreement", "Decline", Action.AGREEMENT_SIGN)


@require_http_methods(["GET", "POST"])
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The host takes it back before both have signed."""
    return _with_reason(request, public_id, service.withdraw, "Take this agreement back", "Take it back")


@require_http_methods(["GET", "POST"])
def suspend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _with_reason(request, public_id, service.suspend, "Suspend this agreement", "Suspend")


@require_http_methods(["GET", "POST"])
def resume(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _with_reason(request, public_id, service.resume, "End the suspension of this agreement", "End suspension")


@require_http_methods(["GET", "POST"])
def terminate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _with_reason(request, public_id, service.terminate, "Terminate this agreement", "Terminate")


def evidence_of(request: ActorRequest) -> service.Evidence:
    """Where from, with what, and how the signer proved who they are."""
    return service.Evidence(
        ip_address=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
        authentication=second_factor.method_of(request),
    )


def _signing(request: ActorRequest, public_id: UUID, act: Any, capacity: AgreementSignature.Capacity) -> HttpResponse:
    row = agreements.visible(public_id, request.actor)
    shown = {"shown_sha256": row.template_version.sha256}
    form = SignForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_valid():
        with refusals_on(form):
            act(
                agreement=row,
                shown_sha256=form.cleaned_data["shown_sha256"],
                typed_name=form.cleaned_data["typed_name"],
                evidence=evidence_of(request),
                by=request.actor,
            )
            messages.success(request, "Your signature is recorded")
            return redirect("governance:agreement", row.public_id)
    context = {
        "agreement": row,
        "form": form,
        "text": presenters.paragraphs(row.template_version.body),
        "statement": service.STATEMENTS[capacity],
        "capacity": capacity,
    }
    return render(request, "governance/sign.jinja", context)


def _with_reason(
    request: ActorRequest,
    public_id: UUID,
    act: Any,
    title: str,
    button: str,
    action: Action = Action.ORGANISATION_JOIN,
) -> HttpResponse:
    gate.check(request.actor, action)
    row = agreements.visible(public_id, request.actor)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            act(agreement=row, by=request.actor, **form.cleaned_data)
            messages.success(request, "It is done and recorded")
            return redirect("governance:agreement", row.public_id)
    return asked(
        request,
        form,
        title,
        button,
        "governance:agreement",
        row.public_id,
        warning=True,
        about=row.organisation.name,
        means=_MEANS.get(title, ""),
    )
