"""Flows that let people and systems know: written with the decision, never without it."""

import pytest

from governance.enums import Action
from governance.models import Notification, Webhook
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows import catalogue
from workflows.effects import RECIPIENTS
from workflows.engine.loading import load_spec
from workflows.presenters.flows import step_rows


def flow(*effects):
    return flows.spec(effects=[{"name": "send_letter"}, *effects])


def notify(to):
    return {"name": "notify", "params": {"to": to}}


@pytest.fixture
def decided(letter, nurse, doctor):
    def decided(*effects):
        flows.live_flow(flow(*effects))
        case = flows.open_case(letter, nurse)
        return case, flows.fire(case, "approve", doctor)

    return decided


@pytest.mark.parametrize("to", ["submitter", "authors", "clinician"])
def test_who_sent_it_in_is_told_what_became_of_it(decided, nurse, to):
    case, _ = decided(notify(to))
    told = Notification.objects.get(channel="in_app")
    assert told.user_id == nurse.user_id
    assert (told.text, told.topic, told.about_ref) == ("Letter: Approve", "flow.notice", str(case.public_id))
    assert told.organisation_id == case.owner_id


def test_whoever_decided_is_not_told_of_it(decided, doctor, other_doctor):
    decided(notify("doctor"))
    assert list(Notification.objects.filter(channel="in_app").values_list("user_id", flat=True)) == [
        other_doctor.user_id
    ]


def test_somebody_meant_twice_is_told_once(decided, nurse):
    decided(notify("submitter"), notify("clinician"))
    assert Notification.objects.filter(channel="in_app", user_id=nurse.user_id).count() == 1


def test_a_role_nobody_holds_tells_nobody_and_stops_nothing(decided):
    case, _ = decided(notify("caldicott_guardian"))
    assert case.outcome == "approved" and not Notification.objects.exists()


def test_the_systems_of_the_owning_organisation_are_told(decided, practice, nurse):
    for place in (practice, people.organisation()):
        Webhook.objects.create(organisation=place, url="https://a.example/", secret=b"", created_by_id=nurse.user_id)
    case, _ = decided({"name": "webhook"})
    call = Notification.objects.get(channel="webhook")
    assert call.webhook.organisation_id == practice.pk
    assert (call.topic, call.about_ref, call.text) == ("flow.approve", str(case.public_id), "")


def test_a_decision_that_fails_tells_nobody(letter, letters, nurse, doctor, practice):
    Webhook.objects.create(organisation=practice, url="https://a.example/", secret=b"", created_by_id=nurse.user_id)
    document = flows.spec(effects=[notify("submitter"), {"name": "webhook"}, {"name": "send_letter"}])
    flows.live_flow(document)
    case = flows.open_case(letter, nurse)
    letters.effects_fail = True
    with pytest.raises(RuntimeError):
        flows.fire(case, "approve", doctor)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("to", ["patient", "everybody", ""])
def test_a_recipient_no_flow_can_have_is_found(letters, to):
    assert "unknown_value" in {finding.code for finding in catalogue.lint(load_spec(flow(notify(to))))}


def test_recipients_a_flow_can_have_are_sound_and_read_as_words(letters):
    for to in RECIPIENTS:
        assert catalogue.lint(load_spec(flow(notify(to)))) == []
    row = step_rows(load_spec(flow(notify("submitter"), {"name": "webhook"})))[1]
    assert row.consequences[1:] == ("Tell people (to: submitter)", "Tell the organisation's systems")
    assert Action.NOTICE_READ in catalogue.current().actions
