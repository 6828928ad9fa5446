"""What the flow engine learns of plans that are due for review: the plan itself, looked at as it was approved."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from careplan_forms.enums import REVIEW_KIND
from careplan_forms.models import CarePlan, PlanReview
from careplan_forms.permissions import user_can_see_plan
from careplan_forms.services import reviews
from core import clock
from governance.actors import Actor, reference
from workflows.happenings import Happening
from workflows.registry import (
    EffectContext,
    GuardContext,
    GuardResult,
    Subject,
    SubjectKind,
    effect,
    guard,
    subjects,
)
from workflows.services.following import subscribe

#: The step after which somebody writes.
START_CHANGES = "change"


class PlanReviewKind(SubjectKind):
    """An approved plan whose review is due."""

    label = "Review of a care plan"

    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, Subject]:
        rows = CarePlan.objects.filter(public_id__in=list(subject_ids))
        return {row.public_id: _subject(row) for row in rows.select_related("patient", "owner", "current_version")}

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        return user_can_see_plan(viewer, subject.record)

    def link_after(self, subject: Subject, step: str) -> str:
        """Whoever starts changes goes on to write them."""
        return reverse("careplan_forms:plan-tasks", args=[subject.id]) if step == START_CHANGES else subject.link


def _subject(row: CarePlan) -> Subject:
    return Subject(
        kind=REVIEW_KIND,
        id=row.public_id,
        owner_id=row.owner_id,
        content_sha256=row.current_version.content_sha256 if row.current_version else "",
        label=f"Review of care plan {reference(row.public_id)}",
        link=reverse("careplan_forms:plan", args=[row.public_id]),
        record=row,
        gate_subject=row,
    )


@guard("review_due", label="The review is due within so many days", params={"days": int})
def review_due(ctx: GuardContext) -> GuardResult:
    """A review is asked for when its day is near, not whenever somebody likes."""
    day = ctx.subject.record.review_on
    if day is not None and (day - clock.today(ctx.now)).days <= ctx.params["days"]:
        return GuardResult.passed()
    return GuardResult.blocked("not-due", "The review of this plan is not due yet", ctx.subject.link)


@effect(
    "record_review",
    label="A review without changes is recorded; the next is due after so many months",
    params={"months": int},
    requires=("role_registered",),
)
def record_review(ctx: EffectContext) -> PlanReview:
    """Nothing changes but the day of the next review."""
    return reviews.record_review(
        by=ctx.actor,
        plan=ctx.subject.record,
        shown_sha256=ctx.decision.sha256,
        months=ctx.params["months"],
        now=ctx.now,
    )


def _plan(payload: Mapping[str, Any]) -> list[UUID]:
    return [UUID(payload["plan"])]


def _plans_of_person(payload: Mapping[str, Any]) -> list[UUID]:
    return list(CarePlan.objects.filter(patient__public_id=payload["person"]).values_list("public_id", flat=True))


_HAPPENINGS = {
    "plan.review_due": Happening("The review of a plan comes due", REVIEW_KIND, _plan),
    "plan.renewed": Happening(
        "A new version is approved while the review is due", REVIEW_KIND, _plan, "plan.renewed", ends="renewed"
    ),
    "plan.withdrawn": Happening("The plan is withdrawn", REVIEW_KIND, _plan, "plan.withdrawn", ends="withdrawn"),
    "person.died": Happening("The person dies", REVIEW_KIND, _plans_of_person, "person.died", ends="died"),
}


def register() -> None:
    """Called once the apps are ready; guard and effect registered themselves on import."""
    if REVIEW_KIND not in subjects:
        subjects.add(REVIEW_KIND, PlanReviewKind())
    for name, happening in _HAPPENINGS.items():
        subscribe(name, happening)
