"""Looking for a person, here and in the national service. Every look is recorded; what was typed is not."""

import datetime
from dataclasses import dataclass

from careplan_forms import demographics, trail
from careplan_forms.demographics import DemographicsDown, Outcome, TracedPerson
from careplan_forms.models import Patient
from careplan_forms.selectors import patients as selectors
from core import nhs_number as numbers
from core.exceptions import Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.models import Organisation
from governance.services.audit import record_read


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """What a search came to.

    `known` are people the actor's organisation already knows; `traced` is the one the national service knows.
    `outcome` is the service's answer, None when it did not give one.
    """

    known: tuple[Patient, ...] = ()
    traced: TracedPerson | None = None
    outcome: Outcome | None = None
    superseded: bool = False

    @property
    def is_down(self) -> bool:
        return self.outcome is None

    @property
    def differs(self) -> bool:
        """Whether the national service knows the one person otherwise than our record does."""
        if self.traced is None or len(self.known) != 1:
            return False
        ours = self.known[0]
        return self.superseded or ours.demographics_version != self.traced.version


def find_by_number(*, by: Actor, nhs_number: str) -> Finding:
    """Look for the person of an NHS number, here and nationally; the look is recorded, the number is not.

    Raises Refused for a number that cannot be one.
    """
    check(by, Action.PERSON_FIND)
    digits = numbers.normalise(nhs_number)
    if not numbers.is_valid(digits):
        raise Refused("Check the NHS number: this one cannot be right, a digit may be mistyped", field="nhs_number")
    finding = _trace(by, digits)
    number = finding.traced.nhs_number if finding.traced else digits
    known = selectors.visible_to(by).filter(nhs_number__in={digits, number}).order_by("pk")
    found = Finding(tuple(known[:1]), finding.traced, finding.outcome, finding.superseded)
    _record_search(by, "nhs_number", found)
    return found


def find_by_details(*, by: Actor, family_name: str, date_of_birth: datetime.date, postcode: str = "") -> Finding:
    """Look by surname, date of birth and, when given, postcode; the national service names one person or
    none.
    """
    check(by, Action.PERSON_FIND)
    known = selectors.by_details(viewer=by, family_name=family_name, date_of_birth=date_of_birth, postcode=postcode)
    traced, outcome = None, None
    try:
        trace = demographics.service().search(
            family_name=family_name,
            date_of_birth=date_of_birth,
            postcode=postcode,
            ods_code=_ods_code(by),
            correlation=by.request_id,
        )
        traced, outcome = trace.person, trace.outcome
    except DemographicsDown:
        pass
    if traced is not None and any(patient.nhs_number == traced.nhs_number for patient in known):
        traced = None
    found = Finding(tuple(known), traced, outcome)
    _record_search(by, "details", found)
    return found


def _trace(by: Actor, digits: str) -> Finding:
    try:
        trace = demographics.service().trace(digits, ods_code=_ods_code(by), correlation=by.request_id)
    except DemographicsDown:
        return Finding()
    return Finding(traced=trace.person, outcome=trace.outcome, superseded=trace.supersedes(digits))


def _ods_code(by: Actor) -> str:
    if by.organisation_id is None:
        return ""
    codes = Organisation.objects.filter(pk=by.organisation_id).values_list("ods_code", flat=True)
    return codes.first() or ""


def _record_search(by: Actor, how: str, finding: Finding) -> None:
    target = trail.person_target(finding.known[0]) if len(finding.known) == 1 else None
    detail = {"by": how, "known": len(finding.known), "national": finding.outcome or "unavailable"}
    record_read(by=by, action="person.searched", target=target, detail=detail)
