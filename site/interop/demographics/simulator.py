"""A stand-in for the Personal Demographics Service: plain WSGI, made-up people, the true wire format.

Its people come from a JSON file (a list of objects like those of `BUILT_IN`; the demo writes one) or from the
few built in here, all with numbers of the test range. `superseded_by` answers for another number, `invalid`
is a number taken out of use, `restricted` has no address.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from core import nhs_number
from interop.demographics import wire, writing
from interop.demographics.writing import Person

BUILT_IN: list[Person] = [
    {
        "nhs_number": "9990000018",
        "family_name": "Ashdown",
        "given_names": "Margaret Rose",
        "preferred_name": "Peggy",
        "title": "Mrs",
        "birth_date": "1938-03-12",
        "sex": "female",
        "address_lines": ["4 Example Road", "Sampletown"],
        "postcode": "ZZ99 3WZ",
        "phone": "01632 960001",
        "gp": "A81001",
        "version": "3",
    },
    {
        "nhs_number": "9990000026",
        "family_name": "Okonjo-Brown",
        "given_names": "Daniel",
        "title": "Mr",
        "birth_date": "1951-11",
        "sex": "male",
        "address_lines": ["Flat 2", "19 Invented Street", "Sampletown"],
        "postcode": "ZZ99 4AA",
        "interpreter": "British Sign Language",
        "written_format": "Large print",
    },
    {
        "nhs_number": "9990000034",
        "family_name": "Hidden",
        "given_names": "Paula",
        "birth_date": "1960-06-30",
        "sex": "female",
        "restricted": True,
        "address_lines": ["Nobody may see this"],
        "postcode": "ZZ99 5BB",
    },
    {
        "nhs_number": "9990000042",
        "family_name": "Wójcik",
        "given_names": "Ewa",
        "title": "Ms",
        "birth_date": "1944-01-09",
        "sex": "female",
        "address_lines": ["7 Made-up Lane"],
        "postcode": "ZZ99 6CC",
        "died_on": "2026-02-01",
    },
    {"nhs_number": "9990000050", "superseded_by": "9990000018"},
    {"nhs_number": "9990000069", "invalid": True},
]

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_STATUS = {200: "200 OK", 400: "400 Bad Request", 404: "404 Not Found", 405: "405 Method Not Allowed"}
_PREFIXES = ("/personal-demographics/FHIR/R4", "")


class Simulator:
    """The WSGI application. `people` are read once; restart it to read others."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people = {person["nhs_number"]: person for person in (list(people) or BUILT_IN)}

    @classmethod
    def from_file(cls, path: Path | None) -> "Simulator":
        """People of a JSON file; without one those built in."""
        if path is None or not path.exists():
            return cls()
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        status, body = self._answer(environ)
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = [("Content-Type", wire.MEDIA_TYPE), ("Content-Length", str(len(content)))]
        for name in ("X-Request-ID", "X-Correlation-ID"):
            if given := environ.get(f"HTTP_{name.upper().replace('-', '_')}"):
                headers.append((name, given))
        if version := body.get("meta", {}).get("versionId"):
            headers.append(("ETag", f'W/"{version}"'))
        start_response(_STATUS[status], headers)
        return [content]

    def _answer(self, environ: Environ) -> tuple[int, dict[str, Any]]:
        if environ["REQUEST_METHOD"] != "GET":
            return 405, writing.outcome("UNSUPPORTED_SERVICE", "Unsupported service")
        try:
            uuid.UUID(environ.get("HTTP_X_REQUEST_ID", ""))
        except ValueError:
            return 400, writing.outcome("MISSING_VALUE", "Missing value - X-Request-ID", kind="required")
        path = environ.get("PATH_INFO", "").removeprefix(_PREFIXES[0])
        if path == "/Patient":
            return self._search(parse_qs(environ.get("QUERY_STRING", "")))
        if path.startswith("/Patient/") and path.count("/") == 2:
            return self._read(path.removeprefix("/Patient/"))
        return 400, writing.outcome("UNSUPPORTED_SERVICE", "Unsupported service")

    def _read(self, number: str) -> tuple[int, dict[str, Any]]:
        digits = number.isascii() and number.isdigit() and len(number) == 10
        if not digits or nhs_number.check_digit(number[:9]) != number[9]:
            return 400, writing.outcome("INVALID_RESOURCE_ID", "Resource Id is invalid")
        person = self.people.get(number)
        if person is not None and "superseded_by" in person:
            person = self.people.get(person["superseded_by"])
        if person is None:
            return 404, writing.outcome("RESOURCE_NOT_FOUND", "Resource not found", "information", "not_found")
        if person.get("invalid"):
            words = "Resource that has been marked as invalid was requested"
            return 404, writing.outcome("INVALIDATED_RESOURCE", words, kind="processing")
        return 200, writing.patient(person)

    def _search(self, query: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        family = query.get("family", [""])[0].casefold()
        born = [each.removeprefix("eq") for each in query.get("birthdate", [])]
        postcode = query.get("address-postalcode", query.get("address-postcode", [""]))[0]
        if not family or not born:
            return 400, writing.outcome("INVALID_SEARCH_DATA", "Search data is invalid")
        if "*" in family[:2]:
            return 400, writing.outcome("INVALID_VALUE", "Invalid value - family")
        found = [person for person in self.people.values() if _matches(person, family, born, postcode)]
        most = int(query.get("_max-results", ["50"])[0])
        if len(found) > most:
            return 200, writing.outcome("TOO_MANY_MATCHES", "Too Many Matches", "information", "multiple-matches")
        entries = [writing.entry(person, "https://api.service.nhs.uk" + _PREFIXES[0], 1) for person in found]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
        return 200, bundle | ({"entry": entries} if entries else {})


def _matches(person: Person, family: str, born: list[str], postcode: str) -> bool:
    if "family_name" not in person or person.get("birth_date") not in born:
        return False
    if postcode and (person.get("restricted") or _squashed(postcode) != _squashed(person.get("postcode", ""))):
        return False
    name = person["family_name"].casefold()
    return name.startswith(family[:-1]) if family.endswith("*") else name == family


def _squashed(postcode: str) -> str:
    return postcode.replace(" ", "").upper()
