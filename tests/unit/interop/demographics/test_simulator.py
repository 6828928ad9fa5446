"""The simulator says what the real service would."""

import httpx
import pytest

from core import nhs_number
from interop.demographics.simulator import BUILT_IN, Simulator

HEADERS = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068"}


@pytest.fixture
def http():
    with httpx.Client(
        transport=httpx.WSGITransport(app=Simulator()),
        base_url="http://simulator/personal-demographics/FHIR/R4",
    ) as client:
        yield client


def code(answer):
    return answer.json()["issue"][0]["details"]["coding"][0]["code"]


def test_its_people_have_numbers_of_the_test_range():
    assert all(nhs_number.is_valid(person["nhs_number"], "test") for person in BUILT_IN)


def test_a_person_comes_as_a_fhir_patient_with_etag_and_echoed_id(http):
    answer = http.get("/Patient/9990000018", headers=HEADERS)
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert answer.headers["ETag"] == 'W/"3"'
    assert answer.headers["X-Request-ID"] == HEADERS["X-Request-ID"]
    body = answer.json()
    assert body["identifier"][0]["value"] == body["id"] == "9990000018"
    assert body["meta"]["security"][0]["code"] == "U"


def test_a_request_without_its_id_is_refused(http):
    answer = http.get("/Patient/9990000018")
    assert (answer.status_code, code(answer)) == (400, "MISSING_VALUE")


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/Patient/9990000019", 400, "INVALID_RESOURCE_ID"),
        ("/Patient/abc", 400, "INVALID_RESOURCE_ID"),
        ("/Patient/9990000077", 404, "RESOURCE_NOT_FOUND"),
        ("/Patient/9990000069", 404, "INVALIDATED_RESOURCE"),
        ("/Patient?family=Smith", 400, "INVALID_SEARCH_DATA"),
        ("/Patient?family=A*&birthdate=eq1938-03-12", 400, "INVALID_VALUE"),
        ("/Observation", 400, "UNSUPPORTED_SERVICE"),
    ],
)
def test_its_errors_are_the_service_s_own(http, path, status, error):
    answer = http.get(path, headers=HEADERS)
    assert (answer.status_code, code(answer)) == (status, error)


def test_a_search_without_a_hit_is_an_empty_bundle(http):
    answer = http.get("/Patient?family=Nobody&birthdate=eq1938-03-12", headers=HEADERS)
    assert answer.status_code == 200
    assert answer.json() == {"resourceType": "Bundle", "type": "searchset", "total": 0}


def test_a_search_by_postcode_never_finds_a_restricted_person(http):
    query = "/Patient?family=Hidden&birthdate=eq1960-06-30"
    assert http.get(query, headers=HEADERS).json()["total"] == 1
    assert http.get(query + "&address-postalcode=ZZ99+5BB", headers=HEADERS).json()["total"] == 0


def test_nothing_can_be_written(http):
    assert http.post("/Patient", headers=HEADERS, json={}).status_code == 405
