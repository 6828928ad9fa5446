"""What is wrong with the times of a flow is found."""

import pytest

from tests.factories.workflows import DOCTOR, spec
from workflows.engine.lint_time import lint_time
from workflows.engine.loading import load_spec


def pausing(**fields):
    """The letters' flow with a pause: the doctor asks, and goes on when the answer is there."""
    document = spec()
    pause = {"key": "asking", "label": "Asking", "kind": "wait", "pauses": True, "waits_for": [DOCTOR]}
    document["states"].append(pause | {"reminder_hours": 168} | fields)
    for key, source, target in (("ask", "waiting", "asking"), ("answered", "asking", "waiting")):
        document["transitions"].append({"key": key, "label": key, "from": source, "to": target, "actors": [DOCTOR]})
    return document


def codes(document):
    return {finding.code for finding in lint_time(load_spec(document))}


def test_a_pause_with_a_way_back_and_a_reminder_is_sound():
    assert codes(pausing()) == set()
    assert codes(pausing(counts="working_days")) == set()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (pausing(reminder_hours=None), "endless_pause"),
        (pausing(waits_for=[]), "reminder_to_nobody"),
        (pausing(reminder_hours=None, counts="working_days"), "counts_nothing"),
        (pausing(kind="final", outcome="over"), "pause_misplaced"),
    ],
)
def test_times_that_make_no_sense_are_found(document, code):
    assert code in codes(document)


def test_a_pause_nothing_comes_back_from_stops_nothing():
    document = pausing()
    document["transitions"][-1]["to"] = "approved"
    assert codes(document) == {"pause_of_nothing"}


def test_a_pause_after_a_state_without_time_stops_nothing():
    document = pausing()
    for word in ("due_hours", "reminder_hours", "escalate_to"):
        del document["states"][1][word]
    assert codes(document) == {"pause_of_nothing"}


def test_a_pause_may_lead_through_a_second_pause():
    document = pausing()
    document["states"].append(
        {
            "key": "chasing",
            "label": "Chasing",
            "kind": "wait",
            "pauses": True,
            "waits_for": [DOCTOR],
            "reminder_hours": 9,
        }
    )
    document["transitions"][-1]["to"] = "chasing"
    back = {"key": "back", "label": "Back", "from": "chasing", "to": "waiting", "actors": [DOCTOR]}
    document["transitions"].append(back)
    assert codes(document) == set()


@pytest.mark.parametrize(
    "time", [{"due_hours": 5, "escalate_to": "doctor"}, {"reminder_hours": 5}, {"escalate_to": "doctor"}]
)
def test_nothing_is_due_in_a_final_state(time):
    document = spec()
    document["states"][2].update(time)
    assert codes(document) == {"time_after_the_end"}
