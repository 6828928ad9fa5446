"""Emergency rows the browser tests read, and the facts of the longest plan the seeded form allows."""

from typing import Any

from careplan_forms.models import Patient, PlanSummary
from governance.actors import Actor
from governance.models import Organisation
from tests.factories import careplan_forms as plans
from tests.factories import summaries

_WORDS = "Treat what is easily put right at home and ask the hospice line before anything else is begun "


def words(length: int) -> str:
    """Plain words, exactly this long."""
    return (_WORDS * 10)[: length - 1].rstrip().ljust(length - 1, "e") + "."


#: Every slot at its longest, in the seeded form's own limits.
LONGEST_FACTS: dict[str, list[Any]] = summaries.REFERENCE_FACTS | {
    "person.communication": ["Hearing aid", "Uses sign language", "Needs large print"],
    "cpr.decided_by": [words(100)],
    "cpr.discussed_with": ["The person, a family member and a health and welfare attorney"],
    "limits.focus": [words(200)],
    "limits.only_if": [words(100) for _ in range(3)],
    "limits.do_not": [words(100) for _ in range(3)],
    "adrt.refuses": [words(100) for _ in range(3)],
    "adrt.document_location": [words(150)],
    "allergies.list": [words(100) for _ in range(3)],
    "medicines.where": [words(100)],
    "contacts": [
        {"name": words(100), "relationship": "Health and welfare attorney", "phone": "+44 20 7946 0001 ext 1234"}
        for _ in range(4)
    ],
    "access.location": [words(200)],
    "access.hazards": ["Small dog", "Home oxygen", "Steep stairs", "Smoker"],
    "conditions.main": [words(150) for _ in range(3)],
    "conditions.what_to_do": ["\n".join(words(120) for _ in range(6))],
}


def readable(by: Actor, *, person: dict[str, Any] | None = None, **fields: Any) -> PlanSummary:
    """A plan of a person nobody else's test knows; `fields` override any column of the row."""
    number = _free_number()
    details = {"nhs_number": number, "family_name": "Black", "given_names": "Margaret", "title": "Mrs"}
    details |= {"address_lines": ["12 Example Street", "London"], "postcode": "SW3 6JJ"} | (person or {})
    patient = plans.patient(**details)
    owner = Organisation.objects.get(pk=by.organisation_id)
    return summaries.summary(owner, patient=patient, **fields)


def _free_number() -> str:
    while True:
        number = plans.next_nhs_number()
        if not Patient.objects.filter(nhs_number=number).exists():
            return number
