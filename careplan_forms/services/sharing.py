"""The care team: which other organisations work on a plan and read it, while the person agrees."""

import datetime

from django.db import transaction

from careplan_forms import trail
from careplan_forms.care_team import TEAM_CHANGED
from careplan_forms.models import CarePlan, PlanShare
from careplan_forms.permissions import check_user_can_withdraw_plan
from careplan_forms.policies import check_can_edit
from core.events import publish
from core.exceptions import Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.models import Organisation
from governance.services.audit import record


@transaction.atomic
def add_organisation(*, by: Actor, plan: CarePlan, organisation: Organisation, now: datetime.datetime) -> PlanShare:
    """Let an organisation of the care team work on the plan; it reads it while consent holds. Twice is
    harmless.
    """
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withdraw_plan(by, plan)
    check_can_edit(plan)
    if organisation.pk == plan.owner_id:
        raise Refused("This organisation already holds the plan", field="organisation")
    share, made = PlanShare.objects.get_or_create(
        plan=plan,
        organisation=organisation,
        ended_at=None,
        defaults={"added_at": now, "added_by_id": by.user_id},
    )
    if made:
        detail = {"organisation": organisation.ods_code}
        record(by=by, action="plan.shared", target=trail.plan_target(plan), detail=detail)
        publish(TEAM_CHANGED, {"plan": str(plan.public_id)}, key=str(plan.public_id))
    return share


@transaction.atomic
def end_share(*, by: Actor, plan: CarePlan, share: PlanShare, now: datetime.datetime) -> PlanShare:
    """End an organisation's part in the care team; it no longer finds the plan. Twice is harmless."""
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withdraw_plan(by, plan)
    locked = PlanShare.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=share.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by_id = now, by.user_id
        locked.save(update_fields=["ended_at", "ended_by"])
        detail = {"organisation": locked.organisation.ods_code}
        record(by=by, action="plan.share_ended", target=trail.plan_target(plan), detail=detail)
        publish(TEAM_CHANGED, {"plan": str(plan.public_id)}, key=str(plan.public_id))
    return locked
