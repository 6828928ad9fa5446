"""When something may be done to a person's record or a plan, whoever asks. Each check raises Refused with why
not.
"""

import datetime

from careplan_forms.enums import ConsentBasis, ConsentDecision, DelegateCapacity, PlanState
from careplan_forms.models import CarePlan, Consent, Patient
from core.exceptions import Refused

#: How far ahead a review may be set; a plan nobody looks at for longer is not a plan.
LONGEST_REVIEW = datetime.timedelta(days=366)
#: Nobody acts for somebody for longer than this without being asked again.
LONGEST_DELEGATION = datetime.timedelta(days=365)
#: When a plan stands in the worklist as due.
REVIEW_DUE_WITHIN = datetime.timedelta(days=30)

MISSING_CONSENT = (
    "Record whether the person agrees to share the plan, or a decision in their best interests, before you send it"
)


def permits_sharing(consent: Consent | None) -> bool:
    """Whether the newest decision lets the plan leave the organisation that holds it. Silence does not."""
    return consent is not None and lets_share(consent.decision)


def lets_share(decision: str | None) -> bool:
    """The same of a decision read without the rest of its record; None when there is none."""
    return decision == ConsentDecision.GIVEN


def check_can_record_consent(
    *, decision: str, basis: str, explanation: str, decided_on: datetime.date, today: datetime.date
) -> None:
    """A decision for somebody else says on what ground; nobody decides tomorrow."""
    if decided_on > today:
        raise Refused("The date of the decision must be today or in the past", field="decided_on")
    if basis != ConsentBasis.PERSON and not explanation.strip():
        words = {
            ConsentBasis.ATTORNEY: "Enter the name of the attorney or deputy and how you saw their authority",
            ConsentBasis.BEST_INTERESTS: "Enter who was consulted and why sharing is in the person's best interests",
        }
        raise Refused(words[ConsentBasis(basis)], field="explanation")


def check_can_start(patient: Patient) -> None:
    if patient.died_on is not None:
        raise Refused("This person has died. A plan cannot be started for them")


def check_can_edit(plan: CarePlan) -> None:
    """Drafts may be written while a plan is open, also while an earlier text waits for approval."""
    if plan.state == PlanState.WITHDRAWN:
        raise Refused("This plan was withdrawn and cannot be changed. Start a new plan for the person")


def check_can_submit(plan: CarePlan, consent: Consent | None, review_on: datetime.date, today: datetime.date) -> None:
    """What sending needs beside complete answers: an open plan, consent, and a review date within a year."""
    check_can_edit(plan)
    if not permits_sharing(consent):
        raise Refused(MISSING_CONSENT, field="consent")
    check_review_date(review_on, today)


def check_review_date(review_on: datetime.date, today: datetime.date) -> None:
    if review_on <= today:
        raise Refused("The review date must be in the future", field="review_on")
    if review_on > today + LONGEST_REVIEW:
        raise Refused("The review date must be within 12 months", field="review_on")


def check_can_review(plan: CarePlan) -> None:
    """A review looks at what readers act on today."""
    if plan.state != PlanState.CURRENT:
        raise Refused("Only a plan that is in force can be reviewed")
    if plan.patient.died_on is not None:
        raise Refused("This person has died. Their plan is not reviewed any more")
    if plan.waiting_submission_id is not None:
        raise Refused("A change of this plan waits for approval. Decide on it first")


def check_can_withdraw(plan: CarePlan, reason: str) -> None:
    if plan.state == PlanState.WITHDRAWN:
        raise Refused("This plan is already withdrawn")
    if not reason.strip():
        raise Refused("Enter why the plan is withdrawn", field="reason")


def check_can_give_access(plan: CarePlan) -> None:
    """Access for the person and for others is given while there is a plan to see and a person to see it."""
    if plan.state == PlanState.WITHDRAWN:
        raise Refused("This plan was withdrawn. Start a new plan before you give anybody access to it")
    if plan.patient.died_on is not None:
        raise Refused("This person has died. Nobody can be given access to their plan here")


def check_can_delegate(
    *, capacity: str, evidence: str, sections: list[str], known: set[str], until: datetime.date, today: datetime.date
) -> None:
    """Somebody acts for the person in a named capacity, on evidence, for sections there are, for a year at most."""
    if capacity not in DelegateCapacity.values:
        raise Refused("Select in which capacity they act for the person", field="capacity")
    if not evidence.strip():
        raise Refused("Enter how you know that they may act for the person", field="evidence")
    if not set(sections) <= known:
        raise Refused("Select sections of this plan", field="sections")
    if not today <= until <= today + LONGEST_DELEGATION:
        raise Refused("The last day must be today or in the next 12 months", field="until")


def is_review_due(review_on: datetime.date | None, today: datetime.date) -> bool:
    return review_on is not None and review_on <= today + REVIEW_DUE_WITHIN


def is_review_overdue(review_on: datetime.date | None, today: datetime.date) -> bool:
    return review_on is not None and review_on < today
