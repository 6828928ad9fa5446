"""A FHIR Patient as the service sends it, read into a `TracedPerson`. Whatever is missing or odd stays empty."""

import datetime
from collections.abc import Iterable
from typing import Any

from careplan_forms.demographics import TracedPerson
from careplan_forms.enums import Sex
from interop.demographics import wire

_SEX = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.INDETERMINATE}
_WRITTEN = {"11": "Large print", "12": "Braille", "13": "Audio"}


def person(patient: dict[str, Any], today: datetime.date) -> TracedPerson:
    """`patient` is a Patient resource; `today` decides which names, addresses and practices are in use."""
    name = _best(patient.get("name"), today, ("usual", "official"))
    liked = _best(patient.get("name"), today, ("nickname",))
    restricted = wire.RESTRICTED in _security(patient)
    address = {} if restricted else _best(patient.get("address"), today, ("home",))
    return TracedPerson(
        nhs_number=str(patient.get("id", "")),
        version=str(patient.get("meta", {}).get("versionId", "")),
        family_name=_text(name.get("family"), 100),
        given_names=_text(" ".join(name.get("given", [])), 100),
        preferred_name=_text(" ".join(liked.get("given", [])), 100),
        title=_text(" ".join(name.get("prefix", [])), 35),
        date_of_birth=_text(patient.get("birthDate"), 10),
        sex=_SEX.get(patient.get("gender", ""), Sex.NOT_KNOWN),
        address_lines=tuple(line.strip() for line in address.get("line", []) if line.strip()),
        postcode=_text(address.get("postalCode"), 10),
        phone="" if restricted else _phone(patient, today),
        gp_ods_code="" if restricted else _practice(patient, today),
        communication_need=_communication(patient)[:60],
        died_on=_died_on(patient),
        restricted=restricted,
    )


def _security(patient: dict[str, Any]) -> set[str]:
    return {label.get("code", "") for label in patient.get("meta", {}).get("security", [])}


def _text(value: Any, longest: int) -> str:
    return " ".join(str(value or "").split())[:longest]


def _in_use(part: dict[str, Any], today: datetime.date) -> bool:
    period = part.get("period", {})
    day = today.isoformat()
    return str(period.get("start", ""))[:10] <= day and day <= (str(period.get("end", ""))[:10] or day)


def _best(parts: Any, today: datetime.date, uses: Iterable[str]) -> dict[str, Any]:
    """The part in use today with the first of the wanted uses; failing that the newest of that use."""
    parts = [part for part in parts or [] if isinstance(part, dict)]
    for use in uses:
        of_use = [part for part in parts if part.get("use") == use]
        newest = sorted(of_use, key=lambda part: (_in_use(part, today), str(part.get("period", {}).get("start", ""))))
        if newest:
            return newest[-1]
    return {}


def _phone(patient: dict[str, Any], today: datetime.date) -> str:
    phones = [each for each in patient.get("telecom", []) if each.get("system") == "phone"]
    return _text(_best(phones, today, ("mobile", "home", "work", "temp")).get("value"), 30)


def _practice(patient: dict[str, Any], today: datetime.date) -> str:
    for practice in patient.get("generalPractitioner", []):
        identifier = practice.get("identifier", {})
        if _in_use(identifier, today):
            return _text(identifier.get("value"), 10).upper()
    return ""


def _extensions(resource: dict[str, Any], url: str) -> dict[str, Any]:
    """The inner extensions of one complex extension, by their short name."""
    for extension in resource.get("extension", []):
        if extension.get("url") == url:
            return {inner.get("url", ""): inner for inner in extension.get("extension", [])}
    return {}


def _coding(extension: dict[str, Any] | None) -> dict[str, Any]:
    codings = (extension or {}).get("valueCodeableConcept", {}).get("coding", [])
    return codings[0] if codings else {}


def _communication(patient: dict[str, Any]) -> str:
    """What somebody must know before speaking or writing to the person, in the fewest words."""
    language = _extensions(patient, wire.COMMUNICATION)
    needs = []
    if language.get("interpreterRequired", {}).get("valueBoolean"):
        needs.append(f"{_coding(language.get('language')).get('display', '')} interpreter".strip().capitalize())
    written = _coding(_extensions(patient, wire.CONTACT_PREFERENCE).get("PreferredWrittenCommunicationFormat"))
    if words := _WRITTEN.get(written.get("code", "")):
        needs.append(words)
    return ", ".join(needs)


def _died_on(patient: dict[str, Any]) -> datetime.date | None:
    """The date of a death that was notified and not taken back (status U removes one)."""
    status = _coding(_extensions(patient, wire.DEATH_STATUS).get("deathNotificationStatus")).get("code")
    try:
        return None if status == "U" else datetime.date.fromisoformat(str(patient.get("deceasedDateTime", ""))[:10])
    except ValueError:
        return None
