"""Finding a person and taking them into the register: traced, or unverified while the national service is
down.
"""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from careplan_forms import trail
from careplan_forms.demographics import TracedPerson
from careplan_forms.enums import Sex, Verification
from careplan_forms.models import Patient, PatientLink
from careplan_forms.names import name_key
from careplan_forms.permissions import user_can_see_patient
from careplan_forms.services import projection
from core import nhs_number as numbers
from core.events import publish
from core.exceptions import Conflict, Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.models import Organisation
from governance.services.audit import record


@dataclass(frozen=True, slots=True, repr=False)
class PersonDetails:
    """What somebody typed of a person whom the national service could not confirm."""

    family_name: str
    given_names: str
    date_of_birth: datetime.date
    title: str = ""
    sex: str = Sex.NOT_KNOWN
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    phone: str = ""


@transaction.atomic
def register_traced(
    *, by: Actor, person: TracedPerson, date_of_birth: datetime.date | None = None, now: datetime.datetime
) -> Patient:
    """Take in, or bring up to date, the person the national service answered with.

    `date_of_birth` completes a birth date the service knows only in part. A person known here under a number
    that has been replaced gets the new one. Twice is harmless.
    """
    check(by, Action.PERSON_FIND)
    born = _birth(person, date_of_birth)
    patient = Patient.objects.select_for_update().filter(nhs_number=person.nhs_number).first()
    made = patient is None
    patient = patient or Patient(nhs_number=person.nhs_number)
    _take_over(patient, person, born)
    _save(patient)
    _link(by, patient, now)
    detail = {"verification": Verification.VERIFIED, "version": person.version}
    action = "person.registered" if made else "person.updated"
    record(by=by, action=action, target=trail.person_target(patient), detail=detail)
    projection.project_patient(patient=patient, now=now)
    return patient


@transaction.atomic
def register_unverified(
    *, by: Actor, nhs_number: str, details: PersonDetails, not_traced: bool = False, now: datetime.datetime
) -> Patient:
    """Take in a person on somebody's word, marked as not verified, because nobody's care waits for a
    register.

    A number somebody here is already known by must be given with that person's surname and date of birth.
    """
    check(by, Action.PERSON_FIND)
    digits = numbers.validate(nhs_number)
    existing = Patient.objects.select_for_update().filter(nhs_number=digits).first()
    if existing is not None:
        return _match_existing(by, existing, details, now)
    patient = Patient(
        nhs_number=digits,
        verification=Verification.NOT_TRACED if not_traced else Verification.TRACE_REQUIRED,
        family_name=details.family_name,
        given_names=details.given_names,
        title=details.title,
        date_of_birth=details.date_of_birth,
        sex=details.sex,
        address_lines=list(details.address_lines),
        postcode=details.postcode,
        phone=details.phone,
    )
    _save(patient)
    _link(by, patient, now)
    record(
        by=by,
        action="person.registered",
        target=trail.person_target(patient),
        detail={"verification": patient.verification},
    )
    return patient


@transaction.atomic
def renumber(*, by: Actor, patient: Patient, person: TracedPerson, now: datetime.datetime) -> Patient:
    """Put a known person under the number that replaced theirs, unless that number is another record's.

    Raises Conflict for two records of one person: they are merged by people, not by a search.
    """
    check(by, Action.PERSON_FIND, patient)
    if Patient.objects.filter(nhs_number=person.nhs_number).exclude(pk=patient.pk).exists():
        raise Conflict(
            "The national service has joined two NHS numbers, and both have a record here. "
            "Tell the service desk, who can join the records. You can go on using this one."
        )
    patient.nhs_number = person.nhs_number
    _take_over(patient, person, _birth(person, patient.date_of_birth))
    _save(patient)
    record(by=by, action="person.renumbered", target=trail.person_target(patient))
    projection.project_patient(patient=patient, now=now)
    return patient


@transaction.atomic
def record_death(
    *, by: Actor, patient: Patient, died_on: datetime.date, place: str, now: datetime.datetime, today: datetime.date
) -> Patient:
    """Record that the person died, when and where (a SNOMED CT code, or empty for not recorded)."""
    check(by, Action.PERSON_FIND, patient)
    if died_on > today:
        raise Refused("The date of death must be today or in the past", field="died_on")
    if died_on < patient.date_of_birth:
        raise Refused("The date of death must be after the date of birth", field="died_on")
    patient.died_on, patient.actual_place_of_death = died_on, place
    patient.save()
    record(by=by, action="person.died", target=trail.person_target(patient), detail={"place": place})
    publish("person.died", {"person": str(patient.public_id)}, key=str(patient.public_id), by=by)
    projection.project_patient(patient=patient, now=now)
    return patient


def _birth(person: TracedPerson, typed: datetime.date | None) -> datetime.date:
    if len(person.date_of_birth) == 10:
        return datetime.date.fromisoformat(person.date_of_birth)
    if typed is None:
        raise Refused("The national service does not have the full date of birth. Enter it", field="date_of_birth")
    if not typed.isoformat().startswith(person.date_of_birth):
        raise Refused("The date of birth must agree with what the national service has", field="date_of_birth")
    return typed


def _take_over(patient: Patient, person: TracedPerson, born: datetime.date) -> None:
    """What the service says replaces what we had; of a restricted person nothing that could find them stays."""
    patient.verification = Verification.VERIFIED
    patient.demographics_version = person.version
    patient.restricted = person.restricted
    patient.family_name = person.family_name or patient.family_name
    patient.given_names = person.given_names or patient.given_names
    patient.preferred_name = person.preferred_name or patient.preferred_name
    patient.title = person.title
    patient.date_of_birth = born
    patient.sex = person.sex
    patient.address_lines = list(person.address_lines)
    patient.postcode = person.postcode
    patient.phone = person.phone
    patient.communication_need = person.communication_need or patient.communication_need
    patient.died_on = person.died_on or patient.died_on
    patient.gp_practice = (
        Organisation.objects.filter(ods_code=person.gp_ods_code).first() if person.gp_ods_code else None
    )


def _save(patient: Patient) -> None:
    """Save, telling two people who register one number at once that the other was first."""
    try:
        with transaction.atomic():
            patient.save()
    except IntegrityError:
        raise Conflict("Somebody registered this person at the same moment. Search again to open the record") from None


def _link(by: Actor, patient: Patient, now: datetime.datetime) -> None:
    if by.organisation_id is None:
        return
    PatientLink.objects.get_or_create(
        patient=patient,
        organisation_id=by.organisation_id,
        defaults={"made_at": now, "made_by_id": by.user_id},
    )


def _match_existing(by: Actor, patient: Patient, details: PersonDetails, now: datetime.datetime) -> Patient:
    """Somebody's word opens a known record only when it names the same person."""
    same = patient.family_name_key == name_key(details.family_name) and patient.date_of_birth == details.date_of_birth
    if not same:
        raise Refused(
            "This NHS number belongs to somebody with another surname or date of birth. "
            "Check the number with the person or their GP practice",
            field="family_name",
        )
    if not user_can_see_patient(by, patient):
        _link(by, patient, now)
        record(by=by, action="person.matched", target=trail.person_target(patient))
    return patient
