"""Plans as the person and those who act for them see them, and who these are as the staff see it."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from careplan_forms.models import CarePlan, Delegation, PatientAccount, PlanSummary
from careplan_forms.permissions import newest_consent, user_owns_plan
from careplan_forms.policies import permits_sharing
from careplan_forms.portal_permissions import (
    live_delegations,
    open_accounts,
    sections_open_to,
    user_can_read_my_plan,
)
from core.exceptions import Absent
from governance.actors import Actor
from governance.enums import Action, ActorKind
from governance.gate import check


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a plan stands, and nothing of what nobody approved.

    `writing` says that somebody writes on it, `waiting` that a text is before a doctor; `urgent_care` that urgent care
    staff can read it now, `agreed` that the person agrees to share it.
    """

    writing: bool
    waiting: bool
    urgent_care: bool
    agreed: bool


def plans_of(*, viewer: Actor) -> list[CarePlan]:
    """The plans the viewer may see as whom they act for now; the open one first. Raises NotAllowed for staff."""
    check(viewer, Action.MY_PLAN_READ)
    return [plan for plan in _candidates(viewer) if user_can_read_my_plan(viewer, plan)]


def acts_otherwise(*, viewer: Actor) -> bool:
    """Whether the account may also act as, or for, somebody else: then the page says where to change it."""
    people = set(live_delegations(viewer.user_id).values_list("plan__patient__public_id", flat=True))
    others = {str(each) for each in people} - {viewer.on_behalf_of}
    own = viewer.kind != ActorKind.PERSON and open_accounts(viewer.user_id).exists()
    return bool(others) or own


def _candidates(viewer: Actor) -> QuerySet[CarePlan]:
    if viewer.kind == ActorKind.PERSON:
        mine = CarePlan.objects.filter(patient__in=open_accounts(viewer.user_id).values("patient"))
    else:
        mine = CarePlan.objects.filter(pk__in=live_delegations(viewer.user_id).values("plan"))
    return mine.select_related("patient", "owner", "current_version").order_by(
        F("withdrawn_at").desc(nulls_first=True), "-pk"
    )


def standing_of(*, viewer: Actor, plan: CarePlan) -> Standing:
    """Where the plan stands. Raises Absent."""
    check(viewer, Action.MY_PLAN_READ, plan)
    summary = PlanSummary.objects.filter(plan=plan, readable=True, withdrawn_at=None, died_on=None)
    return Standing(
        writing=plan.drafts.filter(closed_at=None).exclude(items={}).exists(),
        waiting=plan.waiting_submission_id is not None,
        urgent_care=summary.filter(version=plan.current_version_id).exists() and plan.current_version_id is not None,
        agreed=permits_sharing(newest_consent(plan.patient)),
    )


def open_sections(*, viewer: Actor, plan: CarePlan) -> frozenset[str] | None:
    """The keys of the sections the viewer is shown; None is all of them. Raises Absent."""
    check(viewer, Action.MY_PLAN_READ, plan)
    return sections_open_to(viewer, plan)


def account_of(*, viewer: Actor, plan: CarePlan) -> PatientAccount | None:
    """The person's open account, for the staff of the plan's owner."""
    _check_owner(viewer, plan)
    return PatientAccount.objects.filter(patient=plan.patient_id, ended_at=None).select_related("user").first()


def delegations_of(*, viewer: Actor, plan: CarePlan) -> list[Delegation]:
    """Everybody who acts for the person on this plan, those whose last day has passed among them; not the revoked."""
    _check_owner(viewer, plan)
    rows = plan.delegations.filter(revoked_at=None).select_related("user")
    return list(rows.order_by("given_at", "pk"))


def _check_owner(viewer: Actor, plan: CarePlan) -> None:
    check(viewer, Action.PLAN_WRITE, plan)
    if not user_owns_plan(viewer, plan):
        raise Absent
