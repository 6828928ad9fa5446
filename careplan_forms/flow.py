"""What the flow engine learns of plans: the kind of subject it moves, when it may, and what follows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, UUIDField
from django.urls import reverse

from careplan_forms import comparison
from careplan_forms.enums import SubmissionOrigin
from careplan_forms.models import CarePlanVersion, Patient, PlanShare, PlanSubmission
from careplan_forms.permissions import newest_decision, user_can_see_plan
from careplan_forms.policies import MISSING_CONSENT, lets_share
from careplan_forms.schema.audience import sees_all
from careplan_forms.schema.diff import diff_answers
from careplan_forms.selectors.audience import form_seen
from careplan_forms.selectors.definitions import live_versions
from careplan_forms.selectors.plans import form_of
from careplan_forms.services import approvals
from careplan_forms.services.audience import PART_UNSEEN
from careplan_forms.services.submissions import SUBJECT_KIND
from core.exceptions import Absent
from governance.actors import Actor, reference
from governance.selectors.fact_rows import JSONList, loaded
from governance.selectors.prepared import Prepared, Slot, all_but
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
from workflows.routing_facts import YES_NO, Fact


class PlanSubmissionKind(SubjectKind):
    """A plan as it was sent for approval."""

    label = "Care plan"
    facts = (
        Fact("origin", "How it came to be", tuple((origin.value, origin.label) for origin in SubmissionOrigin)),
        Fact("first", "It is the first version", YES_NO),
        Fact("cpr_changed", "The CPR decision changes", YES_NO),
    )
    # A change of the CPR decision is asked about twice, which only the plan's own page does.
    own_page = True

    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, Subject]:
        return {row.public_id: _subject(row) for row in _rows().filter(public_id__in=list(subject_ids))}

    def authors_of(self, subject_ids: Iterable[UUID]) -> dict[UUID, frozenset[int]]:
        """Without what they wrote, which is long."""
        rows = PlanSubmission.objects.filter(public_id__in=list(subject_ids)).values_list("public_id", "author_ids")
        return {key: frozenset(users) for key, users in rows}

    def lock(self, subject_id: UUID) -> Subject:
        """With its plan, which approval and return change."""
        rows = _LOCKED.models(submission=subject_id)
        if not rows:
            raise Absent
        return _subject(rows[0])

    def changes_since(self, subject: Subject, shown_sha256: str, viewer: Actor) -> list[tuple[str, str, str]]:
        shown = (
            PlanSubmission.objects.select_related("form_version")
            .filter(plan=subject.record.plan_id, content_sha256=shown_sha256)
            .first()
        )
        if shown is None:
            return []
        return comparison.as_rows(comparison.submission_changes(shown, subject.record, viewer))

    def changed_keys(self, subject: Subject, sha256: str) -> frozenset[str] | None:
        """The uids of the questions answered differently; None across versions of the form."""
        now = subject.record
        then = PlanSubmission.objects.filter(plan=now.plan_id, content_sha256=sha256).first()
        if then is None or then.form_version_id != now.form_version_id:
            return None
        if (then.discussed_with, then.review_on) != (now.discussed_with, now.review_on):
            return None
        return frozenset(change.uid for change in diff_answers(form_of(now.form_version), then.answers, now.answers))

    def known_keys(self) -> frozenset[str] | None:
        """The uids of every question of the forms in use; None while no form is."""
        forms = [form_of(version) for version in live_versions()]
        return frozenset(uid for form in forms for uid in form.items) if forms else None

    def lineage(self, subject: Subject) -> list[UUID]:
        """Everything that was sent of the same plan."""
        return list(PlanSubmission.objects.filter(plan=subject.record.plan_id).values_list("public_id", flat=True))

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        return user_can_see_plan(viewer, subject.record.plan)


def _rows() -> QuerySet[PlanSubmission]:
    """Submissions with all that guards and effects look at, in one query."""
    shares = PlanShare.objects.filter(plan=OuterRef("plan"), ended_at=None).order_by()
    return (
        PlanSubmission.objects.select_related("plan__patient", "form_version", "base_version")
        .defer(
            "form_version__document",
            *all_but("plan__patient", Patient, "public_id"),
            *all_but("base_version", CarePlanVersion, "number", "chain_sha256"),
        )
        .annotate(
            shared_with=Subquery(shares.values(rows=JSONList("organisation_id"))),
            consent=newest_decision("plan__patient"),
        )
    )


_LOCKED = Prepared(lambda: _rows().select_for_update(of=("plan",)).filter(public_id=Slot("submission", UUIDField())))


def _subject(row: Any) -> Subject:
    plan = row.plan
    return Subject(
        kind=SUBJECT_KIND,
        id=row.public_id,
        owner_id=plan.owner_id,
        content_sha256=row.content_sha256,
        label=f"Care plan {reference(plan.public_id)}",
        link=reverse("careplan_forms:approve", args=[plan.public_id, row.public_id]),
        author_ids=frozenset(row.author_ids),
        sharing_organisation_ids=frozenset(loaded(row.shared_with)),
        facts={
            "origin": row.origin,
            "first": row.base_version_id is None,
            "cpr_changed": row.cpr_changed,
        },
        record=row,
        gate_subject=plan,
    )


@guard("consent_recorded", label="Consent, or a best-interests decision, is recorded")
def consent_recorded(ctx: GuardContext) -> GuardResult:
    """The newest decision lets the plan be shared."""
    if lets_share(ctx.subject.record.consent):
        return GuardResult.passed()
    fix = reverse("careplan_forms:consent", args=[ctx.subject.record.plan.patient.public_id])
    return GuardResult.blocked("no-consent", MISSING_CONSENT, fix, "A clinician who cares for the person")


@guard("required_complete", label="Every question approval needs is answered")
def required_complete(ctx: GuardContext) -> GuardResult:
    """The form's own rules at the stage of publishing, on what is decided on; and nobody decides on what they do
    not see.
    """
    submission = ctx.subject.record
    plan = reverse("careplan_forms:plan", args=[submission.plan.public_id])
    whole = form_of(submission.form_version)
    if not sees_all(form_seen(ctx.actor, submission.plan, submission.form_version), whole, submission.answers):
        return GuardResult.blocked("part-unseen", PART_UNSEEN, plan, "Somebody who may see all of it")
    problems = whole.validate(submission.answers, stage="publish")
    if not problems:
        return GuardResult.passed()
    return GuardResult.blocked("incomplete", problems[0].message, plan, "Whoever wrote it")


@effect(
    "publish_version",
    label="The plan becomes the current version",
    publishes=True,
    requires=("role_registered", "consent_recorded"),
)
def publish_version(ctx: EffectContext) -> CarePlanVersion:
    """An approved version, and what readers see of it."""
    return approvals.publish_version(
        by=ctx.actor,
        submission=ctx.subject.record,
        alone=ctx.alone,
        exemption=ctx.exemption,
        now=ctx.now,
    )


@effect("return_to_author", label="The authors' drafts open again")
def return_to_author(ctx: EffectContext) -> None:
    """Back to the authors, with the reason when an approver gave one."""
    outcome = "returned" if ctx.decision.transition == "return" else "taken_back"
    approvals.take_from_waiting(
        by=ctx.actor, submission=ctx.subject.record, outcome=outcome, reason=ctx.decision.reason, now=ctx.now
    )


def register() -> None:
    """Called once the apps are ready; guards and effects registered themselves on import."""
    if SUBJECT_KIND not in subjects:
        subjects.add(SUBJECT_KIND, PlanSubmissionKind())
