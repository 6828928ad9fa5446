"""The inbox: what waits for me and my team, and taking a task or giving it back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.pagination import keyset_page
from governance.actors import Actor
from governance.enums import RoleKey
from governance.http import ActorRequest
from workflows import permissions
from workflows.filters import InboxFilter
from workflows.presenters import vacancies
from workflows.presenters.inbox import task_rows
from workflows.selectors import inbox as inboxes
from workflows.selectors import saved_views
from workflows.services import tasks
from workflows.tables import InboxTable
from workflows.views.pages import to_inbox
from workflows.views.saved_views import links


@never_cache
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """One list at a time, `?show=`, of my tasks and my team's; narrowed by filters."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    views = saved_views.views_of(actor)
    opening = next((view for view in views if view.is_default), None)
    if opening and not request.GET:
        return redirect(f"{request.path}?{opening.query}")
    show = asked if (asked := request.GET.get("show", "")) in inboxes.LISTS else "all"
    mine = inboxes.inbox_of(actor)
    offered = inboxes.choices(actor, mine)
    found = InboxFilter(request.GET, queryset=mine.listed(show), request=request, offered=offered)
    page = keyset_page(inboxes.with_cases(found.qs), order=inboxes.DUE_FIRST, query=request.GET)
    rows = replace(page, rows=task_rows(actor, mine, page.rows, clock.now()))
    counts = mine.counts()
    kept = links(views, request.GET.urlencode())
    narrowed = any(found.data.get(name) for name in found.filters)
    context = {
        "table": InboxTable(rows, caption=_CAPTIONS[show]),
        "filter": found,
        "show": show,
        "lists": _lists(counts, show),
        "nothing": not counts["all"],
        "narrowed": narrowed,
        "views": kept,
        "may_save": (narrowed or show != "all") and not any(link["current"] for link in kept),
        "empty": not rows.rows,
        "choosing": any(row.together for row in rows.rows),
        "leads": actor.role == RoleKey.ORG_LEAD,
        "vacancies": vacancies.own_panel(actor),
    }
    return render(request, "workflows/inbox.jinja", context)


@require_POST
def claim(request: ActorRequest, task_id: UUID) -> HttpResponse:
    """Take a task."""
    actor = request.actor
    tasks.claim(by=actor, task=inboxes.task(actor, task_id), now=clock.now())
    messages.success(request, "You have taken the task")
    return to_inbox(request)


@require_POST
def release(request: ActorRequest, task_id: UUID) -> HttpResponse:
    """Give a task back to the team."""
    actor = request.actor
    tasks.release(by=actor, task=inboxes.task(actor, task_id), now=clock.now())
    messages.success(request, "You have given the task back to your team")
    return to_inbox(request)


_CAPTIONS = {
    "mine": "Tasks you have taken",
    "free": "Tasks nobody has taken",
    "overdue": "Tasks that are overdue",
    "all": "What waits for you and your team",
}


def _lists(counts: Mapping[str, int], show: str) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": label, "count": _words(counts[key]), "current": key == show}
        for key, label in inboxes.LISTS.items()
    ]


def _words(count: int) -> str:
    return f"{inboxes.MOST_COUNTED}+" if count > inboxes.MOST_COUNTED else str(count or "")
