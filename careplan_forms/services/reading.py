"""Looking at people and plans: the look is recorded before anything is shown."""

from uuid import UUID

from careplan_forms import trail
from careplan_forms.models import CarePlan, CarePlanVersion, Patient
from careplan_forms.selectors import patients, plans, samples
from governance.actors import Actor
from governance.enums import Action
from governance.services.audit import record_read


def read_person(*, by: Actor, public_id: UUID) -> Patient:
    """A person's own page. Raises Absent."""
    patient = patients.get(viewer=by, public_id=public_id)
    record_read(by=by, action="person.read", target=trail.person_target(patient))
    return patient


def read_my_plan(*, by: Actor, public_id: UUID) -> CarePlan:
    """The plan for its person, or for somebody who acts for them. Raises Absent."""
    plan = plans.get(viewer=by, public_id=public_id, action=Action.MY_PLAN_READ)
    detail = {"version": plan.current_version.number if plan.current_version else 0}
    record_read(by=by, action="my_plan.read", target=trail.plan_target(plan), detail=detail)
    return plan


def read_sample(*, by: Actor, public_id: UUID) -> CarePlanVersion:
    """A sampled version, for who looks at it and for who answers. Raises Absent."""
    version = samples.get(viewer=by, public_id=public_id)
    detail = {"page": "sample", "version": version.number}
    record_read(by=by, action="plan.read", target=trail.plan_target(version.plan), detail=detail)
    return version


def read_plan(*, by: Actor, public_id: UUID, page: str, action: Action = Action.PLAN_READ) -> CarePlan:
    """A page that shows something of a plan, `page` naming it (a code for the trail). Raises Absent.

    `action` is what the page is for; whoever may not do that finds nothing.
    """
    plan = plans.get(viewer=by, public_id=public_id, action=action)
    record_read(by=by, action="plan.read", target=trail.plan_target(plan), detail={"page": page})
    return plan
