"""What narrows the inbox. Nothing here identifies anybody: filters travel in addresses and are kept under names."""

import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core import clock
from core.forms import NHSForm
from workflows.models import FlowTask
from workflows.selectors.inbox import Choices

SOON = datetime.timedelta(days=7)
DUE = {
    "overdue": "Overdue",
    "today": "Due today",
    "week": "Due in the next 7 days",
    "later": "Due later",
    "none": "No deadline",
}
TAKEN = {"me": "Me", "nobody": "Nobody yet", "colleague": "A colleague"}


class InboxFilter(django_filters.FilterSet):
    """By what it is, what it waits for, until when, with whom and, for the host, whose. A filter with nothing to
    choose between is left out.
    """

    kind = django_filters.ChoiceFilter(label="Kind", empty_label="All kinds", field_name="case__subject_kind")
    waits = django_filters.ChoiceFilter(label="What it waits for", empty_label="Anything", method="by_state")
    due = django_filters.ChoiceFilter(
        label="Due", choices=list(DUE.items()), empty_label="Any time", method="by_deadline"
    )
    taken = django_filters.ChoiceFilter(
        label="Taken by", choices=list(TAKEN.items()), empty_label="All", method="by_holder"
    )
    owner = django_filters.ChoiceFilter(
        label="Organisation", empty_label="All organisations", field_name="case__owner__public_id"
    )

    class Meta:
        model = FlowTask
        fields: list[str] = []
        form = NHSForm

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", offered.kinds), ("waits", offered.states), ("owner", offered.owners)):
            if len(choices) > 1 or self.data.get(name):
                self.filters[name].extra["choices"] = choices
            else:
                del self.filters[name]

    @property
    def is_stale(self) -> bool:
        """Whether the address asks for something nobody offers any more; the list is then shown whole."""
        return self.is_bound and not self.form.is_valid()

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        flow, _, state = value.partition(".")
        return rows.filter(case__version__definition__key=flow, state=state)

    def by_deadline(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(due_within(value, clock.now()))

    def by_holder(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        me = {"claimed_by": self.request.actor.user_id}
        if value == "me":
            return rows.filter(**me)
        nobodys = Q(claimed_by=None)
        return rows.filter(nobodys) if value == "nobody" else rows.exclude(nobodys).exclude(**me)

    def filter_queryset(self, queryset: QuerySet) -> Any:
        """A filter nobody offers narrows nothing."""
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset


def due_within(value: str, now: datetime.datetime) -> Q:
    """The deadlines meant by one of `DUE`. Today ends at midnight in London; what is overdue is not due today."""
    today = clock.today(now)
    tonight, soon = _midnight_after(today), _midnight_after(today + SOON)
    return {
        "overdue": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lt=tonight),
        "week": Q(due_at__gte=now, due_at__lt=soon),
        "later": Q(due_at__gte=soon),
        "none": Q(due_at=None),
    }[value]


def _midnight_after(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, clock.LONDON)
