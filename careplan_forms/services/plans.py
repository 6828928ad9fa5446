"""Starting and ending a plan."""

import datetime

from django.db import IntegrityError, transaction

from careplan_forms import policies, trail
from careplan_forms.enums import PlanState
from careplan_forms.models import CarePlan, FormVersion, Patient
from careplan_forms.permissions import check_user_can_withdraw_plan, user_can_work_on_plan
from careplan_forms.selectors import definitions
from careplan_forms.services import projection
from core.events import publish
from core.exceptions import Refused, Unavailable
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record

ELSEWHERE = (
    "A plan cannot be started for this person here. Ask the person or their GP practice who co-ordinates their "
    "care, and ask that team to add your organisation"
)


@transaction.atomic
def start_plan(*, by: Actor, patient: Patient, now: datetime.datetime, form_key: str = "") -> CarePlan:
    """Start a plan, held by the actor's organisation, on the live version of a form; of the only one if none is named.

    A person has one open plan: when the actor may work on it, that one is returned, whatever form it is on. Raises
    Refused when it is somebody else's, when the person has died, or when there are several forms and none is named;
    Unavailable while no form is published.
    """
    check(by, Action.PERSON_FIND, patient)
    check(by, Action.PLAN_WRITE)
    policies.check_can_start(patient)
    if by.organisation_id is None:
        raise Refused("A plan is held by an organisation. Choose whom you act for")
    open_plan = _open_plan(patient)
    if open_plan is not None:
        return _if_mine(by, open_plan)
    plan = CarePlan(
        patient=patient,
        owner_id=by.organisation_id,
        form_version=_live_version(form_key),
        created_at=now,
        created_by_id=by.user_id,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:
        return _if_mine(by, CarePlan.objects.exclude(state=PlanState.WITHDRAWN).get(patient=patient))
    detail = {"form_version": plan.form_version_id, "person": str(patient.public_id)}
    record(by=by, action="plan.started", target=trail.plan_target(plan), detail=detail)
    return plan


@transaction.atomic
def withdraw_plan(*, by: Actor, plan: CarePlan, reason: str, now: datetime.datetime) -> CarePlan:
    """End a plan for a clinical reason. Its versions stay; readers are told that it was withdrawn and when."""
    check(by, Action.PLAN_WITHDRAW, plan)
    check_user_can_withdraw_plan(by, plan)
    locked = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    policies.check_can_withdraw(locked, reason)
    if locked.waiting_submission_id is not None:
        raise Refused("This plan waits for approval. Take it back, or have it decided, before you withdraw it")
    locked.state = PlanState.WITHDRAWN
    locked.withdrawn_at, locked.withdrawn_by_id = now, by.user_id
    locked.withdrawal_reason = reason.strip()
    locked.row_version += 1
    locked.updated_at = now
    locked.save()
    detail = {"version": locked.current_version.number if locked.current_version else 0}
    record(by=by, action="plan.withdrawn", target=trail.plan_target(locked), detail=detail)
    publish("plan.withdrawn", {"plan": str(locked.public_id)}, key=str(locked.public_id), by=by)
    projection.project_plan(plan=locked, now=now)
    return locked


def _open_plan(patient: Patient) -> CarePlan | None:
    return CarePlan.objects.exclude(state=PlanState.WITHDRAWN).filter(patient=patient).first()


def _if_mine(by: Actor, plan: CarePlan) -> CarePlan:
    if user_can_work_on_plan(by, plan):
        return plan
    raise Refused(ELSEWHERE)


def _live_version(form_key: str) -> FormVersion:
    live = definitions.live_versions()
    if not live:
        raise Unavailable("No care plan form is published yet. Ask your clinical lead to publish one.")
    if not form_key and len(live) == 1:
        return live[0]
    named = next((version for version in live if version.definition.key == form_key), None)
    if named is None:
        raise Refused("Select which plan to start", "form")
    return named
