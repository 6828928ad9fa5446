"""Filters of the register of organisations."""

import django_filters as filters
from django.db.models import Q, QuerySet

from core.forms import NHSForm
from governance.enums import AgreementState, CareSetting
from governance.models import Organisation
from governance.selectors import organisations


class OrganisationFilter(filters.FilterSet):
    """By name or ODS code, kind of care, and state of the agreement."""

    q = filters.CharFilter(label="Name or ODS code", method="search", max_length=100)
    care_setting = filters.ChoiceFilter(label="Kind of care", choices=CareSetting.choices, empty_label="Any")
    agreement = filters.ChoiceFilter(
        label="Agreement",
        choices=[("none", "No agreement"), *AgreementState.choices],
        empty_label="Any",
        method="by_agreement",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []
        form = NHSForm

    def search(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return rows.filter(Q(name__icontains=value) | Q(ods_code__istartswith=value.strip()))

    def by_agreement(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return organisations.in_state(rows, value)
