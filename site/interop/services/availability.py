"""The availability look-up: does this person have a plan that may be read?

The answer about somebody nobody knows, somebody who did not consent and somebody outside the system's areas is the same
to the byte. The look is recorded before the answer leaves.
"""

from uuid import UUID

from careplan_forms.selectors.summaries import available_plan
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.selectors.system_access import areas_of
from governance.services.audit import record_read


def look_up(*, by: Actor, nhs_number: str) -> UUID | None:
    """The public id of the person's readable plan, or None. Raises NotAllowed for a system the gate refuses."""
    check(by, Action.AVAILABILITY_READ)
    plan_id = available_plan(viewer=by, nhs_number=nhs_number, areas=areas_of(viewer=by))
    target = ("plan", str(plan_id)) if plan_id else None
    record_read(by=by, action="availability.read", target=target, detail={"available": plan_id is not None})
    return plan_id
