"""Recording who decided, on what ground, that a plan may be shared or not."""

import datetime

from django.db import transaction

from careplan_forms import policies, trail
from careplan_forms.enums import ConsentBasis, ConsentDecision
from careplan_forms.models import Consent, Patient
from careplan_forms.permissions import newest_consent
from careplan_forms.services import projection
from core import clock
from core.events import publish
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record


@transaction.atomic
def record_consent(
    *,
    by: Actor,
    patient: Patient,
    decision: str,
    basis: str,
    explanation: str = "",
    decided_on: datetime.date,
    now: datetime.datetime,
) -> Consent:
    """Record a decision about sharing; it holds at once, for every reader, until the next one.

    The same decision sent twice is recorded once. Raises Refused when it lacks its ground or lies in the
    future.
    """
    check(by, Action.PERSON_FIND, patient)
    policies.check_can_record_consent(
        decision=decision, basis=basis, explanation=explanation, decided_on=decided_on, today=clock.today(now)
    )
    Patient.objects.select_for_update().get(pk=patient.pk)
    newest = newest_consent(patient)
    if newest is not None and _says_the_same(newest, by, decision, basis, explanation, decided_on):
        return newest
    consent = Consent.objects.create(
        patient=patient,
        decision=ConsentDecision(decision),
        basis=ConsentBasis(basis),
        explanation=explanation.strip(),
        decided_on=decided_on,
        recorded_at=now,
        recorded_by_id=by.user_id,
    )
    _tell(by, patient, consent, now)
    return consent


def _tell(by: Actor, patient: Patient, consent: Consent, now: datetime.datetime) -> None:
    """The trail, those who listen, and the row that readers see."""
    detail = {"decision": str(consent.decision), "basis": str(consent.basis)}
    record(by=by, action="consent.recorded", target=trail.person_target(patient), detail=detail)
    publish("consent.recorded", detail | {"person": str(patient.public_id)}, key=str(patient.public_id))
    projection.project_patient(patient=patient, now=now)


def _says_the_same(
    newest: Consent, by: Actor, decision: str, basis: str, explanation: str, decided_on: datetime.date
) -> bool:
    before = (newest.decision, newest.basis, newest.explanation, newest.decided_on, newest.recorded_by_id)
    return before == (decision, basis, explanation.strip(), decided_on, by.user_id)
