"""What narrows the worklist. Nothing here identifies anybody: filters travel in addresses."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from careplan_forms.models import CarePlan
from core.forms import NHSForm

MINE, SHARED = "mine", "shared"


class WorklistFilter(django_filters.FilterSet):
    """By who holds the plan and whether it has been approved."""

    held_by = django_filters.ChoiceFilter(
        label="Held by",
        choices=[(MINE, "My organisation"), (SHARED, "Another organisation")],
        empty_label="Anybody",
        method="by_holder",
    )
    approved = django_filters.ChoiceFilter(
        label="Approved",
        choices=[("yes", "Approved"), ("no", "Not approved yet")],
        empty_label="All",
        method="by_approval",
    )

    class Meta:
        model = CarePlan
        fields: list[str] = []
        form = NHSForm

    def by_holder(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        own = {"owner": self.request.actor.organisation_id}
        return rows.filter(**own) if value == MINE else rows.exclude(**own)

    def by_approval(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(current_version__isnull=value == "no")

    def filter_queryset(self, queryset: QuerySet) -> Any:
        """A filter nobody offers narrows nothing: the list is shown whole."""
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset
