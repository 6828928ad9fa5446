"""Plans as the people who work on them see them: one plan, its working view, its versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from careplan_forms.enums import SUBMISSION_KIND, ConsentDecision, PlanState
from careplan_forms.merging import Merged, merge
from careplan_forms.models import (
    CarePlan,
    CarePlanVersion,
    Consent,
    FormMigrationDraft,
    FormVersion,
    PlanDraft,
    PlanShare,
    PlanStopMark,
    PlanSubmission,
    WithheldAnswer,
)
from careplan_forms.schema.compiler import Audience, CompiledForm, compile_form, compiled_already
from core import clock
from core.exceptions import Absent
from core.models import OutboxDelivery, OutboxEvent
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check, check_found
from governance.models import Organisation, User
from governance.selectors.prepared import Prepared, Slot, all_but
from workflows.selectors import decided


def visible_to(viewer: Actor) -> QuerySet[CarePlan]:
    """Plans the viewer's organisation holds, and those shared with it whose person agrees. For lists."""
    latest = Consent.objects.filter(patient=OuterRef("plan__patient")).order_by("-recorded_at", "-pk")
    shared = (
        PlanShare.objects.filter(organisation=viewer.organisation_id, ended_at=None)
        .annotate(decision=Subquery(latest.values("decision")[:1]))
        .filter(decision=ConsentDecision.GIVEN)
    )
    return CarePlan.objects.filter(Q(owner=viewer.organisation_id) | Q(pk__in=shared.values("plan")))


#: What pages of a plan say of the organisation that holds it.
_OF_THE_OWNER = ("public_id", "ods_code", "name", "care_setting", "postcode", "phone")


def _looked_at() -> QuerySet[CarePlan]:
    beside = {
        "has_withheld": Exists(WithheldAnswer.objects.filter(plan=OuterRef("pk"), ended_at=None)),
        "has_move": Exists(FormMigrationDraft.objects.filter(plan=OuterRef("pk"), closed_at=None)),
    }
    return (
        CarePlan.objects.select_related("patient", "owner", "form_version", "current_version")
        .defer("form_version__document", *all_but("owner", Organisation, *_OF_THE_OWNER))
        .annotate(**beside)
        .filter(public_id=Slot("plan", UUIDField()))
    )


_BY_ID = Prepared(_looked_at)
_OPEN_DRAFTS = Prepared(
    lambda: PlanDraft.objects.filter(plan=Slot("plan", BigIntegerField()), closed_at=None).order_by("pk")
)


def get(*, viewer: Actor, public_id: UUID, action: Action = Action.PLAN_READ) -> CarePlan:
    """One plan for one act. Raises Absent, alike for no plan and for one that is not the viewer's."""
    plan = next(iter(_BY_ID.models(plan=public_id)), None)
    found: CarePlan = check_found(viewer, action, plan)
    return found


def open_for_patient(*, viewer: Actor, patient_id: int) -> CarePlan | None:
    """The person's open plan, when the viewer's organisation has a part in it."""
    plans = visible_to(viewer).filter(patient=patient_id).exclude(state=PlanState.WITHDRAWN)
    plans = plans.select_related("owner", "current_version", "form_version__definition")
    return plans.defer("form_version__document").first()


def form_of(version: FormVersion) -> CompiledForm:
    """A form version, compiled (once per process); its document is fetched for that alone."""
    return compiled_already(version.sha256) or compile_form(version.document, sha256=version.sha256)


def form_for_work(plan: CarePlan) -> CompiledForm:
    """The form the plan is pinned to."""
    return form_of(plan.form_version)


def form_in_force(plan: CarePlan, audience: Audience = "clinician") -> CompiledForm:
    """The form of the approved version; before there is one, that the plan is pinned to."""
    version = plan.current_version.form_version if plan.current_version else plan.form_version
    return compile_form(version.document, sha256=version.sha256, audience=audience)


def base_answers(plan: CarePlan) -> dict[str, Any]:
    """What new changes are laid over: the text that waits for approval, else the approved one, else nothing."""
    if plan.waiting_submission_id is not None:
        return PlanSubmission.objects.values_list("answers", flat=True).get(pk=plan.waiting_submission_id)
    return dict(plan.current_version.answers) if plan.current_version else {}


def open_drafts(plan: CarePlan) -> list[PlanDraft]:
    found: list[PlanDraft] = _OPEN_DRAFTS.models(plan=plan.pk)
    return found


def working_view(plan: CarePlan, viewer: Actor | None = None, drafts: Iterable[PlanDraft] | None = None) -> Merged:
    """The base with every open staff draft laid over it; of a clash the viewer sees their own value.

    Calculated values are worked out anew: they belong to the answers as they are today. `drafts` are the plan's open
    ones, when they have been read.
    """
    laid = laid_over(base_answers(plan), open_drafts(plan) if drafts is None else drafts, viewer)
    return calculated(plan, laid)


def laid_over(base: Mapping[str, Any], drafts: Iterable[PlanDraft], viewer: Actor | None = None) -> Merged:
    """Answers and drafts that have been read, merged as the working view merges them; nothing is calculated."""
    return merge(base, [(draft.author_id, draft.items) for draft in drafts], viewer.user_id if viewer else None)


def calculated(plan: CarePlan, merged: Merged) -> Merged:
    """The same with every calculated value as it comes out today."""
    return replace(merged, answers=form_for_work(plan).calculated(merged.answers, clock.today()))


def own_draft(plan: CarePlan, viewer: Actor) -> PlanDraft | None:
    """The viewer's open draft."""
    return plan.drafts.filter(author=viewer.user_id, closed_at=None).first()


def unsaved_of(drafts: Iterable[PlanDraft], viewer: Actor, section: str) -> dict[str, Any] | None:
    """What the viewer typed into a section and did not save: {"at", "typed", "whole"}. Nobody else's, ever."""
    return next((draft.unsaved.get(section) for draft in drafts if draft.author_id == viewer.user_id), None)


@dataclass(frozen=True, slots=True)
class SavedBy:
    """Somebody else's saved change in a section: who, and when (ISO)."""

    name: str
    at: str


def latest_save_by_others(drafts: Iterable[PlanDraft], viewer: Actor, uids: set[str]) -> SavedBy | None:
    """The newest change of these questions in open drafts by somebody other than the viewer."""
    found = [
        (item["at"], draft)
        for draft in drafts
        if draft.author_id != viewer.user_id
        for uid, item in draft.items.items()
        if uid in uids
    ]
    if not found:
        return None
    at, draft = max(found, key=lambda pair: pair[0])
    return SavedBy(draft.author.display_name, at)


def names_of(user_ids: list[int]) -> dict[int, str]:
    """Names for a page, by user id."""
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=user_ids)}


def versions(*, viewer: Actor, plan: CarePlan) -> list[CarePlanVersion]:
    """The approved versions, the newest first, without their answers."""
    check(viewer, Action.PLAN_READ, plan)
    rows = plan.versions.select_related("approved_by", "submission__submitted_by")
    return list(rows.defer("answers", "submission__answers").order_by("-number"))


def version(*, viewer: Actor, plan: CarePlan, number: int) -> CarePlanVersion:
    """One approved version. Raises Absent."""
    check(viewer, Action.PLAN_READ, plan)
    found = plan.versions.select_related("form_version", "submission").filter(number=number).first()
    if found is None:
        raise Absent
    return found


def approved_for(versions: Iterable[CarePlanVersion]) -> dict[int, str]:
    """Of versions approved by a stand-in, by number: the name of the doctor in whose place they were."""
    numbers = {version.submission.public_id: version.number for version in versions}
    found = decided.stood_in_for(SUBMISSION_KIND, numbers)
    return {numbers[key]: name for key, name in found.items()}


def submission(*, viewer: Actor, plan: CarePlan, public_id: UUID, action: Action) -> PlanSubmission:
    """One submission of the plan. Raises Absent, also for another plan's."""
    check(viewer, action, plan)
    found = (
        plan.submissions.select_related("form_version", "base_version__form_version", "submitted_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Absent
    found.plan = plan
    return found


def deliveries_of(plan: CarePlan, number: int) -> list[OutboxDelivery]:
    """Who has been told of an approved version, and who could not be."""
    events = OutboxEvent.objects.filter(topic="plan.approved", key=str(plan.public_id), payload__version=number)
    rows = OutboxDelivery.objects.filter(event__in=events)
    return list(rows.order_by("subscriber"))


def open_shares(plan: CarePlan) -> list[PlanShare]:
    return list(plan.shares.filter(ended_at=None).select_related("organisation").order_by("added_at"))


def open_marks(plan: CarePlan) -> list[PlanStopMark]:
    return list(plan.stop_marks.filter(cleared_at=None).select_related("set_by").order_by("set_at"))


def organisation_by_ods_code(ods_code: str) -> Organisation | None:
    """An organisation to share with, by the code it is known by."""
    return Organisation.objects.filter(ods_code=ods_code.strip().upper()).first()
