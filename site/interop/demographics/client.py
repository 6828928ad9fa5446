"""Asks the Personal Demographics Service (FHIR R4). Reads only.

Each question has one `X-Request-ID`, kept when it is asked again, so that the service counts it once. Numbers
of people travel in the service's own addresses and nowhere else: the HTTP library's log lines are silenced,
because they would quote them.
"""

import datetime
import logging
import time
import uuid
from typing import Any

import httpx
from django.conf import settings

from careplan_forms.demographics import DemographicsDown, Outcome, Trace
from core import clock
from interop.demographics import reading, wire

logger = logging.getLogger(__name__)
for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)

#: Answers worth asking again for: too many questions, and a service between us and them that stumbled.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
#: What it says of a number or of details that nobody can have; any other 400 is our own fault, not an answer.
_NO_SUCH_PERSON = frozenset({"INVALID_RESOURCE_ID", "INVALID_SEARCH_DATA", "INVALID_VALUE"})
_LONGEST_WAIT = 1.0
_TRIES = 2


class PersonalDemographicsService:
    """One connection, kept open. `base_url` ends in `/FHIR/R4`; without one every question raises
    DemographicsDown.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str = "",
        timeout: float = 5,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        headers = {"Accept": wire.MEDIA_TYPE}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._client = httpx.Client(timeout=timeout, headers=headers, transport=transport, follow_redirects=False)

    def trace(self, nhs_number: str, *, ods_code: str = "", correlation: str = "") -> Trace:
        """The person of one NHS number. Raises DemographicsDown."""
        answer = self._ask(f"/Patient/{nhs_number}", {}, ods_code, correlation)
        if answer.status_code == 200:
            return self._found(self._json(answer))
        if answer.status_code == 404:
            gone = _error_code(self._json(answer)) == "INVALIDATED_RESOURCE"
            return Trace(Outcome.INVALIDATED if gone else Outcome.NOT_FOUND)
        if answer.status_code == 400 and _error_code(self._json(answer)) in _NO_SUCH_PERSON:
            return Trace(Outcome.NOT_FOUND)
        raise self._down("status", answer.status_code)

    def search(
        self,
        *,
        family_name: str,
        date_of_birth: datetime.date,
        postcode: str = "",
        ods_code: str = "",
        correlation: str = "",
    ) -> Trace:
        """The one person of these details. Application-restricted access allows one result; more is "too
        many".
        """
        params = {"family": family_name, "birthdate": f"eq{date_of_birth.isoformat()}", "_max-results": "1"}
        if postcode:
            params["address-postalcode"] = postcode
        answer = self._ask("/Patient", params, ods_code, correlation)
        if answer.status_code == 400 and _error_code(self._json(answer)) in _NO_SUCH_PERSON:
            return Trace(Outcome.NOT_FOUND)
        if answer.status_code != 200:
            raise self._down("status", answer.status_code)
        body = self._json(answer)
        if body.get("resourceType") == "OperationOutcome":
            return Trace(Outcome.TOO_MANY)
        entries = body.get("entry", [])
        return self._found(entries[0].get("resource", {})) if entries else Trace(Outcome.NOT_FOUND)

    def _found(self, patient: dict[str, Any]) -> Trace:
        person = reading.person(patient, clock.today())
        if not person.nhs_number:
            raise self._down("answer without a number")
        return Trace(Outcome.FOUND, person)

    def _ask(self, path: str, params: dict[str, str], ods_code: str, correlation: str) -> httpx.Response:
        if not self.base_url:
            raise DemographicsDown()
        headers = {"X-Request-ID": str(uuid.uuid4())}
        if correlation:
            headers["X-Correlation-ID"] = correlation
        if ods_code:
            headers["NHSD-End-User-Organisation-ODS"] = ods_code
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._client.get(self.base_url + path, params=params, headers=headers)
            except httpx.HTTPError as error:
                if attempt == _TRIES:
                    raise self._down(type(error).__name__) from None
                continue
            if answer.status_code not in _PASSING or attempt == _TRIES:
                break
            time.sleep(_wait(answer))
        return answer

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            body = answer.json()
        except ValueError:
            raise self._down("answer is not JSON") from None
        if not isinstance(body, dict):
            raise self._down("answer is not a resource")
        return body

    def _down(self, *why: object) -> DemographicsDown:
        logger.warning("demographics service: %s", " ".join(str(each) for each in why))
        return DemographicsDown()


def _error_code(outcome: dict[str, Any]) -> str:
    for issue in outcome.get("issue", []):
        for coding in issue.get("details", {}).get("coding", []):
            return str(coding.get("code", ""))
    return ""


def _wait(answer: httpx.Response) -> float:
    """Seconds before asking again: what the service asks for, but nobody at a desk waits longer than a
    second.
    """
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT) if asked.replace(".", "", 1).isdigit() else 0.1


class ConfiguredService:
    """The service the settings name, connected on first use, so that starting up opens nothing."""

    def __init__(self) -> None:
        self._made: tuple[str, PersonalDemographicsService] | None = None

    def _service(self) -> PersonalDemographicsService:
        base_url = settings.DEMOGRAPHICS_BASE_URL
        if self._made is None or self._made[0] != base_url:
            made = PersonalDemographicsService(
                base_url,
                api_key=settings.DEMOGRAPHICS_API_KEY,
                timeout=settings.DEMOGRAPHICS_TIMEOUT_SECONDS,
            )
            self._made = (base_url, made)
        return self._made[1]

    def trace(self, nhs_number: str, *, ods_code: str = "", correlation: str = "") -> Trace:
        return self._service().trace(nhs_number, ods_code=ods_code, correlation=correlation)

    def search(
        self,
        *,
        family_name: str,
        date_of_birth: datetime.date,
        postcode: str = "",
        ods_code: str = "",
        correlation: str = "",
    ) -> Trace:
        return self._service().search(
            family_name=family_name,
            date_of_birth=date_of_birth,
            postcode=postcode,
            ods_code=ods_code,
            correlation=correlation,
        )
