"""The inbox: what waits for me and my team, and taking a task or giving it back."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from core import clock
from workflows import permissions
from workflows.presenters.inbox import TaskRow, task_rows
from workflows.selectors import inbox as inboxes
from workflows.services import tasks
from workflows.tables import InboxTable

VIEWS = {"all": ("All", inboxes.tasks), "mine": ("Mine", inboxes.mine), "free": ("Not taken", inboxes.nobodys)}
PER_PAGE = 25


@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """My tasks and my team's; `?show=` picks all, mine or those nobody has taken."""
    actor = request.actor  # type: ignore[attr-defined]
    permissions.check_user_can_read_tasks(actor)
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in VIEWS else "all"
    page = Paginator(VIEWS[chosen][1](actor), PER_PAGE).get_page(request.GET.get("page"))
    table = InboxTable(task_rows(actor, list(page), clock.now()), action=partial(_action, get_token(request)))
    context = {
        "table": table,
        "views": [{"key": key, "label": label, "current": key == chosen} for key, (label, _) in VIEWS.items()],
        "previous_url": f"?show={chosen}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?show={chosen}&page={page.next_page_number()}" if page.has_next() else "",
        "counted": f"{page.paginator.count:,} {'task' if page.paginator.count == 1 else 'tasks'}",
    }
    return render(request, "workflows/inbox.jinja", context)


@require_POST
def claim(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take a task."""
    actor = request.actor  # type: ignore[attr-defined]
    tasks.claim(by=actor, task=inboxes.task(actor, task_id), now=clock.now())
    messages.success(request, "You have taken the task")
    return redirect("workflows:inbox")


@require_POST
def release(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Give a task back to the team."""
    actor = request.actor  # type: ignore[attr-defined]
    tasks.release(by=actor, task=inboxes.task(actor, task_id), now=clock.now())
    messages.success(request, "You have given the task back to your team")
    return redirect("workflows:inbox")


def _action(token: str, row: TaskRow) -> Markup | str:
    """The one thing that can be done with a task from the list, as a form; nothing with a colleague's."""
    if not row.is_mine and not row.is_free:
        return ""
    return Markup(render_to_string("workflows/_task_action.jinja", {"row": row, "token": token}))  # noqa: S704
