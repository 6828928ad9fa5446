"""Naming the filters of the inbox, and what becomes of a view afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import refusals_on
from governance.http import ActorRequest
from workflows import permissions
from workflows.filters import InboxFilter
from workflows.forms import SavedViewForm
from workflows.models import SavedView
from workflows.selectors import inbox as inboxes
from workflows.selectors import saved_views as selectors
from workflows.services import saved_views as service


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Name the filters the inbox has; they stand in the address of this page, so nothing is lost by a mistake."""
    actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    query = service.tidied(request.GET.urlencode())
    form = SavedViewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            row = service.save_view(by=actor, query=query, **form.cleaned_data)
            messages.success(request, f"Your view is saved: {row.name}")
            return redirect(_address(row.query))
    context = {"form": form, "narrowed": _words(request, query), "back": _address(query)}
    return render(request, "workflows/saved_view.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """Rename a view, let the inbox open with it, or delete it."""
    actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    row = selectors.view(actor, view_id)
    initial = {"name": row.name, "is_default": row.is_default}
    form = SavedViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            service.change_view(by=actor, view=row, **form.cleaned_data)
            messages.success(request, "Your view is changed")
            return redirect(_address(row.query))
    context = {"form": form, "view": row, "narrowed": _words(request, row.query), "back": _address(row.query)}
    return render(request, "workflows/saved_view.jinja", context)


@require_POST
def delete(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """Forget a view."""
    actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    service.delete_view(by=actor, view=selectors.view(actor, view_id))
    messages.success(request, "Your view is deleted")
    return redirect(_address("show=all"))


def links(views: list[SavedView], query: str) -> list[dict[str, object]]:
    """The views as the inbox lists them; the one whose filters are those of the address is the current one."""
    shown = service.tidied(query)
    return [{"view": row, "href": f"?{row.query}", "current": row.query == shown} for row in views]


def _address(query: str) -> str:
    return f"{reverse('workflows:inbox')}{'?' if query else ''}{query}"


def _words(request: ActorRequest, query: str) -> list[tuple[str, str]]:
    """What a view narrows the inbox to, as (filter, choice)."""
    actor = request.actor
    given = QueryDict(query)
    inbox = inboxes.inbox_of(actor)
    offered = inboxes.choices(actor, inbox)
    fields = InboxFilter(given, queryset=inbox.rows, request=request, offered=offered).form.fields
    said = [("List", inboxes.LISTS[given["show"]])] if given.get("show") in inboxes.LISTS else []
    for name, field in fields.items():
        chosen = dict(field.choices).get(given.get(name, ""))
        said += [(str(field.label), str(chosen))] if given.get(name) and chosen else []
    return said
