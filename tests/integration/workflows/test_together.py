"""Deciding on several cases at once: each by itself, on what was shown, where its flow allows it."""

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import Refused
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.services import bulk


@pytest.fixture
def flow(letters, practice):
    document = flows.spec()
    document["transitions"][2]["bulk"] = True
    return flows.live_flow(document)


@pytest.fixture
def three(flow, letters, practice, nurse):
    return [flows.open_case(letters.write(practice, nurse, text=f"Dear {n}"), nurse) for n in range(3)]


def chosen(letters, cases):
    return [bulk.Chosen(case, letters.load(case.subject_id).content_sha256, case.state) for case in cases]


def decide(by, many, step="return", reason="Not now"):
    return bulk.decide_many(by=by, chosen=many, transition=step, reason=reason, now=clock.now())


def states(cases):
    for case in cases:
        case.refresh_from_db()
    return [case.state for case in cases]


def test_all_are_decided_and_each_has_its_own_decision(three, letters, doctor):
    outcomes = decide(doctor, chosen(letters, three))
    assert [outcome.decision.completed for outcome in outcomes] == [True] * 3
    assert states(three) == ["returned"] * 3


def test_one_that_changed_keeps_no_other_from_it(three, letters, doctor, other_doctor):
    many = chosen(letters, three)
    letters.rewrite(letters.load(three[0].subject_id), "Dear nobody")
    flows.fire(three[1], "approve", other_doctor)
    outcomes = decide(doctor, many)
    assert [bool(outcome.problem) for outcome in outcomes] == [True, True, False]
    assert states(three) == ["waiting", "approved", "returned"]


def test_a_subject_that_is_gone_is_said_and_the_rest_goes_on(three, letters, doctor):
    many = chosen(letters, three)
    del letters.letters[three[2].subject_id]
    assert decide(doctor, many)[2].problem == "This is not there any more"
    assert states(three)[:2] == ["returned"] * 2


def test_a_step_its_flow_does_not_let_be_taken_at_once_is_taken_for_none(three, letters, doctor):
    outcomes = decide(doctor, chosen(letters, three), step="approve")
    assert {outcome.problem for outcome in outcomes} == {"This step is taken one by one. Open it to decide"}
    assert letters.sent == []


def test_what_has_its_own_page_is_decided_there(three, letters, doctor, monkeypatch):
    monkeypatch.setattr(letters, "own_page", True, raising=False)
    assert {outcome.problem for outcome in decide(doctor, chosen(letters, three))} == {
        "This is decided on its own page"
    }


def test_a_missing_reason_and_a_missing_right_are_said_for_each(three, letters, doctor, nurse):
    assert {outcome.problem for outcome in decide(doctor, chosen(letters, three), reason="")} == {"Enter the reason"}
    assert all("Only a doctor" in outcome.problem for outcome in decide(nurse, chosen(letters, three)))


def test_too_many_are_refused_as_a_whole(three, letters, doctor):
    with pytest.raises(Refused):
        decide(doctor, chosen(letters, three) * 34)
    assert states(three) == ["waiting"] * 3


def send(client, cases, group, values, **more):
    tasks = [case.tasks.order_by("pk").first().public_id for case in cases]
    sent = {"task": tasks, "group": group, "step": "return", f"{group}-case": values} | more
    return client.post(reverse("workflows:together"), sent).content.decode()


def test_the_page_shows_what_can_be_decided_together_and_says_what_became_of_each(three, letters, doctor, other_doctor):
    client = people.client_of(doctor)
    group = f"{three[0].version_id}-return"
    tasks = [case.tasks.get().public_id for case in three]
    page = client.get(reverse("workflows:together"), {"task": [*tasks, "no id"]}).content.decode()
    assert page.count(f'name="{group}-case"') == 3 and "Approve" not in page
    values = [f"{case.public_id} waiting {letters.load(case.subject_id).content_sha256}" for case in three]
    asked = send(client, three, group, values[:2])
    assert "Enter the reason" in asked and "<title>Error: " in asked and asked.count(" checked") == 2
    nothing = send(client, three, group, [], **{f"{group}-reason": "Not now"})
    assert "Choose at least one task" in nothing and "Not now" in nothing
    flows.fire(three[0], "approve", other_doctor)
    done = send(client, three, group, values[:2], **{f"{group}-reason": "Not now"})
    assert "1 of 2 decided" in done
    assert all(letters.load(case.subject_id).label in done for case in three[:2]) and ".." not in done
    assert states(three) == ["approved", "returned", "waiting"]


def test_who_chose_nothing_is_told_to_choose(three, doctor):
    page = people.client_of(doctor).get(reverse("workflows:together")).content.decode()
    assert "You have not chosen a task" in page


def test_tasks_of_others_are_not_shown(three, nurse):
    tasks = [case.tasks.get().public_id for case in three]
    page = people.client_of(nurse).get(reverse("workflows:together"), {"task": tasks}).content.decode()
    assert "None of the chosen tasks" in page
