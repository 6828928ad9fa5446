"""Lists of answers brought into the administration: the report first, then a draft."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from careplan_forms import brought, design_permissions
from careplan_forms.forms.bringing import BringListForm, KeepForm
from careplan_forms.schema.fhir.list_reader import ListReport, ListResult, read_list
from careplan_forms.services import value_sets as services
from careplan_forms.views.value_sets import crumbs
from core.forms import refusals_on
from governance.actors import Actor
from governance.http import ActorRequest

_TITLE = "Bring a list of answers in"


@require_http_methods(["GET", "POST"])
def bring(request: ActorRequest) -> HttpResponse:
    """Choose a file or paste a text; the answer is what it would change, and nothing is kept yet."""
    actor = request.actor
    design_permissions.check_user_can_shape_all(actor)
    if request.method != "POST":
        return _page(request, {"form": BringListForm(initial={"key": request.GET.get("key", "")[:100]})})
    form = BringListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, {"form": form}, 400)
    content = form.content()
    result = read_list(content)
    if result.value_set is None:
        return _page(request, {"form": form, "report": result.report}, 400)
    key = form.cleaned_data["key"] or result.value_set["key"]
    keep_form = KeepForm(initial={"token": brought.put_aside(actor, content, "list"), "key": key})
    return _report(request, actor, result, key, keep_form)


@require_POST
def keep(request: ActorRequest) -> HttpResponse:
    """Keep what was brought as a draft, or show what it would do under the key that was typed instead."""
    actor = request.actor
    design_permissions.check_user_can_shape_all(actor)
    form = KeepForm(request.POST)
    found = brought.find(actor, request.POST.get("token", "")[:64])
    result = read_list(found[0]) if found else None
    if result is None or result.value_set is None:
        report = ListReport(refusal="What you brought was put aside for an hour and is gone. Bring it again.")
        return _page(request, {"form": BringListForm(), "report": report}, 400)
    if not form.is_valid():
        return _report(request, actor, result, result.value_set["key"], form, 400)
    key, shown = form.cleaned_data["key"], request.POST.get("shown", "")
    if key != shown:
        again = KeepForm(initial={"token": form.cleaned_data["token"], "key": key})
        return _report(request, actor, result, key, again)
    with refusals_on(form):
        made, _ = services.take_over_edition(brought=result.value_set, key=key, by=actor)
        brought.forget(actor, form.cleaned_data["token"])
        messages.success(request, f"“{made.title}” is kept as a draft. Forms use it once they are signed off with it.")
        return redirect(crumbs(made)[-1]["url"])
    return _report(request, actor, result, key, form, 400)


def _report(
    request: ActorRequest, actor: Actor, result: ListResult, key: str, form: KeepForm, status: int = 200
) -> HttpResponse:
    """What the list would change under a key."""
    assert result.value_set is not None
    _, changes, known = services.edition_of(brought=result.value_set, key=key, by=actor)
    context = {"keep": form, "report": result.report, "changes": changes, "known": known, "key": key}
    return _page(request, context, status)


def _page(request: ActorRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    title = _TITLE if "form" in context else f"What “{context['report'].title}” would change"
    step = [] if "form" in context else [{"url": reverse("forms_value_set_bring"), "label": _TITLE}]
    frame = {
        "header_title": _TITLE,
        "header_icon": "download",
        "page_heading": title,
        "breadcrumbs_items": [*crumbs(), *step, {"url": "", "label": title}],
    }
    template = "careplan_forms/designer/value_set_bring.html"
    if "keep" in context:
        template, context = "careplan_forms/designer/value_set_brought.html", context | {"form": context["keep"]}
    return render(request, template, frame | context, status=status)
