"""Where cases go on in another version: what is proposed and what is refused."""

from tests.factories.workflows import spec as letter
from workflows.engine import state_map as maps
from workflows.engine.loading import load_spec

OLD = load_spec(letter())


def renamed():
    document = letter()
    for state in document["states"]:
        state["key"] = "queue" if state["key"] == "waiting" else state["key"]
    for step in document["transitions"]:
        step["from"], step["to"] = ("queue" if end == "waiting" else end for end in (step["from"], step["to"]))
    return load_spec(document)


def test_a_case_can_stand_only_where_people_act():
    assert [state.key for state in maps.resting(OLD)] == ["waiting"]


def test_equal_states_are_proposed_and_others_are_left_to_people():
    assert maps.propose(OLD, OLD) == {"waiting": "waiting"}
    assert maps.propose(OLD, renamed()) == {"waiting": ""}


def test_a_map_says_of_every_state_where_it_leads():
    assert maps.faults({"waiting": "queue"}, OLD, renamed()) == []
    assert maps.faults({"waiting": ""}, OLD, renamed()) == []
    [missing] = maps.faults({}, OLD, renamed())
    assert "“Waiting for a doctor”" in missing
    [unknown] = maps.faults({"waiting": "queue", "gone": "queue"}, OLD, renamed())
    assert "“gone”" in unknown


def test_no_case_is_moved_to_an_end_or_to_a_state_that_opening_leaves():
    for target in ("approved", "start", "nowhere"):
        [fault] = maps.faults({"waiting": target}, OLD, renamed())
        assert f"“{target}”" in fault


def test_the_hash_covers_both_versions_and_the_map():
    one = maps.map_sha256({"waiting": "waiting"}, "a", "b")
    others = {
        maps.map_sha256({"waiting": ""}, "a", "b"),
        maps.map_sha256({"waiting": "waiting"}, "b", "b"),
        maps.map_sha256({"waiting": "waiting"}, "a", "a"),
    }
    assert one not in others and len(others) == 3
