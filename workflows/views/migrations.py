"""Moving open cases to the live version of their flow: prepared and counted by one, confirmed by another, watched."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.forms import refusals_on
from core.moving import MigrationState
from governance import gate
from governance.enums import Action
from governance.http import ActorRequest
from workflows import move_policies, permissions, policies
from workflows.migration_forms import AskForm, ConfirmForm, SendBackForm, StateMapForm
from workflows.models import FlowMigration
from workflows.presenters import migration_page
from workflows.selectors import definitions as definitions_seen
from workflows.selectors import migrations as read
from workflows.services import migration_confirming, migrations


@never_cache
@require_GET
def moves(request: ActorRequest, key: str) -> HttpResponse:
    """Where open cases of a flow stand, and every move of them."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    flow = definitions_seen.by_key(actor, key)
    context = {
        "flow": flow,
        "left_behind": read.left_behind(actor, flow) if flow.live_version_id else [],
        "migrations": read.migrations_of(actor, flow),
        "may_move": gate.decide(actor, Action.FLOW_DESIGN).allowed,
        "cases_word": migration_page.cases_word,
    }
    return render(request, "workflows/moves.jinja", context)


@require_POST
def propose(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """Prepare the move of the cases that stand on a version."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    made = migrations.propose_migration(old=definitions_seen.version(actor, key, number), by=actor)
    return redirect("workflows:migration", key=key, migration_id=made.public_id)


@never_cache
@require_http_methods(["GET", "POST"])
def migration(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """One migration: where cases go, what that means, how far it has come."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    form = _map_form(request, shown)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            migrations.edit_map(
                migration=shown, state_map=form.state_map(), shown_sha256=form.cleaned_data["shown"], by=actor
            )
            messages.success(request, "Kept. Count the cases to see what it means for them")
            return _back(shown)
    may_move = gate.decide(actor, Action.FLOW_DESIGN).allowed
    context = {
        "migration": shown,
        "form": form,
        "page": migration_page,
        "may_move": may_move,
        "editable": read.is_editable(shown),
        "confirmers": read.confirmers(shown).count(),
        "cannot_confirm": migration_page.why_cannot_confirm(actor, shown),
        "became": migration_page.what_became(read.became(shown)),
        "working": shown.counting or shown.state == MigrationState.RUNNING,
    }
    return render(request, "workflows/migration.jinja", context)


@require_POST
def count(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """Count what the migration means for the cases."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    migrations.start_count(migration=shown, by=actor)
    messages.success(request, "The cases are being counted")
    return _back(shown)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """Ask a second person to confirm the move."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    form = AskForm(
        request.POST if request.method == "POST" else None, initial={"shown": shown.sha256, "reason": shown.reason}
    )
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            migration_confirming.ask(migration=shown, shown_sha256=said["shown"], reason=said["reason"], by=actor)
            messages.success(request, "Asked for. The cases are moved when a second person has confirmed it")
            return _back(shown)
    return render(request, "workflows/migration_ask.jinja", {"migration": shown, "form": form, "page": migration_page})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """All that a second person has to read, and their word: the cases are moved from then on."""
    actor = request.actor
    permissions.check_user_can_confirm_moves(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    if request.method == "GET" and migration_page.why_cannot_confirm(actor, shown):
        return _back(shown)  # where it stands why
    initial = {"shown": move_policies.read_sha256(shown)}
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            migration_confirming.confirm(migration=shown, shown_sha256=form.cleaned_data["shown"], by=actor)
            messages.success(request, "Confirmed. The cases are being moved. You can leave this page; the work goes on")
            return _back(shown)
    return render(
        request, "workflows/migration_confirm.jinja", {"migration": shown, "form": form, "page": migration_page}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def send_back(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """A second person does not confirm the move, and says why."""
    actor = request.actor
    permissions.check_user_can_confirm_moves(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    if request.method == "GET" and migration_page.why_cannot_confirm(actor, shown):
        return _back(shown)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            migration_confirming.send_back(migration=shown, reason=form.cleaned_data["reason"], by=actor)
            messages.success(request, "Sent back. Whoever asked for it is told")
            return _back(shown)
    return render(request, "workflows/migration_send_back.jinja", {"migration": shown, "form": form})


@require_POST
def go_on(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """Go on where a confirmed move stopped."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    migration_confirming.go_on(migration=shown, by=actor)
    messages.success(request, "The cases are being moved. You can leave this page; the work goes on")
    return _back(shown)


@require_POST
def cancel(request: ActorRequest, key: str, migration_id: UUID) -> HttpResponse:
    """End a migration: cases that have moved stay moved."""
    actor = request.actor
    permissions.check_user_can_shape_flows(actor)
    shown = read.migration_by_id(actor, key, migration_id)
    migrations.cancel(migration=shown, by=actor)
    messages.success(request, "Cancelled. Every case stays where it is now")
    return _back(shown)


def _map_form(request: ActorRequest, shown: FlowMigration) -> StateMapForm:
    return StateMapForm(
        request.POST if request.method == "POST" else None,
        old=policies.spec_of(shown.from_version),
        new=policies.spec_of(shown.to_version),
        state_map=shown.state_map,
        initial={"shown": shown.sha256},
    )


def _back(shown: FlowMigration) -> HttpResponse:
    return redirect("workflows:migration", key=shown.definition.key, migration_id=shown.public_id)
