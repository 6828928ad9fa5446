"""Scenario files: what is read, what is refused with its place, and that the schema says the same shape."""

import json

import jsonschema_rs
import pytest

from workflows.engine.reading import SpecError
from workflows.engine.scenario_schema import scenario_schema
from workflows.engine.scenarios import load_scenarios
from workflows.services.seeds import SCENARIOS

STEP = {"who": "Dr Reid", "does": "approve", "leads_to": "approved"}
SCHEMA = jsonschema_rs.validator_for(scenario_schema())


def story(**changes):
    scenario = {
        "name": "One",
        "owner": "Riverside",
        "people": [{"name": "Dr Reid", "role": "doctor", "organisation": "Riverside"}],
        "steps": [STEP],
    } | changes
    return {"scenario_version": 1, "flow": "letter", "scenarios": [scenario]}


def load(document):
    return load_scenarios(json.dumps(document).encode())


def test_a_story_is_read_with_what_it_leaves_unsaid():
    [scenario] = load(story()).scenarios
    assert (scenario.exemption_signed, scenario.fails, scenario.steps[0].leaves_unticked) == (True, {}, False)
    assert SCHEMA.is_valid(story())


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (story() | {"scenario_version": 2}, "only version 1"),
        (story() | {"scenarios": []}, "at least one"),
        (story(extra=1), "'extra' is not a word"),
        (story(owner=""), "owner: this is missing"),
        (story(steps=[STEP | {"refused": "author"}]), "say what must follow"),
        (story(steps=[{"who": "Dr Reid", "does": "approve"}]), "say what must follow"),
        (story(steps=[{"happens": "rain"}]), "must be one of changed"),
        (story(fails={"consent_recorded": 3}), "must be the code"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_by_the_schema_too(document, said):
    with pytest.raises(SpecError, match=said):
        load(document)
    assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (story(steps=[STEP | {"who": "Nobody"}]), "'Nobody' is nobody among the people"),
        (story(people=[{"name": "Dr Reid", "role": "doctor"}] * 2), "no two people"),
        (story(steps=[STEP | {"at": "2027-01-02T09:00"}, STEP | {"at": "2027-01-01T09:00"}]), "before the one above"),
        (story(steps=[STEP | {"at": "tomorrow"}]), "must be a moment"),
    ],
)
def test_what_no_shape_can_say_is_refused_too(document, said):
    with pytest.raises(SpecError, match=said):
        load(document)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 200_000])
def test_bytes_that_are_no_file_are_refused(content):
    with pytest.raises(SpecError, match="This is not"):
        load_scenarios(content)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.json")), ids=lambda path: path.stem)
def test_delivered_scenarios_fit_the_schema_and_name_their_flow(path):
    assert list(SCHEMA.iter_errors(json.loads(path.read_text(encoding="utf-8")))) == []
    assert load_scenarios(path.read_bytes()).flow == path.stem
