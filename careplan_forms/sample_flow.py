"""What the flow engine learns of the monthly sample: a version that one doctor wrote and approved."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from careplan_forms.enums import SAMPLE_KIND
from careplan_forms.models import CarePlanVersion
from careplan_forms.services import sampling
from governance import gate
from governance.actors import Actor, reference
from governance.enums import Action
from workflows.happenings import Happening
from workflows.registry import GuardContext, GuardResult, Subject, SubjectKind, guard, subjects
from workflows.services.following import subscribe


class PlanSampleKind(SubjectKind):
    """An approved version in the clinical lead's sample. Its owner sees it; the clinical lead while it is looked at."""

    label = "Sampled care plan"

    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, Subject]:
        rows = CarePlanVersion.objects.filter(public_id__in=list(subject_ids))
        rows = rows.select_related("plan__patient", "plan__owner", "submission").defer("answers", "submission__answers")
        return {row.public_id: _subject(row) for row in rows}

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        return gate.decide(viewer, Action.PLAN_SAMPLE, subject.record).allowed


def _subject(row: CarePlanVersion) -> Subject:
    return Subject(
        kind=SAMPLE_KIND,
        id=row.public_id,
        owner_id=row.plan.owner_id,
        content_sha256=row.content_sha256,
        label=f"Sample {reference(row.public_id)}",
        link=reverse("careplan_forms:sample", args=[row.public_id]),
        author_ids=frozenset([*row.submission.author_ids, row.approved_by_id]),
        record=row,
        gate_subject=row,
    )


@guard(
    sampling.GUARD,
    label="It is in its month's sample: so many of a hundred, and at least so many",
    params={"percent": int, "at_least": int},
)
def in_sample(ctx: GuardContext) -> GuardResult:
    """Nobody puts a plan in the sample, or takes one out."""
    version = ctx.subject.record
    month = sampling.month_of(version.approved_at)
    if version.pk in {one.pk for one in sampling.drawn(month=month, **ctx.params)}:
        return GuardResult.passed()
    return GuardResult.blocked("not-drawn", "This version is not in the sample of its month")


def register() -> None:
    """Called once the apps are ready; the guard registered itself on import."""
    if SAMPLE_KIND not in subjects:
        subjects.add(SAMPLE_KIND, PlanSampleKind())
    subscribe("plan.sampled", Happening("The month's sample is drawn", SAMPLE_KIND, lambda payload: []))
