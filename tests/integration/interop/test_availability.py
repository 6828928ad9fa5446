"""The availability look-up as a connected system makes it, over its real credentials."""

import base64
import json

import pytest
from django.urls import reverse

from governance.models import AuditEvent
from tests.factories import governance as make
from tests.factories import interop, summaries
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@shared
def plan(practice):
    return summaries.summary(practice, area_code="08D")


def token(client, system, secret=interop.SECRET, scope="availability"):
    basic = base64.b64encode(f"{system.client_id}:{secret}".encode()).decode()
    return client.post(
        reverse("interop:token"),
        {"grant_type": "client_credentials", "scope": scope},
        headers={"authorization": f"Basic {basic}"},
    )


def ask(client, system, number="943 476 5919", **body):
    bearer = token(client, system).json()["access_token"]
    return client.post(
        "/api/v1/availability",
        json.dumps({"nhs_number": number, **body}),
        content_type="application/json",
        headers={"authorization": f"Bearer {bearer}"},
    )


def test_a_system_learns_that_a_plan_can_be_read_and_where(client, ambulance_service, plan):
    answer = ask(client, interop.system(ambulance_service)).json()
    assert answer["available"] is True
    assert answer["link"].endswith(f"/urgent/{plan.plan_public_id}/")


def test_unknown_hidden_and_elsewhere_are_the_same_bytes(client, ambulance_service, plan):
    system = interop.system(ambulance_service, areas=["08D"])
    unknown = ask(client, system, "9434765870")
    type(plan).objects.update(readable=False)
    hidden = ask(client, system)
    type(plan).objects.update(readable=True, area_code="99H")
    elsewhere = ask(client, system)
    assert unknown.content == hidden.content == elsewhere.content == b'{"available": false, "link": null}'
    assert heads(unknown) == heads(hidden) == heads(elsewhere)


def heads(response):
    """Every header but the one that names the single call."""
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


def test_every_look_is_recorded_without_the_number(client, ambulance_service, plan):
    ask(client, interop.system(ambulance_service))
    event = AuditEvent.objects.get(action="availability.read")
    assert event.target_ref == str(plan.plan_public_id)
    assert "9434765919" not in str(event.__dict__)


def test_a_wrong_secret_gets_no_token(client, ambulance_service):
    assert token(client, interop.system(ambulance_service), secret="guess").status_code == 401


def test_a_scope_that_does_not_exist_is_refused(client, ambulance_service):
    assert token(client, interop.system(ambulance_service), scope="everything").status_code == 400


def test_no_token_no_answer(client, db):
    response = client.post("/api/v1/availability", "{}", content_type="application/json")
    assert response.status_code == 401
    assert "available" not in response.json()


@pytest.mark.parametrize("agreement", ["lapsed", "unsigned", "none"])
def test_a_system_of_an_organisation_without_an_agreement_is_told_why(client, agreement, plan):
    system = interop.system(make.organisation(care_setting="ambulance", agreement=agreement))
    response = ask(client, system)
    assert response.status_code == 403
    assert "agreement" in response.json()["message"]


def test_a_connection_that_ended_has_ended(client, ambulance_service, plan):
    assert ask(client, interop.system(ambulance_service, valid_days=-1)).status_code == 403


@pytest.mark.parametrize(
    ("number", "said"), [("9434765918", "Check the NHS number"), ("12", "10 digits"), ("", "Enter the NHS number")]
)
def test_a_wrong_number_is_answered_with_a_sentence(client, ambulance_service, number, said):
    response = ask(client, interop.system(ambulance_service), number)
    assert response.status_code == 422
    assert said in response.json()["message"]


def test_a_body_that_is_no_json_or_has_more_than_asked_is_refused_with_a_sentence(client, ambulance_service):
    system = interop.system(ambulance_service)
    bearer = token(client, system).json()["access_token"]
    broken = client.post(
        "/api/v1/availability", "{", content_type="application/json", headers={"authorization": f"Bearer {bearer}"}
    )
    assert broken.status_code == 400
    assert broken.json()["message"] == "Send a JSON object"
    assert ask(client, system, extra="field").status_code == 422


def test_the_openapi_description_is_served_and_names_the_look_up(client, db):
    description = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/availability" in description["paths"]


def test_every_answer_of_the_look_up_is_in_the_description(client, ambulance_service, plan):
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/availability"]["post"]["responses"]
    system = interop.system(ambulance_service)
    bearer = {"authorization": f"Bearer {token(client, system).json()['access_token']}"}
    sent = {"path": "/api/v1/availability", "content_type": "application/json"}
    answers = [
        ask(client, system),
        ask(client, system, "12"),
        ask(client, interop.system(ambulance_service, valid_days=-1)),
        client.post(**sent, data="{}"),
        client.post(**sent, data="{", headers=bearer),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 403, 401, 400]
    for answer in answers:
        schema = described[str(answer.status_code)]["content"]["application/json"]["schema"]["$ref"]
        wanted = {"available", "link"} if answer.status_code == 200 else {"code", "message"}
        assert (schema.rpartition("/")[2], set(answer.json())) == (
            "AvailabilityAnswer" if answer.status_code == 200 else "Problem",
            wanted,
        )
