"""What the access gate asks about people and plans, beside who somebody is: relationship and consent.

The person and whoever acts for them read by an act of their own, `MY_PLAN_READ`, which their pages ask for and no
page of the staff does. The staff's pages show drafts, names and codes; were they to share one act, every new staff
page would have to remember to shut them out. So far they write nothing, so no act of writing names them.

Every objection here is about the object, so its page is that of something that is not there.
"""

from careplan_forms.models import CarePlan, CarePlanVersion, Patient, PlanSubmission
from careplan_forms.permissions import user_can_see_patient, user_can_see_plan, user_can_work_on_plan
from careplan_forms.portal_permissions import user_can_read_my_plan
from careplan_forms.selectors.samples import is_looked_at
from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import Action, ActorKind
from governance.gate import subject_clauses

_NO_RELATIONSHIP = Reason(
    "no-relationship",
    "Your organisation is not part of this person's care team, or the person has not agreed to share the plan",
    "The organisation that holds the plan",
)
_NOT_YOURS = Reason(
    "not-yours",
    "This is not your plan, or you may not see it for the person any more",
    "The organisation that holds the plan",
)


def plan_clause(actor: Actor, action: Action, plan: CarePlan) -> list[Reason]:
    """Owner and care team with consent; to read also an exception. Jobs serve everybody and may read. The person's own
    act is theirs and their delegates' alone.
    """
    if action == Action.MY_PLAN_READ:
        return [] if user_can_read_my_plan(actor, plan) else [_NOT_YOURS]
    reading = action == Action.PLAN_READ
    if actor.kind == ActorKind.JOB:
        allowed = reading
    else:
        allowed = user_can_see_plan(actor, plan) if reading else user_can_work_on_plan(actor, plan)
    return [] if allowed else [_NO_RELATIONSHIP]


def submission_clause(actor: Actor, action: Action, submission: PlanSubmission) -> list[Reason]:
    """A submission is its plan's."""
    return plan_clause(actor, action, submission.plan)


def version_clause(actor: Actor, action: Action, version: CarePlanVersion) -> list[Reason]:
    """A version is its plan's; the clinical lead looks at it for as long as it is in the sample and not closed."""
    if action == Action.PLAN_SAMPLE:
        return [] if is_looked_at(version) else [_NO_RELATIONSHIP]
    return plan_clause(actor, action, version.plan)


def patient_clause(actor: Actor, action: Action, patient: Patient) -> list[Reason]:
    """Organisations that know the person."""
    return [] if user_can_see_patient(actor, patient) else [_NO_RELATIONSHIP]


def register() -> None:
    """Called once the apps are ready."""
    for label, clause in (
        ("careplan_forms.CarePlan", plan_clause),
        ("careplan_forms.PlanSubmission", submission_clause),
        ("careplan_forms.CarePlanVersion", version_clause),
        ("careplan_forms.Patient", patient_clause),
    ):
        if label not in subject_clauses:
            subject_clauses.add(label, clause)
