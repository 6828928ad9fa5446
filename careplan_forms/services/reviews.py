"""Reviewing a plan that is due: a doctor records that nothing changes, and somebody is asked before the day comes."""

import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery

from careplan_forms import trail
from careplan_forms.enums import REVIEW_KIND, PlanState
from careplan_forms.models import CarePlan, PlanReview
from careplan_forms.policies import REVIEW_DUE_WITHIN, check_can_review, is_review_due
from careplan_forms.services import audience, projection
from careplan_forms.services.doctors import registered_doctor
from core import clock
from core.exceptions import Conflict
from governance.actors import Actor
from governance.policies import add_months
from governance.services.audit import record
from workflows.models import FlowCase
from workflows.selectors import definitions
from workflows.services import cases, following


@transaction.atomic
def record_review(*, by: Actor, plan: CarePlan, shown_sha256: str, months: int, now: datetime.datetime) -> PlanReview:
    """A registered doctor who has read the approved version finds that nothing in it changes; it is due again later.

    The version stays as it was approved; only when to look at it again moves. Raises Conflict when it is no longer the
    version that was shown, Refused when the plan is over or a change of it waits, NotAllowed for anybody else.
    """
    entry = registered_doctor(by, "record that nothing in a plan changes")
    held = CarePlan.objects.select_for_update(of=("self",)).select_related("patient", "current_version").get(pk=plan.pk)
    check_can_review(held)
    version = held.current_version
    if version is None or version.content_sha256 != shown_sha256:
        raise Conflict("Another version was approved after you opened this one. Nothing was recorded")
    audience.check_sees_all(by, held, version.submission)
    review = PlanReview.objects.create(
        plan=held,
        version=version,
        content_sha256=version.content_sha256,
        reviewed_at=now,
        reviewed_by=entry.user,
        reviewer_label=entry.user.display_name[:160],
        reviewer_organisation=entry.organisation.name[:200],
        reviewer_registration=f"{entry.registration_body} {entry.registration_number}".strip()[:40],
        review_on=add_months(clock.today(now), months),
    )
    held.review_on, held.row_version, held.updated_at = review.review_on, held.row_version + 1, now
    held.save(update_fields=["review_on", "row_version", "updated_at"])
    detail = {"version": version.number, "sha256": version.content_sha256, "review_on": review.review_on.isoformat()}
    record(by=by, action="plan.reviewed", target=trail.plan_target(held), detail=detail)
    projection.project_plan(plan=held, now=now)
    return review


def follow_dates(*, by: Actor, now: datetime.datetime) -> dict[str, int]:
    """Ask for the reviews that are due, once each, and end those that something else has settled; how many."""
    if not definitions.in_use_for(REVIEW_KIND):
        return {"opened": 0, "ended": 0}
    return {"ended": _end_settled(by, now), "opened": _open_due(by, now)}


def _open_due(by: Actor, now: datetime.datetime) -> int:
    """A case for each current plan that is due and that nobody was asked about since its date was last set."""
    due = [plan for plan in _due(clock.today(now)) if plan.asked_at is None or plan.asked_at < _set_at(plan)]
    for plan in due:
        cases.open_case(by=by, subject_kind=REVIEW_KIND, subject_id=plan.public_id, now=now)
    return len(due)


def _due(today: datetime.date) -> QuerySet:
    asked = FlowCase.objects.filter(subject_kind=REVIEW_KIND, subject_id=OuterRef("public_id")).order_by("-opened_at")
    plans = CarePlan.objects.filter(
        state=PlanState.CURRENT,
        current_version__isnull=False,
        waiting_submission=None,
        patient__died_on=None,
        review_on__lte=today + REVIEW_DUE_WITHIN,
    )
    return (
        plans.select_related("current_version")
        .annotate(reviewed_at=Max("reviews__reviewed_at"), asked_at=Subquery(asked.values("opened_at")[:1]))
        .order_by("review_on", "pk")
    )


def _set_at(plan: CarePlan) -> datetime.datetime:
    """When the review date was last set: by the approval of the version or by a review of it."""
    moments = [plan.current_version.approved_at, plan.reviewed_at]  # type: ignore[union-attr, attr-defined]
    return max(moment for moment in moments if moment is not None)


def _end_settled(by: Actor, now: datetime.datetime) -> int:
    """End the open cases of plans that are due no more; events end most of them at once."""
    ids = FlowCase.objects.filter(subject_kind=REVIEW_KIND, closed_at=None).values_list("subject_id", flat=True)
    plans = CarePlan.objects.filter(public_id__in=list(ids)).select_related("patient")
    settled = [(plan, what) for plan in plans if (what := settled_by(plan, clock.today(now)))]
    for plan, what in settled:
        following.follow(by=by, happening=what, subject_id=plan.public_id, now=now)
    return len(settled)


def settled_by(plan: CarePlan, today: datetime.date) -> str:
    """What has made a review of the plan needless; an empty text when it is still due."""
    if plan.state == PlanState.WITHDRAWN:
        return "plan.withdrawn"
    if plan.patient.died_on is not None:
        return "person.died"
    return "" if is_review_due(plan.review_on, today) else "plan.renewed"
