"""Which systems of an organisation are told, and what was sent to whom."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.forms import refusals_on
from core.pagination import keyset_page
from governance import gate
from governance.enums import Action
from governance.forms import SentForm, WebhookForm
from governance.http import ActorRequest
from governance.selectors import notices
from governance.services import audit
from governance.services import webhooks as service
from governance.tables import SentTable


@never_cache
@require_http_methods(["GET", "POST"])
def webhooks(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The systems of one organisation that are told; adding one shows its secret this once."""
    row = notices.organisation_for_webhooks(public_id, request.actor)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        with refusals_on(form):
            _, secret = service.register_webhook(organisation=row, by=request.actor, **form.cleaned_data)
            form = WebhookForm()
    context = {"organisation": row, "form": form, "hooks": notices.webhooks_of(row, request.actor), "secret": secret}
    context["may_read_sent"] = gate.decide(request.actor, Action.NOTICE_READ, row).allowed
    return render(request, "governance/webhooks.jinja", context)


@require_POST
def stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Tell a system no more."""
    hook = notices.webhook(public_id, request.actor)
    service.stop_webhook(webhook=hook, by=request.actor)
    messages.success(request, "The system is switched off. It is told nothing more")
    return redirect("governance:webhooks", hook.organisation.public_id)


@require_POST
def send_test(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Call a system once, to see whether it answers."""
    hook = notices.webhook(public_id, request.actor)
    service.send_test(webhook=hook, by=request.actor)
    messages.success(request, "The test is on its way. “What was sent to these systems” says what became of it")
    return redirect("governance:webhooks", hook.organisation.public_id)


@require_POST
def start(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Tell a system again."""
    hook = notices.webhook(public_id, request.actor)
    service.start_webhook(webhook=hook, by=request.actor)
    messages.success(request, "The system is switched on")
    return redirect("governance:webhooks", hook.organisation.public_id)


@never_cache
@require_GET
def sent(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was sent to whom about which record of an organisation, and what became of it."""
    form = SentForm(request.GET)
    form.is_valid()
    row = notices.organisation_for_sent(public_id, request.actor)
    rows = notices.sent_of(row, form.cleaned_data, request.actor)
    audit.record_read(by=request.actor, action="notices.read", target=row, detail={"about": form.asked_about})
    table = SentTable(keyset_page(rows, order=("-created_at", "-pk"), query=request.GET, per_page=50))
    return render(request, "governance/sent.jinja", {"organisation": row, "form": form, "table": table})
