"""What the access gate asks about people and plans, beside who somebody is: relationship and consent.

Every objection here is about the object, so its page is that of something that is not there.
"""

from careplan_forms.models import CarePlan, Patient, PlanSubmission
from careplan_forms.permissions import user_can_see_patient, user_can_see_plan, user_can_work_on_plan
from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import Action, ActorKind
from governance.gate import subject_clauses

_NO_RELATIONSHIP = Reason(
    "no-relationship",
    "Your organisation is not part of this person's care team, or the person has not agreed to share the plan",
    "The organisation that holds the plan",
)


def plan_clause(actor: Actor, action: Action, plan: CarePlan) -> list[Reason]:
    """Owner and care team with consent; to read also an exception. Jobs serve everybody and may read."""
    reading = action == Action.PLAN_READ
    if actor.kind == ActorKind.JOB:
        allowed = reading
    else:
        allowed = user_can_see_plan(actor, plan) if reading else user_can_work_on_plan(actor, plan)
    return [] if allowed else [_NO_RELATIONSHIP]


def submission_clause(actor: Actor, action: Action, submission: PlanSubmission) -> list[Reason]:
    """A submission is its plan's."""
    return plan_clause(actor, action, submission.plan)


def patient_clause(actor: Actor, action: Action, patient: Patient) -> list[Reason]:
    """Organisations that know the person."""
    return [] if user_can_see_patient(actor, patient) else [_NO_RELATIONSHIP]


def register() -> None:
    """Called once the apps are ready."""
    for label, clause in (
        ("careplan_forms.CarePlan", plan_clause),
        ("careplan_forms.PlanSubmission", submission_clause),
        ("careplan_forms.Patient", patient_clause),
    ):
        if label not in subject_clauses:
            subject_clauses.add(label, clause)
