"""Deciding on several tasks at once, where their flows allow it. The inbox links here with `?task=…&task=…`."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from governance.actors import Actor
from governance.http import ActorRequest
from workflows import permissions
from workflows.forms import TogetherForm
from workflows.presenters.together import Group, Together, chosen, together, told
from workflows.selectors import assigning as seen
from workflows.selectors import cases as cases_seen
from workflows.services import bulk


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: ActorRequest) -> HttpResponse:
    """What can be decided together of the chosen tasks; then what became of each."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    shown = together(actor, seen.chosen(actor, _ids(request)))
    sent = request.POST.get("group", "")
    forms = [_form(request, group, group.key == sent) for group in shown.groups]
    if request.method == "GET" or any(form.is_bound and not form.is_valid() for form in forms):
        return _page(request, shown, forms)
    outcomes = bulk.decide_many(
        by=actor,
        chosen=[
            bulk.Chosen(cases_seen.by_public_id(actor, each), sha, state)
            for each, state, sha in chosen(request.POST.getlist(f"{sent}-case"))
        ],
        transition=request.POST.get("step", ""),
        reason=request.POST.get(f"{sent}-reason", ""),
        now=clock.now(),
    )
    return render(request, "workflows/together_done.jinja", {"rows": told(outcomes)})


def _form(request: ActorRequest, group: Group, sent: bool) -> TogetherForm:
    return TogetherForm(
        request.POST if sent else None,
        prefix=group.key,
        needs_reason=group.step.needs_reason,
        offered=[(item.value, item.label) for item in group.items],
    )


def _page(request: ActorRequest, shown: Together, forms: list[TogetherForm]) -> HttpResponse:
    context = {
        "groups": list(zip(shown.groups, forms, strict=True)),
        "others": shown.others,
        "tasks": _ids(request),
        "has_errors": any(form.errors for form in forms),
        "back": reverse("workflows:inbox"),
    }
    return render(request, "workflows/together.jinja", context)


def _ids(request: ActorRequest) -> list[UUID]:
    """The tasks the address or the form names; what is no id of a task is left out."""
    texts = (request.POST if request.method == "POST" else request.GET).getlist("task")
    found = []
    for text in texts[: bulk.MAX_CASES]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
