"""The worklist: what needs me."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from careplan_forms.filters import WorklistFilter
from careplan_forms.selectors import worklist as lists
from careplan_forms.tables import WorklistTable
from core import clock
from core.pagination import keyset_page
from governance.enums import Action
from governance.gate import check
from governance.http import ActorRequest


@never_cache
@require_GET
def worklist(request: ActorRequest) -> HttpResponse:
    """One list at a time, the first that is not empty unless another is asked for."""
    check(request.actor, Action.WORKLIST_READ)
    today = clock.today()
    known = lists.lists_for(request.actor)
    counts = lists.counts(viewer=request.actor, today=today)
    first = next((key for key in known if counts.get(key)), "all")
    show = request.GET.get("show", "")
    show = show if show in known else first
    found = WorklistFilter(
        request.GET, queryset=lists.plans(viewer=request.actor, show=show, today=today), request=request
    )
    page = keyset_page(found.qs, order=lists.order_of(show), query=request.GET)
    context = {
        "table": WorklistTable(page, caption=lists.LABELS[show]),
        "filter": found,
        "show": show,
        "lists": [
            {"key": key, "label": lists.LABELS[key], "count": _words(counts.get(key, 0)), "current": key == show}
            for key in known
            if counts.get(key) or key in (show, "all")
        ],
        "nothing": not any(counts.values()),
        "empty": not page.rows,
    }
    return render(request, "careplan_forms/plans/worklist.jinja", context)


def _words(count: int) -> str:
    return f"{lists.MOST_COUNTED}+" if count > lists.MOST_COUNTED else str(count or "")
