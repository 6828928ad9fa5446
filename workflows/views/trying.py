"""Trying a flow before it is used: on the decisions of the last weeks, and by scenarios."""

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.forms import refusals_on
from governance.http import ActorRequest
from workflows import catalogue, permissions, policies
from workflows.presenters import replay_page, trying_page
from workflows.selectors import definitions as definitions_seen
from workflows.selectors import replays
from workflows.services.seeds import scenarios_text
from workflows.trying_forms import ReplayForm, ScenariosForm

#: Cases looked at for a page; the command looks at all.
MOST_CASES = 5_000
#: Decisions listed one by one on the page.
MOST_LISTED = 100


@never_cache
@require_http_methods(["GET", "POST"])
def replay(request: ActorRequest, key: str) -> HttpResponse:
    """What another version would have said to the decisions of the last weeks. Nothing is written."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    flow = definitions_seen.by_key(actor, key)
    posted = request.method == "POST"
    form = ReplayForm(
        request.POST if posted else None, request.FILES if posted else None, versions=list(flow.versions.all())
    )
    context = {"flow": flow, "form": form, "page": replay_page, "most_listed": MOST_LISTED}
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            spec = form.spec()
            since = clock.now() - datetime.timedelta(days=form.cleaned_data["days"])
            rules = catalogue.rules_of(spec)
            report = replays.replayed(flow, rules, since=since, most_cases=MOST_CASES)
            all_cases = replays.case_count(flow, since)
            context |= {"report": report, "spec": spec, "left_out": all_cases - report.cases}
    return render(request, "workflows/replay.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def scenarios(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """Tell scenarios to a version: what follows at each step. Nothing is written."""
    actor = request.actor
    permissions.check_user_can_read_flows(actor)
    version = definitions_seen.version(actor, key, number)
    posted = request.method == "POST"
    form = ScenariosForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"text": scenarios_text(key)}
    )
    context = {"version": version, "form": form, "page": trying_page}
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            spec, conditions = policies.spec_of(version), version.definition.applies_when
            context["stories"] = trying_page.stories(spec, form.scenarios().scenarios, conditions)
    return render(request, "workflows/scenarios.jinja", context)
