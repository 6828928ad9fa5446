"""Moving living plans to another version of their form, in the administration. No patient's data comes here."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.forms.migration import RowForm, StartForm
from careplan_forms.models import FormMigration
from careplan_forms.presenters import migration_page
from careplan_forms.schema.mapping_editing import edited
from careplan_forms.schema.mapping_shape import every_row
from careplan_forms.selectors import migrations as read
from careplan_forms.selectors.plans import form_of
from careplan_forms.services import migrations
from core.exceptions import Absent, Refused
from core.forms import refusals_on
from core.moving import EDITABLE, OPEN, MigrationState
from governance.actors import Actor
from governance.http import ActorRequest

_HOME = {"url": "/admin/", "label": "Home"}


@require_GET
def migrations_list(request: ActorRequest) -> HttpResponse:
    """Every migration, those still to do first."""
    _lead(request)
    rows = list(read.migrations())
    context = {
        "to_do": [row for row in rows if row.state in OPEN],
        "over": [row for row in rows if row.state not in OPEN],
    }
    return _page(request, "migrations", "Plans on earlier versions", context, [])


@require_GET
def migration(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One migration: the mapping, what it would mean, how far it has come."""
    actor, shown = _lead(request), read.migration_by_id(public_id)
    rows = migration_page.rows_of(shown)
    context = {
        "migration": shown,
        "rows": [row for row in rows if not row.plain],
        "plain": [row for row in rows if row.plain],
        "summary": migration_page.sentence(shown.counts) if shown.counts else "",
        "reasons": migration_page.reasons(shown),
        "organisations": migration_page.organisations(shown),
        "editable": shown.state in EDITABLE,
        "working": shown.counting or shown.state == MigrationState.RUNNING,
        "may_start": design_permissions.user_can_shape_all(actor),
        "waiting": read.waiting_count(shown),
    }
    return _page(request, "migration", _title(shown), context, [_list_crumb()])


@require_http_methods(["GET", "POST"])
def question(request: ActorRequest, public_id: UUID, uid: str) -> HttpResponse:
    """What becomes of one question's answer."""
    actor, shown = _lead(request), read.migration_by_id(public_id)
    row = next((each for each in every_row(shown.mapping["items"]) if each["uid"] == uid), None)
    if row is None:
        raise Absent
    old, new = form_of(shown.from_version), form_of(shown.to_version)
    data = request.POST if request.method == "POST" else None
    form = RowForm(data, row=row, old=old, new=new, initial={"shown": shown.sha256})
    if form.is_bound and form.is_valid() and _keep(actor, shown, uid, form):
        messages.success(request, "Kept. Try the mapping to see what it means for the plans.")
        return redirect("forms_migration", public_id=public_id)
    context = {"migration": shown, "form": form, "label": old.items[uid].label or uid}
    return _page(request, "migration_question", f"“{context['label']}”", context, [_list_crumb(), _crumb(shown)])


@require_POST
def try_out(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Count what the mapping means for the plans."""
    migrations.start_dry_run(migration=read.migration_by_id(public_id), by=_lead(request))
    messages.success(request, "The plans are being counted.")
    return redirect("forms_migration", public_id=public_id)


@require_http_methods(["GET", "POST"])
def start(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The last look before drafts are made beside the plans; again, it goes on where it stopped."""
    actor, shown = _lead(request), read.migration_by_id(public_id)
    form = StartForm(request.POST if request.method == "POST" else None, initial={"shown": shown.sha256})
    if form.is_bound and form.is_valid() and _start(actor, shown, form):
        messages.success(request, "The plans are being prepared. You can leave this page; the work goes on.")
        return redirect("forms_migration", public_id=public_id)
    context = {
        "migration": shown,
        "form": form,
        "summary": migration_page.sentence(shown.counts) if shown.counts else "",
    }
    return _page(request, "migration_start", "Move the plans", context, [_list_crumb(), _crumb(shown)])


@require_POST
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a migration; what clinicians confirmed stands."""
    try:
        migrations.cancel(migration=read.migration_by_id(public_id), by=_lead(request))
        messages.success(request, "Cancelled. The plans stay on the version they stand on.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("forms_migration", public_id=public_id)


def _keep(actor: Actor, shown: FormMigration, uid: str, form: RowForm) -> bool:
    said = form.cleaned_data
    mapping = edited(
        shown.mapping,
        form_of(shown.from_version),
        form_of(shown.to_version),
        uid,
        action=said["action"],
        to=said["to"],
        joined_with=said["joined_with"],
        options=form.options(),
    )
    with refusals_on(form):
        migrations.edit_mapping(migration=shown, mapping=mapping, shown_sha256=said["shown"], by=actor)
        return True
    return False


def _start(actor: Actor, shown: FormMigration, form: StartForm) -> bool:
    said = form.cleaned_data
    with refusals_on(form):
        migrations.start_execution(migration=shown, shown_sha256=said["shown"], deadline=said["deadline"], by=actor)
        return True
    return False


def _lead(request: ActorRequest) -> Actor:
    """The clinical lead who asks; raises NotAllowed for everybody else."""
    actor: Actor = request.actor
    design_permissions.check_user_can_shape_all(actor)
    return actor


def _title(shown: FormMigration) -> str:
    return f"{shown.definition.title}: from version {shown.from_version.number} to {shown.to_version.number}"


def _list_crumb() -> dict[str, str]:
    return {"url": reverse("forms_migrations"), "label": "Plans on earlier versions"}


def _crumb(shown: FormMigration) -> dict[str, str]:
    return {"url": reverse("forms_migration", args=[shown.public_id]), "label": _title(shown)}


def _page(
    request: ActorRequest, template: str, title: str, context: dict[str, Any], crumbs: list[dict[str, str]]
) -> HttpResponse:
    frame = {
        "header_title": title,
        "page_heading": title,
        "header_icon": "rotate",
        "breadcrumbs_items": [_HOME, *crumbs, {"url": "", "label": title}],
    }
    status = 400 if "form" in context and context["form"].is_bound else 200
    return render(request, f"careplan_forms/designer/{template}.html", frame | context, status=status)
