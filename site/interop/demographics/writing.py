"""A simulated person as a FHIR Patient resource, in the shape the real service sends."""

from typing import Any

from interop.demographics import wire

Person = dict[str, Any]

_WRITTEN = {"Large print": "11", "Braille": "12", "Audio": "13"}
_GENDER = {"female": "female", "male": "male", "indeterminate": "other"}


def patient(person: Person) -> dict[str, Any]:
    """`person` as in a simulator's data file (see `simulator.BUILT_IN`)."""
    restricted = bool(person.get("restricted"))
    resource: dict[str, Any] = {
        "resourceType": "Patient",
        "id": person["nhs_number"],
        "identifier": [_number(person["nhs_number"])],
        "meta": {
            "versionId": str(person.get("version", "1")),
            "security": [
                {
                    "system": wire.CONFIDENTIALITY,
                    "code": "R" if restricted else "U",
                    "display": "restricted" if restricted else "unrestricted",
                }
            ],
        },
        "name": _names(person),
        "gender": _GENDER.get(person.get("sex", ""), "unknown"),
    }
    if person.get("birth_date"):
        resource["birthDate"] = person["birth_date"]
    if extensions := _extensions(person):
        resource["extension"] = extensions
    if person.get("died_on"):
        resource["deceasedDateTime"] = f"{person['died_on']}T00:00:00+00:00"
    if not restricted:
        resource |= _where_and_how(person)
    return resource


def entry(person: Person, base: str, score: float) -> dict[str, Any]:
    """One hit of a search."""
    return {
        "fullUrl": f"{base}/Patient/{person['nhs_number']}",
        "search": {"score": score},
        "resource": patient(person),
    }


def outcome(code: str, display: str, severity: str = "error", kind: str = "value") -> dict[str, Any]:
    """An OperationOutcome with one of the service's own codes."""
    coding = {"system": wire.ERROR_CODES, "version": "1", "code": code, "display": display}
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": kind, "details": {"coding": [coding]}}],
    }


def _concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {
        "valueCodeableConcept": {"coding": [{"system": system, "version": "1.0.0", "code": code, "display": display}]}
    }


def _number(nhs_number: str) -> dict[str, Any]:
    verified = {"url": wire.VERIFICATION_STATUS} | _concept(
        wire.VERIFICATION_CODES, "01", "Number present and verified"
    )
    return {"system": wire.NHS_NUMBER, "value": nhs_number, "extension": [verified]}


def _names(person: Person) -> list[dict[str, Any]]:
    name: dict[str, Any] = {"id": "n1", "use": "usual", "period": {"start": "2000-01-01"}}
    name["family"] = person["family_name"]
    if person.get("given_names"):
        name["given"] = person["given_names"].split()
    if person.get("title"):
        name["prefix"] = [person["title"]]
    if not person.get("preferred_name"):
        return [name]
    return [name, {"id": "n2", "use": "nickname", "period": name["period"], "given": person["preferred_name"].split()}]


def _extensions(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if person.get("died_on"):
        status = {"url": "deathNotificationStatus"} | _concept(
            wire.DEATH_CODES, "2", "Formal - death notice received from Registrar of Deaths"
        )
        found.append({"url": wire.DEATH_STATUS, "extension": [status]})
    if person.get("interpreter"):
        language = {"url": "language"} | _concept(wire.LANGUAGES, "und", person["interpreter"])
        needed = {"url": "interpreterRequired", "valueBoolean": True}
        found.append({"url": wire.COMMUNICATION, "extension": [language, needed]})
    if code := _WRITTEN.get(person.get("written_format", "")):
        written = {"url": "PreferredWrittenCommunicationFormat"} | _concept(
            wire.WRITTEN_FORMATS, code, person["written_format"]
        )
        found.append({"url": wire.CONTACT_PREFERENCE, "extension": [written]})
    return found


def _where_and_how(person: Person) -> dict[str, Any]:
    """What the service leaves out for a restricted person: address, telephone, practice."""
    period = {"start": "2000-01-01"}
    parts: dict[str, Any] = {}
    if person.get("address_lines"):
        parts["address"] = [
            {
                "id": "a1",
                "use": "home",
                "period": period,
                "line": list(person["address_lines"]),
                "postalCode": person.get("postcode", ""),
            }
        ]
    if person.get("phone"):
        parts["telecom"] = [{"id": "t1", "system": "phone", "use": "home", "period": period, "value": person["phone"]}]
    if person.get("gp"):
        identifier = {"system": wire.ODS_CODE, "value": person["gp"], "period": period}
        parts["generalPractitioner"] = [{"id": "g1", "type": "Organization", "identifier": identifier}]
    return parts
