"""How plans and people are named in the audit trail: one kind each, by public id."""

from careplan_forms.models import CarePlan, Patient

PLAN = "plan"
PERSON = "person"


def plan_target(plan: CarePlan) -> tuple[str, str]:
    return PLAN, str(plan.public_id)


def person_target(patient: Patient) -> tuple[str, str]:
    return PERSON, str(patient.public_id)
