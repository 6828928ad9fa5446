"""Putting a task in somebody's hands, and the list a lead does so from."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.forms import refusals_on
from governance.actors import Actor
from governance.http import ActorRequest
from governance.models import StaffListEntry
from workflows import permissions
from workflows.forms import AssignForm
from workflows.presenters.assigning import assigned_rows, person
from workflows.selectors import assigning as seen
from workflows.services import assigning

PER_PAGE = 50


@never_cache
@require_GET
def team(request: ActorRequest) -> HttpResponse:
    """Every open task of the organisation, for its lead."""
    actor: Actor = request.actor
    permissions.check_user_can_read_team(actor)
    page = Paginator(seen.of_organisation(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": assigned_rows(list(page), clock.now()), "page": page}
    return render(request, "workflows/team.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def assign(request: ActorRequest, task_id: UUID) -> HttpResponse:
    """Choose who should do a task."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    task = seen.task(actor, task_id)
    may_get = {entry: why for entry, why in seen.may_get(task).items() if entry.user_id != task.claimed_by_id}
    people = [(str(entry.public_id), person(entry, why)) for entry, why in may_get.items()]
    form = AssignForm(request.POST if request.method == "POST" else None, people=people)
    leads = permissions.leads(actor, task.organisation_id)
    back = reverse("workflows:team" if leads else "workflows:inbox")
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            assigning.assign(by=actor, task=task, to=_chosen(may_get, form.cleaned_data["to"]), now=clock.now())
            messages.success(request, "You have handed the task over, and your colleague is told")
            return redirect(back)
    [row] = assigned_rows([task], clock.now())
    context = {"form": form, "row": row, "people": people, "back": back}
    return render(request, "workflows/assign.jinja", context)


def _chosen(entries: Iterable[StaffListEntry], public_id: str) -> StaffListEntry:
    return next(entry for entry in entries if str(entry.public_id) == public_id)
