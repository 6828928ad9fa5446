"""One's own notices, and how one wants to be mailed about them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.forms import refusals_on
from core.pagination import keyset_page
from governance import gate
from governance.enums import Action
from governance.forms import NoticeChoiceForm
from governance.http import ActorRequest
from governance.selectors import notices
from governance.services import notifications


@never_cache
@require_http_methods(["GET", "POST"])
def own(request: ActorRequest) -> HttpResponse:
    """What one was told, and the choice of mails."""
    rows = notices.own(request.actor)
    form = NoticeChoiceForm(
        request.POST if request.method == "POST" else None, initial={"mail": notices.choice_of(request.actor)}
    )
    if form.is_valid():
        with refusals_on(form):
            notifications.choose(by=request.actor, **form.cleaned_data)
            messages.success(request, "Your choice of emails is saved")
            return redirect("notices:list")
    page = keyset_page(rows, order=("-created_at", "-pk"), query=request.GET)
    unread = rows.filter(read_at=None).exists()
    return render(request, "governance/notices.jinja", {"page": page, "form": form, "unread": unread})


@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Everything on the page is read."""
    gate.check(request.actor, Action.NOTICE_OWN)
    notifications.mark_all_read(by=request.actor)
    return redirect("notices:list")


@never_cache
@require_GET
def open_notice(request: ActorRequest, notice: UUID) -> HttpResponse:
    """Read one and go where it leads; mails lead here, so that they need to hold nothing else."""
    gate.check(request.actor, Action.NOTICE_OWN)
    row = notifications.mark_read(notice=notice, by=request.actor)
    ours = row.link.startswith("/") and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None)
    return redirect(row.link if ours else "notices:list")
