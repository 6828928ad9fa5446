"""Pages that several views share: one form, one history."""

import datetime
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.clock import LONDON
from core.forms import NHSForm
from governance.forms import AsAtForm
from governance.http import ActorRequest
from governance.models import Organisation
from governance.selectors import changes


def asked(
    request: ActorRequest,
    form: NHSForm,
    title: str,
    button: str,
    back_to: str,
    *back_arguments: Any,
    warning: bool = False,
    about: str = "",
    means: str = "",
) -> HttpResponse:
    """A page with one form: its title, its button, the page it leads back to; whom it is about, and what it means."""
    context = {
        "form": form,
        "heading": title,
        "button": button,
        "back": reverse(back_to, args=back_arguments),
        "warning": warning,
        "about": about,
        "means": means,
    }
    return render(request, "governance/form.jinja", context)


def history_of(request: ActorRequest, row: Model, organisation: Organisation, title: str, back: str) -> HttpResponse:
    """The History tab of a record: who changed what, when and why, and how it stood at the end of a day."""
    form = AsAtForm(request.GET if "on_year" in request.GET else None)
    then = None
    if form.is_valid():
        day = form.cleaned_data["on"]
        moment = datetime.datetime.combine(day, datetime.time.max, LONDON)
        then = (day, changes.as_at(row, organisation, moment, request.actor))
    context = {
        "heading": title,
        "back": back,
        "changes": changes.of(row, organisation, request.actor),
        "form": form,
        "then": then,
    }
    return render(request, "governance/history.jinja", context)
