"""Finding people. Every selector takes the viewer and shows only people their organisation knows."""

import datetime
from uuid import UUID

from django.db.models import QuerySet

from careplan_forms.models import Consent, Patient
from careplan_forms.names import name_key, postcode_key
from careplan_forms.permissions import patient_scope
from core.exceptions import Absent
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check

#: Enough to pick from; more means the details are too few.
MOST_MATCHES = 20


def visible_to(viewer: Actor) -> QuerySet[Patient]:
    """People the viewer's organisation traced, matched or cares for."""
    return Patient.objects.filter(patient_scope(viewer))


def get(*, viewer: Actor, public_id: UUID) -> Patient:
    """One person. Raises Absent, alike for nobody and for somebody else's patient."""
    check(viewer, Action.PERSON_FIND)
    patient = Patient.objects.select_related("gp_practice").filter(public_id=public_id).first()
    if patient is None:
        raise Absent
    check(viewer, Action.PERSON_FIND, patient)
    return patient


def by_details(*, viewer: Actor, family_name: str, date_of_birth: datetime.date, postcode: str = "") -> list[Patient]:
    """Known people with this surname, date of birth and, when given, postcode. Restricted people match none."""
    found = visible_to(viewer).filter(family_name_key=name_key(family_name), date_of_birth=date_of_birth)
    if postcode:
        found = found.filter(postcode_key=postcode_key(postcode), restricted=False)
    return list(found.order_by("given_names", "pk")[:MOST_MATCHES])


def namesakes(*, viewer: Actor, family_name: str, date_of_birth: datetime.date, nhs_number: str) -> list[Patient]:
    """Known people of the same name and birth under another number: the wrong person is one keystroke away."""
    return [
        patient
        for patient in by_details(viewer=viewer, family_name=family_name, date_of_birth=date_of_birth)
        if patient.nhs_number != nhs_number
    ]


def consents(*, viewer: Actor, patient: Patient) -> list[Consent]:
    """Every decision about sharing, the newest first."""
    check(viewer, Action.PERSON_FIND, patient)
    return list(patient.consents.select_related("recorded_by").order_by("-recorded_at", "-pk"))
