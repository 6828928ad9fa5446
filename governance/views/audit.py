"""Who looked at what: the trail for privacy officers and information governance. Looking at it is in it as well."""

import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.clock import LONDON
from governance import gate
from governance.enums import Action
from governance.forms import AccountForm, AuditForm
from governance.http import ActorRequest
from governance.selectors import audit as selector
from governance.services import audit


@never_cache
@require_GET
def look_up(request: ActorRequest) -> HttpResponse:
    """The newest events that fit, fifty a page."""
    gate.check(request.actor, Action.AUDIT_READ)
    return _page(request, AccountForm())


@never_cache
@require_POST
def find_account(request: ActorRequest) -> HttpResponse:
    """From an address to the reference of its account, which is what the address of the next page holds."""
    gate.check(request.actor, Action.AUDIT_READ)
    form = AccountForm(request.POST)
    if form.is_valid():
        reference = selector.account_reference(form.cleaned_data["email"], request.actor)
        if reference:
            return redirect(f"{reverse('governance:audit')}?who={reference}")
        form.add_error("email", "There is no account with this email address")
    return _page(request, form)


def _page(request: ActorRequest, account: AccountForm) -> HttpResponse:
    form = AuditForm(request.GET)
    query = _query(form, request.GET.get("before", ""))
    found = selector.events(query, request.actor)
    detail = {"who": query.who, "what": query.what, "action": query.action}
    audit.record_read(by=request.actor, action="audit.read", detail={k: v for k, v in detail.items() if v})
    shown = found[: selector.PAGE]
    context = {
        "form": form,
        "account": account,
        "has_errors": bool(form.errors or account.errors),
        "events": shown,
        "people": selector.people_of(shown),
        "organisations": selector.organisations_of(shown),
        "older": _older(request.GET, shown[-1].at) if len(found) > selector.PAGE else "",
    }
    return render(request, "governance/audit.jinja", context)


def _query(form: AuditForm, before: str) -> selector.Query:
    """What the form asks for; a field that is wrong asks for nothing and says so on the page."""
    form.is_valid()
    data: dict[str, Any] = form.cleaned_data
    last = data.get("last_day")
    return selector.Query(
        who=str(data.get("who") or ""),
        what=data.get("what") or "",
        action=data.get("action") or "",
        result=data.get("result") or "",
        first_day=_midnight(data.get("first_day")),
        last_day=_midnight(last + datetime.timedelta(days=1)) if last else None,
        before=_moment(before),
    )


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    return datetime.datetime.combine(day, datetime.time.min, LONDON) if day else None


def _moment(text: str) -> datetime.datetime | None:
    try:
        value = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None


def _older(parameters: QueryDict, at: datetime.datetime) -> str:
    query = parameters.copy()
    query["before"] = at.isoformat()
    return f"?{query.urlencode()}"
