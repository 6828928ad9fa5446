"""The client against the simulator's wire format, and against a service in trouble."""

import datetime
import logging

import httpx
import pytest

from careplan_forms.demographics import DemographicsDown, Outcome
from interop.demographics.client import PersonalDemographicsService
from interop.demographics.simulator import Simulator

BASE = "http://demographics.test/personal-demographics/FHIR/R4"


@pytest.fixture
def service():
    return PersonalDemographicsService(BASE, transport=httpx.WSGITransport(app=Simulator()))


class Script(httpx.BaseTransport):
    """Answers in order and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def handle_request(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def in_trouble(*answers):
    script = Script(*answers)
    return PersonalDemographicsService(BASE, transport=script), script


PATIENT = {"resourceType": "Patient", "id": "9990000018", "meta": {"versionId": "1"}}


def test_a_person_is_found_by_number(service):
    person = service.trace("9990000018").person
    assert (person.family_name, person.given_names, person.title) == ("Ashdown", "Margaret Rose", "Mrs")
    assert person.preferred_name == "Peggy"
    assert (person.date_of_birth, person.sex, person.version) == ("1938-03-12", "female", "3")
    assert (person.address_lines, person.postcode) == (("4 Example Road", "Sampletown"), "ZZ99 3WZ")
    assert (person.phone, person.gp_ods_code) == ("01632 960001", "A81001")


def test_a_restricted_person_has_no_address_telephone_or_practice(service):
    person = service.trace("9990000034").person
    assert person.restricted
    assert not (person.address_lines or person.postcode or person.phone or person.gp_ods_code)


def test_an_address_sent_of_a_restricted_person_is_not_read():
    labelled = PATIENT | {
        "meta": {"security": [{"code": "R"}]},
        "address": [{"use": "home", "line": ["1 Secret Street"], "postalCode": "ZZ1 1ZZ"}],
        "telecom": [{"system": "phone", "use": "home", "value": "01632 960000"}],
        "generalPractitioner": [{"identifier": {"value": "A81001"}}],
    }
    client, _ = in_trouble(httpx.Response(200, json=labelled))
    person = client.trace("9990000018").person
    assert person.restricted
    assert not (person.address_lines or person.postcode or person.phone or person.gp_ods_code)


def test_a_superseded_number_comes_back_under_its_successor(service):
    trace = service.trace("9990000050")
    assert trace.supersedes("9990000050")
    assert trace.person.nhs_number == "9990000018"


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("9990000069", Outcome.INVALIDATED),
        ("9990000077", Outcome.NOT_FOUND),
        ("9990000019", Outcome.NOT_FOUND),
    ],
)
def test_numbers_nobody_has(service, number, outcome):
    assert service.trace(number).outcome == outcome


def test_what_is_known_only_to_the_month_stays_so(service):
    person = service.trace("9990000026").person
    assert (person.date_of_birth, person.preferred_name) == ("1951-11", "")
    assert person.communication_need == "British sign language interpreter, Large print"


def test_a_notified_death_is_read_and_one_taken_back_is_not(service):
    assert service.trace("9990000042").person.died_on == datetime.date(2026, 2, 1)
    removed = {
        "deceasedDateTime": "2026-02-01T00:00:00+00:00",
        "extension": [
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus",
                "extension": [
                    {
                        "url": "deathNotificationStatus",
                        "valueCodeableConcept": {"coding": [{"code": "U"}]},
                    }
                ],
            }
        ],
    }
    client, _ = in_trouble(httpx.Response(200, json=PATIENT | removed))
    assert client.trace("9990000018").person.died_on is None


def test_details_of_one_person_find_them(service):
    born = datetime.date(1938, 3, 12)
    found = service.search(family_name="ashdown", date_of_birth=born, postcode="zz99 3wz")
    assert found.person.nhs_number == "9990000018"
    assert service.search(family_name="Ashdown", date_of_birth=born, postcode="ZZ1 1ZZ").outcome == Outcome.NOT_FOUND


def test_details_of_several_people_name_nobody():
    people = [
        {"nhs_number": number, "family_name": "Twin", "birth_date": "1950-01-01"}
        for number in ("9990000018", "9990000026")
    ]
    client = PersonalDemographicsService(BASE, transport=httpx.WSGITransport(app=Simulator(people)))
    trace = client.search(family_name="Twin", date_of_birth=datetime.date(1950, 1, 1))
    assert (trace.outcome, trace.person) == (Outcome.TOO_MANY, None)


def test_asking_again_keeps_the_request_id():
    client, script = in_trouble(httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, json=PATIENT))
    assert client.trace("9990000018", ods_code="A81001", correlation="abc").outcome == Outcome.FOUND
    first, second = (request.headers for request in script.asked)
    assert first["X-Request-ID"] == second["X-Request-ID"]
    assert (first["NHSD-End-User-Organisation-ODS"], first["X-Correlation-ID"]) == ("A81001", "abc")


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.ConnectTimeout("slow"), httpx.ReadTimeout("slow")),
        (httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(429)),
        (httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(503)),
        (httpx.Response(401),),
        (httpx.Response(400, json={"issue": [{"details": {"coding": [{"code": "UNSUPPORTED_SERVICE"}]}}]}),),
        (httpx.Response(200, text="<html>"),),
        (httpx.Response(200, json=["not", "a", "resource"]),),
        (httpx.Response(200, json={"resourceType": "Patient"}),),
        (httpx.Response(404, text="gateway"),),
    ],
)
def test_a_service_in_trouble_is_said_to_be_down_without_naming_anybody(answers, caplog):
    client, _ = in_trouble(*answers)
    with caplog.at_level(logging.DEBUG), pytest.raises(DemographicsDown) as raised:
        client.trace("9990000018")
    assert "999000" not in caplog.text + str(raised.value)
    assert raised.value.__cause__ is None


def test_no_log_line_quotes_a_number(service, caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("httpx").setLevel(logging.WARNING)
        service.trace("9990000018")
    assert "9990000018" not in caplog.text


def test_without_an_address_the_service_is_down():
    with pytest.raises(DemographicsDown):
        PersonalDemographicsService("").trace("9990000018")


def test_a_traced_person_is_not_printed_by_accident(service):
    trace = service.trace("9990000018")
    assert "Ashdown" not in repr(trace) + str(trace.person)
