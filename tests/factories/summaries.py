"""Emergency rows as tests need them: the reference plan, and the longest one the form allows."""

import datetime
import uuid

from careplan_forms.models import CarePlan, FormDefinition, FormVersion, Patient, PlanSummary
from core import clock
from core.encryption import encrypt
from governance.models import Organisation

REFERENCE_FACTS = {
    "cpr.decision": ["do_not_attempt"],
    "cpr.decided_by": ["Dr Anna Patel, GP"],
    "cpr.decided_on": ["2026-03-01"],
    "cpr.discussed_with": ["Margaret and her daughter"],
    "cpr.review_on": ["2099-03-01"],
    "limits.focus": ["Comfort at home; treat what is easily reversed"],
    "limits.hospital": ["only_if"],
    "limits.only_if": ["Hospital for a broken bone or uncontrolled pain"],
    "limits.do_not": ["Intensive care"],
    "adrt.state": ["seen_recorded"],
    "adrt.refuses": ["Ventilation"],
    "adrt.document_location": ["Blue folder, kitchen drawer"],
    "attorney.state": ["present"],
    "attorney.life_sustaining": ["yes"],
    "place.care_first": ["Home"],
    "place.death_first": ["Home"],
    "place.death_second": ["Hospice"],
    "allergies.state": ["known"],
    "allergies.list": ["Penicillin: rash"],
    "medicines.state": ["in_home"],
    "medicines.where": ["Fridge door"],
    "medicines.valid_until": ["2099-01-01"],
    "contacts": [
        {"name": "Joan Black", "relationship": "Daughter", "phone": "020 7946 0001", "available_24h": False},
        {"name": "Hospice line", "relationship": "Advice", "phone": "020 7946 0000", "available_24h": True},
    ],
    "access.location": ["Side gate, key safe by the meter"],
    "access.hazards": ["Small dog", "Home oxygen"],
    "conditions.main": ["Heart failure", "COPD"],
    "conditions.what_to_do": ["Breathless: sit up, fan, call hospice line\nPain: give morphine as charted"],
}


def form_version() -> FormVersion:
    """A version with no questions: what a summary needs to point at."""
    definition, _ = FormDefinition.objects.get_or_create(
        key="urgent-care-plan",
        defaults={"title": "Urgent care plan", "url": "https://foreword.example/forms/x"},
    )
    found = definition.versions.first()
    return found or FormVersion.objects.create(
        definition=definition,
        number=1,
        document={
            "schema_version": 1,
            "key": "urgent-care-plan",
            "title": "x",
            "sections": [],
            "value_sets": {},
        },
        sha256="0" * 64,
        published_at=clock.now(),
    )


def summary(owner: Organisation, nhs_number: str = "9434765919", facts: dict | None = None, **fields) -> PlanSummary:
    """A readable row; `fields` override any column."""
    now = clock.now()
    person = fields.pop("patient", None) or Patient.objects.create(
        nhs_number=nhs_number,
        family_name="Black",
        given_names="Margaret",
        title="Mrs",
        date_of_birth=datetime.date(1938, 3, 12),
        sex="female",
        address_lines=["12 Example Street", "London"],
        postcode="SW3 6JJ",
    )
    plan = CarePlan.objects.create(
        patient=person, owner=owner, form_version=form_version(), created_at=now, updated_at=now
    )
    columns = {
        "plan": plan,
        "plan_public_id": plan.public_id,
        "version_number": 3,
        "nhs_number": person.nhs_number,
        "family_name_key": person.family_name_key,
        "date_of_birth": person.date_of_birth,
        "postcode_key": person.postcode_key,
        "identity": {
            "family_name": person.family_name,
            "given_names": person.given_names,
            "title": person.title,
            "preferred_name": "Peggy",
            "sex": person.sex,
            "communication_need": "Hearing loss",
            "address": [*person.address_lines, person.postcode],
            "restricted": False,
        },
        "facts": REFERENCE_FACTS if facts is None else facts,
        "readable": True,
        "approved_at": now,
        "approver_label": "Dr Anna Patel, Example Practice",
        "review_on": clock.today() + datetime.timedelta(days=90),
        "access_code_encrypted": encrypt("C1947Y"),
        "has_access_code": True,
        "updated_at": now,
    }
    return PlanSummary.objects.create(patient=person, **(columns | fields))


def unknown_plan_id() -> uuid.UUID:
    return uuid.uuid4()
