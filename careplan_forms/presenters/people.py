"""A person as pages draw them: the banner, and what two sources say side by side."""

import datetime
from dataclasses import dataclass
from typing import Any

from careplan_forms.demographics import TracedPerson
from careplan_forms.enums import Sex, Verification
from careplan_forms.models import Patient
from core.date_format import age_on, staff_date
from core.nhs_number import spaced

KNOWN_AS = "Known as"


@dataclass(frozen=True, slots=True, repr=False)
class Banner:
    """What `macros/patient.jinja` draws at the top of every page about a person."""

    family_name: str
    given_name: str
    title: str
    preferred_name: str
    born: datetime.date
    died: datetime.date | None
    sex: str
    nhs_number: str
    address: str
    flags: list[str]
    age: int | None
    verification: str
    is_verified: bool


def banner(patient: Patient, today: datetime.date) -> Banner:
    restricted = patient.restricted
    address = "" if restricted else ", ".join([*patient.address_lines, patient.postcode]).strip(", ")
    return Banner(
        family_name=patient.family_name,
        given_name=patient.given_names,
        title=patient.title,
        preferred_name=patient.preferred_name,
        born=patient.date_of_birth,
        died=patient.died_on,
        sex=Sex(patient.sex).label,
        nhs_number=patient.nhs_number,
        address="Not shown: restricted" if restricted else address,
        flags=[patient.communication_need] if patient.communication_need else [],
        age=age_on(patient.date_of_birth, patient.died_on or today),
        verification=Verification(patient.verification).label,
        is_verified=patient.verification == Verification.VERIFIED,
    )


def side_by_side(traced: TracedPerson, ours: Patient | None) -> list[dict[str, Any]]:
    """Rows of (what, national service, our record, whether they differ)."""
    theirs = {
        "Surname": traced.family_name,
        "First names": traced.given_names,
        KNOWN_AS: traced.preferred_name,
        "Title": traced.title,
        "Date of birth": staff_date(traced.date_of_birth),
        "Sex": Sex(traced.sex).label,
        "NHS number": spaced(traced.nhs_number),
        "Address": _address(traced.address_lines, traced.postcode, traced.restricted),
        "Telephone": traced.phone,
        "Died": staff_date(traced.died_on),
    }
    known = _ours(ours) if ours else {}
    rows = [
        {"label": label, "theirs": said, "ours": known.get(label, ""), "differs": bool(ours) and said != known[label]}
        for label, said in theirs.items()
    ]
    return [row for row in rows if row["theirs"] or row["ours"] or row["label"] not in (KNOWN_AS, "Died")]


def _ours(patient: Patient) -> dict[str, str]:
    return {
        "Surname": patient.family_name,
        "First names": patient.given_names,
        KNOWN_AS: patient.preferred_name,
        "Title": patient.title,
        "Date of birth": staff_date(patient.date_of_birth),
        "Sex": Sex(patient.sex).label,
        "NHS number": spaced(patient.nhs_number),
        "Address": _address(tuple(patient.address_lines), patient.postcode, patient.restricted),
        "Telephone": patient.phone,
        "Died": staff_date(patient.died_on),
    }


def _address(lines: tuple[str, ...], postcode: str, restricted: bool) -> str:
    return "Not shown: restricted" if restricted else ", ".join([*lines, postcode]).strip(", ")
