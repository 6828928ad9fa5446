"""Who may do what with people and plans. The everyday rule is the organisation: owner, or care team with
consent.

The gate's clauses (gate.py) are made of these; so is what a page offers.
"""

from django.db.models import Exists, OuterRef, Q, Subquery

from careplan_forms.models import CarePlan, CarePlanUserPermission, Consent, Patient, PatientLink, PlanShare
from careplan_forms.policies import permits_sharing
from core import clock
from core.exceptions import NotAllowed
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import CLINICAL_ROLES
from governance.selectors.grants import PairedGrant, live_rows

VIEW_PERMISSION = "careplan_forms.view_careplan"


def newest_consent(patient: Patient) -> Consent | None:
    """The decision that holds."""
    return patient.consents.order_by("-recorded_at", "-pk").first()


def newest_decision(patient_key: str) -> Subquery:
    """The decision that holds for the person whose key is `patient_key` in the outer query."""
    newest = Consent.objects.filter(patient=OuterRef(patient_key)).order_by("-recorded_at", "-pk")
    return Subquery(newest.values("decision")[:1])


def user_owns_plan(user: Actor, plan: CarePlan) -> bool:
    return user.organisation_id is not None and user.organisation_id == plan.owner_id


def user_can_work_on_plan(user: Actor, plan: CarePlan) -> bool:
    """The owner always; the care team's organisations while consent holds."""
    if user_owns_plan(user, plan):
        return True
    return _shared_with(user, plan) and permits_sharing(newest_consent(plan.patient))


def user_can_see_plan(user: Actor, plan: CarePlan) -> bool:
    """Whoever works on it, and a person granted an exception, again while consent holds."""
    if user_can_work_on_plan(user, plan):
        return True
    return holds_grant(user.user_id, plan, VIEW_PERMISSION) and permits_sharing(newest_consent(plan.patient))


def user_can_see_patient(user: Actor, patient: Patient) -> bool:
    """Organisations that traced or matched the person, and those of a plan of theirs."""
    if user.organisation_id is None:
        return False
    return Patient.objects.filter(patient_scope(user), pk=patient.pk).exists()


def patient_scope(user: Actor) -> Q:
    """The condition on Patient that `user_can_see_patient` asks of one."""
    org = user.organisation_id
    links = PatientLink.objects.filter(patient=OuterRef("pk"), organisation=org)
    owned = CarePlan.objects.filter(patient=OuterRef("pk"), owner=org)
    shared = PlanShare.objects.filter(plan__patient=OuterRef("pk"), organisation=org, ended_at=None)
    return Q(Exists(links)) | Q(Exists(owned)) | Q(Exists(shared))


def user_can_withdraw_plan(user: Actor, plan: CarePlan) -> bool:
    return user_owns_plan(user, plan)


def check_user_can_withdraw_plan(user: Actor, plan: CarePlan) -> None:
    """Raises NotAllowed for the care team: ending a plan is its owner's."""
    if not user_can_withdraw_plan(user, plan):
        text = "Only the organisation that holds the plan can do this"
        raise NotAllowed(Decision(False, reasons=(Reason("not-owner", text, "The organisation that holds it"),)))


def check_user_can_withhold(user: Actor, plan: CarePlan) -> None:
    """Keeping answers from the person is for doctors and clinicians of the plan's owner. Raises NotAllowed."""
    check_user_can_withdraw_plan(user, plan)
    if user.role not in CLINICAL_ROLES:
        text = "Only a doctor or clinician can decide what the person is not shown"
        raise NotAllowed(Decision(False, reasons=(Reason("not-clinical", text, "A doctor or clinician"),)))


def _shared_with(user: Actor, plan: CarePlan) -> bool:
    return (
        user.organisation_id is not None
        and plan.shares.filter(organisation=user.organisation_id, ended_at=None).exists()
    )


def holds_grant(user_id: int | None, plan: CarePlan, permission: str) -> bool:
    """An exception for one person (`permission` is app_label.codename): the guardian row and its unexpired grant,
    both.
    """
    if user_id is None:
        return False
    kind = PairedGrant(permission, "careplan", CarePlanUserPermission)
    return live_rows(kind, user_id, clock.now()).filter(content_object=plan).exists()
