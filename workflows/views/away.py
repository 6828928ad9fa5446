"""Being away: who decides meanwhile, set by oneself or by the organisation's lead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.forms import refusals_on
from governance.actors import Actor
from governance.http import ActorRequest
from workflows import permissions
from workflows.forms import AwayForm
from workflows.selectors import delegations as seen
from workflows.services import delegations

#: Whoever leads says it of others too.
_HEADINGS = {True: "Who is away, and when?", False: "When are you away?"}


@never_cache
@require_GET
def away(request: ActorRequest) -> HttpResponse:
    """Who is away now or soon, as far as it concerns the viewer."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    context = {"rows": list(seen.coming(actor)), "leads": permissions.leads(actor, actor.organisation_id)}
    return render(request, "workflows/away.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Say from when until when somebody is away, and who decides meanwhile."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    people = {str(user.public_id): user for user in seen.colleagues(actor)}
    own = next((key for key, user in people.items() if user.pk == actor.user_id), "")
    leads = permissions.leads(actor, actor.organisation_id)
    choices = [(key, user.display_name) for key, user in people.items() if leads or key != own]
    form = AwayForm(
        request.POST if request.method == "POST" else None,
        own=own,
        people=choices,
        for_others=leads,
        initial={"absent": own},
    )
    if form.is_valid():
        with refusals_on(form):
            delegations.delegate(
                by=actor,
                absent=people[form.absent_id],
                colleague=people[form.cleaned_data["colleague"]],
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
            messages.success(request, "It is kept, and your colleague is told")
            return redirect("workflows:away")
    context = {"form": form, "heading": _HEADINGS[leads], "button": "Save", "back": reverse("workflows:away")}
    return render(request, "workflows/asked.jinja", context)


@require_POST
def end(request: ActorRequest, delegation_id: UUID) -> HttpResponse:
    """End it early."""
    actor: Actor = request.actor
    permissions.check_user_can_read_tasks(actor)
    delegations.end(by=actor, delegation=seen.one(actor, delegation_id), now=clock.now())
    messages.success(request, "It has ended. Whoever was away decides again")
    return redirect("workflows:away")
