"""What needs somebody who works with plans: a few lists over one scope, each a narrow query."""

import datetime

from django.db.models import QuerySet

from careplan_forms.enums import SUBMISSION_KIND, PlanState
from careplan_forms.models import CarePlan, PlanDraft
from careplan_forms.policies import REVIEW_DUE_WITHIN
from careplan_forms.selectors.migrations import waiting_for
from careplan_forms.selectors.plans import visible_to
from careplan_forms.selectors.withholding import to_review
from core.pagination import capped_count
from governance.actors import Actor
from governance.enums import CLINICAL_ROLES, Action
from governance.gate import check
from workflows.selectors.turns import subjects_waiting_for

#: Columns a list shows; answers, drafts and documents of forms are never loaded for one.
_COLUMNS = (
    *("public_id", "state", "updated_at", "review_on", "withdrawn_at", "owner__name", "owner_id"),
    *("patient__public_id", "patient__family_name", "patient__given_names", "patient__title"),
    *("patient__date_of_birth", "patient__nhs_number", "patient__died_on"),
    "form_version__definition__title",
    *("current_version_id", "waiting_submission_id", "returned_submission_id"),
)

NEWEST_FIRST = ("-updated_at", "-pk")
DUE_FIRST = ("review_on", "pk")

LABELS = {
    "drafts": "My drafts",
    "approve": "To approve",
    "returned": "Returned for changes",
    "form_changed": "Form has changed",
    "review": "Review due in 30 days",
    "withheld": "Withheld answers to look at again",
    "all": "All plans",
}
#: No more than this is counted for a heading: "99+" says enough.
MOST_COUNTED = 99


def plans(*, viewer: Actor, show: str, today: datetime.date) -> QuerySet[CarePlan]:
    """One of the lists in `LABELS`, in no order yet; see `order_of`."""
    check(viewer, Action.WORKLIST_READ)
    return _listed(viewer, show, today)


def _listed(viewer: Actor, show: str, today: datetime.date) -> QuerySet[CarePlan]:
    rows = visible_to(viewer).select_related("patient", "owner", "form_version__definition").only(*_COLUMNS)
    rows = rows.exclude(state=PlanState.WITHDRAWN) if show != "all" else rows
    if show == "drafts":
        return rows.filter(pk__in=_drafted_by(viewer))
    if show == "approve":
        waiting = subjects_waiting_for(viewer, SUBMISSION_KIND)
        return rows.filter(waiting_submission__public_id__in=waiting)
    if show == "returned":
        return rows.filter(returned_submission__isnull=False)
    if show == "form_changed":
        return rows.filter(waiting_for(viewer.organisation_id))
    if show == "review":
        return rows.filter(review_on__lte=today + REVIEW_DUE_WITHIN)
    if show == "withheld":
        return rows.filter(pk__in=to_review(today), owner=viewer.organisation_id)
    return rows


def order_of(show: str) -> tuple[str, ...]:
    return DUE_FIRST if show == "review" else NEWEST_FIRST


def lists_for(viewer: Actor) -> list[str]:
    """The lists somebody in this role has use for."""
    return list(LABELS) if viewer.role in CLINICAL_ROLES else ["all"]


def counts(*, viewer: Actor, today: datetime.date) -> dict[str, int]:
    """How long each list is, counted no further than a heading needs; the gate is asked once for all."""
    check(viewer, Action.WORKLIST_READ)
    return {key: capped_count(_listed(viewer, key, today), MOST_COUNTED) for key in lists_for(viewer) if key != "all"}


def _drafted_by(viewer: Actor) -> QuerySet:
    rows = PlanDraft.objects.filter(author=viewer.user_id, closed_at=None).exclude(items={}, unsaved={})
    return rows.values("plan")
