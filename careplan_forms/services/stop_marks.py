"""Stop marks: the one thing shown unapproved, at once and in fixed words, until somebody clears it."""

import datetime

from django.db import transaction

from careplan_forms import trail
from careplan_forms.enums import PlanState, StopMark
from careplan_forms.models import CarePlan, PlanStopMark
from careplan_forms.services import projection
from core.events import publish
from core.exceptions import Absent, Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record


@transaction.atomic
def set_mark(*, by: Actor, plan: CarePlan, mark: str, slot: str = "", now: datetime.datetime) -> PlanStopMark:
    """Show a mark on the plan (or one of its emergency slots) from this moment. Twice is harmless."""
    check(by, Action.PLAN_WRITE, plan)
    if mark not in StopMark.values:
        raise Refused("Select what readers must know", field="mark")
    locked = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if locked.state == PlanState.WITHDRAWN or locked.current_version_id is None:
        raise Refused("Readers see no approved plan here, so there is nothing to mark", field="mark")
    standing = PlanStopMark.objects.filter(plan=locked, mark=mark, slot=slot, cleared_at=None).first()
    if standing is not None:
        return standing
    made = PlanStopMark.objects.create(plan=locked, mark=mark, slot=slot, set_at=now, set_by_id=by.user_id)
    _tell(by, locked, "plan.mark_set", made, now)
    return made


@transaction.atomic
def clear_mark(*, by: Actor, plan: CarePlan, mark_id: int, now: datetime.datetime) -> PlanStopMark:
    """Take a mark away. Twice is harmless; a mark of another plan is Absent."""
    check(by, Action.PLAN_WRITE, plan)
    mark = PlanStopMark.objects.select_for_update().filter(pk=mark_id, plan=plan).first()
    if mark is None:
        raise Absent
    if mark.cleared_at is None:
        mark.cleared_at, mark.cleared_by_id = now, by.user_id
        mark.save(update_fields=["cleared_at", "cleared_by"])
        _tell(by, plan, "plan.mark_cleared", mark, now)
    return mark


def _tell(by: Actor, plan: CarePlan, action: str, mark: PlanStopMark, now: datetime.datetime) -> None:
    detail = {"mark": mark.mark, "slot": mark.slot}
    record(by=by, action=action, target=trail.plan_target(plan), detail=detail)
    publish(action, detail | {"plan": str(plan.public_id)}, key=str(plan.public_id))
    projection.project_plan(plan=plan, now=now)
