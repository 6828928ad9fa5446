"""Where cases may go in another version: never into an end, never past a decision nobody has made."""

import copy
import time

import pytest

from tests.factories import workflows as flows
from workflows.engine.loading import load_spec
from workflows.engine.state_map import MOST_ROUTES, faults, propose, routes, targets
from workflows.services.seeds import read_seeds

OTHER = {"role": "clinical_lead", "scope": "host"}


def two_checks(**second):
    """Letters that a first doctor agrees to and another approves; `second` changes the step that leads to the other."""
    document = flows.spec()
    waiting = document["states"][1]
    document["states"].insert(2, waiting | {"key": "agreed", "label": "Waiting for a second doctor"})
    approve = document["transitions"][1]
    agree = copy.deepcopy(approve) | {"key": "agree", "label": "Agree", "to": "agreed", "effects": []} | second
    document["transitions"][1:2] = [agree, approve | {"from": "agreed"}]
    return document


def may(old, new):
    """Old state → keys of the states its cases may go to."""
    found = targets(load_spec(old), load_spec(new))
    return {key: [state.key for state in there] for key, there in found.items()}


def test_a_waiting_case_goes_past_no_approval_and_into_no_end():
    assert may(flows.spec(), two_checks()) == {"waiting": ["waiting"]}
    old, new = load_spec(flows.spec()), load_spec(two_checks())
    [fault] = faults({"waiting": "agreed"}, old, new)
    assert "cannot go to “Waiting for a second doctor”" in fault and "nobody has made" in fault
    [fault] = faults({"waiting": "approved"}, old, new)
    assert "choose a state people act in" in fault


def test_a_case_that_was_agreed_to_goes_on_where_agreeing_leads_or_back():
    assert may(two_checks(), two_checks()) == {"waiting": ["waiting"], "agreed": ["waiting", "agreed"]}
    assert may(two_checks(), flows.spec()) == {"waiting": ["waiting"], "agreed": ["waiting"]}


def test_a_state_of_another_name_is_the_same_when_the_same_decision_leads_there():
    renamed = two_checks()
    for state in renamed["states"]:
        state["key"] = "second" if state["key"] == "agreed" else state["key"]
    for step in renamed["transitions"]:
        for end in ("from", "to"):
            step[end] = "second" if step[end] == "agreed" else step[end]
    assert may(two_checks(), renamed)["agreed"] == ["waiting", "second"]
    assert propose(load_spec(two_checks()), load_spec(renamed)) == {"waiting": "waiting", "agreed": ""}


@pytest.mark.parametrize(
    "asked",
    [
        {"key": "countersign"},
        {"actors": [OTHER]},
        {"quorum": {"people": 2}},
        {"quorum": {"people": 1, "organisations": True}},
    ],
)
def test_another_decision_or_by_others_or_by_more_is_not_the_one_that_was_made(asked):
    assert may(two_checks(), two_checks(**asked))["agreed"] == ["waiting"]


@pytest.mark.parametrize("asked", [{"actors": [flows.DOCTOR, OTHER]}, {"label": "Say yes"}, {"reason": "required"}])
def test_a_decision_more_people_may_make_or_in_other_words_is(asked):
    assert may(two_checks(), two_checks(**asked))["agreed"] == ["waiting", "agreed"]


def test_one_decision_does_not_count_twice():
    thrice = two_checks()
    thrice["states"].insert(3, thrice["states"][2] | {"key": "third", "label": "Waiting for a third doctor"})
    again = copy.deepcopy(next(step for step in thrice["transitions"] if step["key"] == "agree"))
    approve = next(step for step in thrice["transitions"] if step["key"] == "approve")
    approve["from"] = "third"
    thrice["transitions"].append(again | {"from": "agreed", "to": "third"})
    assert may(two_checks(), thrice)["agreed"] == ["waiting", "agreed"]


def test_a_decision_that_was_undone_since_does_not_count():
    back = two_checks()
    back["transitions"].append(
        {"key": "back", "label": "Back", "from": "agreed", "to": "waiting", "actors": [flows.DOCTOR]}
    )
    assert may(back, back)["waiting"] == ["waiting"]


def test_nobody_returns_or_sends_by_moving_either():
    document = flows.spec()
    document["states"].insert(2, document["states"][1] | {"key": "with_author", "waits_for": [flows.NURSE]})
    document["transitions"].append(
        {"key": "ask", "label": "Ask", "from": "waiting", "to": "with_author", "actors": [flows.DOCTOR]}
    )
    document["transitions"].append(
        {"key": "answer", "label": "Answer", "from": "with_author", "to": "waiting", "actors": [flows.NURSE]}
    )
    assert may(document, document) == {"waiting": ["waiting"], "with_author": ["waiting", "with_author"]}


@pytest.mark.parametrize("seed", read_seeds(), ids=lambda seed: seed["key"])
def test_every_delivered_flow_goes_on_as_it_is_in_a_version_that_differs_in_words(seed):
    old = load_spec(seed["spec"])
    assert all(source == target for source, target in propose(old, old).items())


def test_a_flow_with_more_ways_than_can_be_counted_is_answered_at_once_and_lets_nothing_past():
    document = flows.spec()
    waiting = document["states"][1]
    steps = []
    for number in range(24):
        here = "waiting" if not number else f"s{number}"
        document["states"].append(waiting | {"key": f"s{number + 1}"})
        for way in "ab":
            steps.append({"key": f"{way}{number}", "label": "On", "from": here, "to": f"s{number + 1}"})
    document["transitions"] += [step | {"actors": [flows.DOCTOR]} for step in steps]
    document["transitions"][1]["from"] = "s24"
    began = time.monotonic()
    assert MOST_ROUTES < 2**24 and routes(load_spec(document)) == {}
    assert set(map(tuple, may(document, document).values())) == {()}
    assert time.monotonic() - began < 5
