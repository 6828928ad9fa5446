"""What reports count, within what the viewer may see. Approved versions only; boards as they were on a date."""

import datetime
from collections import Counter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from careplan_forms.enums import FactKind, PlanState
from careplan_forms.models import AnswerFact, CarePlan, FormVersion, Patient
from careplan_forms.selectors.audience import kept_from_reports
from governance.actors import Actor
from governance.enums import Action, RoleKey
from governance.gate import check
from governance.models import Organisation
from governance.selectors import areas

#: Roles that see every organisation; the others see their own board's, or their own organisation's.
SEE_ALL = frozenset({RoleKey.IG_OFFICER, RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER})


def organisations_in_sight(viewer: Actor, day: datetime.date) -> QuerySet[Organisation]:
    """Organisations whose figures the viewer may see. Raises NotAllowed for whom reports are not."""
    check(viewer, Action.REPORT_READ)
    rows = Organisation.objects.all()
    if viewer.role in SEE_ALL or viewer.role is None:
        return rows
    if viewer.role == RoleKey.COMMISSIONER:
        by_board = areas.boards(day)
        own = by_board.get(viewer.organisation_id or 0)
        return rows.filter(pk__in=[key for key, board in by_board.items() if own and board == own])
    return rows.filter(pk=viewer.organisation_id)


def plan_counts(*, viewer: Actor, start: datetime.date, end: datetime.date) -> list[Any]:
    """Per organisation: plans current now, created and approved in the period, and reviews overdue at its end."""
    approved = Q(owned_plans__versions__approved_at__date__range=(start, end))
    current = Q(owned_plans__state=PlanState.CURRENT)
    return list(
        organisations_in_sight(viewer, end)
        .annotate(
            current=Count("owned_plans", filter=current, distinct=True),
            created=Count("owned_plans", filter=Q(owned_plans__created_at__date__range=(start, end)), distinct=True),
            approved=Count("owned_plans__versions", filter=approved, distinct=True),
            overdue=Count("owned_plans", filter=current & Q(owned_plans__review_on__lt=end), distinct=True),
        )
        .filter(Q(current__gt=0) | Q(created__gt=0) | Q(approved__gt=0))
        .order_by("name")
        .values("pk", "name", "ods_code", "current", "created", "approved", "overdue")
    )


def deaths(*, viewer: Actor, start: datetime.date, end: datetime.date) -> Counter[tuple[int, str, str, str]]:
    """Deaths in the period of people with an approved plan, counted by owner, preferred places and actual place.

    Keys are (organisation key, first choice code, second choice code, actual place code); an empty code means that
    nothing was recorded.
    """
    gone = _kept_from(viewer)
    plans = CarePlan.objects.filter(patient=OuterRef("pk")).exclude(current_version=None).order_by("-updated_at")
    rows = (
        Patient.objects.filter(died_on__range=(start, end))
        .filter(Exists(plans.filter(owner__in=organisations_in_sight(viewer, end))))
        .annotate(plan_key=Subquery(plans.values("pk")[:1]), owner=Subquery(plans.values("owner")[:1]))
        .annotate(first=_fact("place.death_first", gone), second=_fact("place.death_second", gone))
        .values_list("owner", "first", "second", "actual_place_of_death")
    )
    return Counter((owner, first or "", second or "", actual) for owner, first, second, actual in rows)


def _kept_from(viewer: Actor) -> Q:
    """The answers that forms keep from the viewer's role: for them, nothing is recorded there."""
    gone = Q(pk__in=())
    for version in FormVersion.objects.defer("document").order_by("pk"):
        if uids := kept_from_reports(viewer, version):
            gone |= Q(plan__current_version__form_version=version, item_uid__in=uids)
    return gone


def _fact(slot: str, gone: Q) -> Subquery:
    facts = AnswerFact.objects.filter(plan=OuterRef("plan_key"), slot=slot, visible=True).exclude(code="").exclude(gone)
    return Subquery(facts.values("code")[:1])


def shown_and_answered(*, viewer: Actor, start: datetime.date, end: datetime.date) -> list[dict[str, Any]]:
    """How often each question was shown and what became of it, in versions approved in the period that stand now.

    One row per form version, owner, role of whoever sent the plan, and question. A question that was hidden was not
    shown, and a reason for having no answer is not an empty one.
    """
    form_version = F("plan__current_version__form_version")
    kinds = {
        "shown": ~Q(kind=FactKind.MORE),
        "empty": Q(kind=FactKind.EMPTY),
        "not_known": Q(kind=FactKind.ABSENT, absent="not-known"),
        "not_discussed": Q(kind=FactKind.ABSENT, absent="not-discussed"),
        "absent": Q(kind=FactKind.ABSENT),
    }
    rows: Any = (
        AnswerFact.objects.filter(
            visible=True,
            plan__owner__in=organisations_in_sight(viewer, end),
            plan__current_version__approved_at__date__range=(start, end),
        )
        .values("item_uid", form_version=form_version, owner=F("plan__owner__name"), ods=F("plan__owner__ods_code"))
        .annotate(role=F("plan__current_version__submission__submitted_role"))
        .annotate(**{name: Count("pk", filter=condition) for name, condition in kinds.items()})
        .order_by("form_version", "owner", "role", "item_uid")
    )
    return list(rows)


def form_versions(keys: set[int]) -> dict[int, FormVersion]:
    """Versions of forms by their keys; their wording is nobody's secret."""
    return FormVersion.objects.select_related("definition").in_bulk(keys)
