"""Trying a flow by scenarios: on a page and by command."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import workflows as flows
from tests.factories.governance import client_of
from tests.integration.workflows.test_views import soup_of, words
from workflows.models import FlowCase
from workflows.services.seeds import FOLDER, SCENARIOS

pytestmark = pytest.mark.django_db
ADDRESS = "/tasks/flows/letter/1/try/"


def stories(**approval):
    """One story in which a doctor approves what a nurse sent."""
    step = {"who": "Dr Reid", "does": "approve", "at": "2027-03-01T09:00"} | (approval or {"leads_to": "approved"})
    people = [
        {"name": "Nurse Bell", "role": "clinician", "organisation": "Riverside", "wrote": True},
        {"name": "Dr Reid", "role": "doctor", "organisation": "Riverside"},
    ]
    steps = [{"who": "Nurse Bell", "does": "submit", "leads_to": "waiting"}, step]
    scenario = {"name": "Sent and read", "owner": "Riverside", "people": people, "steps": steps}
    return json.dumps({"scenario_version": 1, "flow": "letter", "scenarios": [scenario]})


@pytest.fixture
def flow(letters):
    return flows.live_flow()


def test_a_lead_reads_what_follows_at_each_step(flow, clinical_lead):
    client = client_of(clinical_lead)
    page = words(soup_of(client.post(ADDRESS, {"text": stories()})))
    assert "1 of 1 scenario came out as told" in page
    assert "2. Dr Reid: Approve 1 March 2027, 09:00 it is at “Approved” it is at “Approved” Yes" in page
    page = words(soup_of(client.post(ADDRESS, {"text": stories(refused="author")})))
    assert "0 of 1 scenario came out as told" in page
    assert "refused: they wrote it, or part of it it is at “Approved” No" in page
    assert not FlowCase.objects.exists()


def test_facts_that_take_another_flow_are_said(letters, clinical_lead):
    flows.live_flow(applies_when={"origin": "doctor"})
    page = words(soup_of(client_of(clinical_lead).post(ADDRESS, {"text": stories()})))
    assert "These facts would not take this flow, which applies when origin is doctor" in page
    assert "0 of 1 scenario" in page


def test_a_file_is_read_too_and_what_is_wrong_is_said(flow, clinical_lead):
    client = client_of(clinical_lead)
    file = SimpleUploadedFile("stories.json", stories().encode())
    assert "came out as told" in words(soup_of(client.post(ADDRESS, {"file": file})))
    for data, said in (
        ({}, "Write scenarios into the box, or choose a file"),
        ({"text": "{"}, "This is not JSON: line 1"),
        ({"file": SimpleUploadedFile("x.json", b"[]")}, "this must be an object"),
        ({"text": stories(leads_to="approved", refused="author")}, "say what must follow"),
    ):
        assert said in words(soup_of(client.post(ADDRESS, data)))


def test_delivered_scenarios_stand_in_the_box(letters, clinical_lead):
    flows.live_flow(key="plan-doctor-written")
    address = reverse("workflows:scenarios", args=["plan-doctor-written", 1])
    box = soup_of(client_of(clinical_lead).get(address)).select_one("textarea")
    assert box.text.strip() == (SCENARIOS / "plan-doctor-written.json").read_text().strip()


def test_the_command_tries_a_live_flow_or_a_file(flow, tmp_path, capsys):
    file = tmp_path / "stories.json"
    file.write_text(stories())
    call_command("try_flow", "letter", str(file))
    assert "as told  Sent and read" in capsys.readouterr().out
    file.write_text(stories(refused="author"))
    with pytest.raises(SystemExit) as ended:
        call_command("try_flow", "letter", str(file))
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "2. Dr Reid: Approve: expected refused: they wrote it, or part of it; it is at “Approved”" in out
    key = "plan-nurse-or-patient"
    call_command("try_flow", str(FOLDER / f"{key}.json"), str(SCENARIOS / f"{key}.json"))
    assert "7 of 7 scenarios came out as told." in capsys.readouterr().out


@pytest.mark.parametrize(("flow_named", "said"), [("letter", "no file"), ("/nowhere", "There is no flow")])
def test_what_cannot_be_tried_ends_with_two_and_a_sentence(flow, flow_named, said):
    with pytest.raises(CommandError, match=said) as ended:
        call_command("try_flow", flow_named, "/nowhere.json")
    assert ended.value.returncode == 2
