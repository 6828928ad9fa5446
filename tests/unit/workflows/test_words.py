"""Who has to decide, in words."""

import pytest

from tests.factories.workflows import DOCTOR, NURSE, spec
from workflows.engine.loading import load_spec
from workflows.models import FlowDefinition
from workflows.permissions import quorum_words
from workflows.presenters.flows import conditions, step_rows

ELSEWHERE = {"role": "doctor", "scope": "sharing_org"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "a doctor at Riverside"),
        ({"quorum": {"people": 2}}, "2 doctors at Riverside"),
        (
            {"quorum": {"people": 2, "organisations": True}, "actors": [ELSEWHERE]},
            "2 doctors of different organisations",
        ),
        (
            {"quorum": {"people": 3, "organisations": True}, "actors": [DOCTOR, ELSEWHERE]},
            "3 different people of different organisations, each a doctor at Riverside or a doctor at an "
            "organisation of the care team",
        ),
        (
            {"quorum": {"each": True}, "actors": [DOCTOR, NURSE]},
            "a doctor at Riverside and a clinician at Riverside",
        ),
        ({"actors": [{"role": "doctor", "scope": "named_user"}]}, "whoever has the task, as a doctor"),
    ],
)
def test_who_has_to_decide_is_said_in_words(fields, words):
    step = load_spec(spec(**fields)).out_of("waiting")[0]
    assert quorum_words(step, "Riverside") == words


def test_the_table_of_a_flow_says_what_deciding_takes():
    fields = {"quorum": {"people": 2}, "checklist": ["I read it"], "significant": ["cpr"], "bulk": True}
    row = step_rows(load_spec(spec(guards=[], **fields)))[1]
    assert row.who == "2 doctors at the organisation that owns it"
    assert row.conditions == (
        "Ticked: I read it",
        "Only a change of these counts: cpr",
        "May be decided for several at once",
    )


@pytest.mark.parametrize(
    ("kind", "applies_when", "words"),
    [
        (
            "plan_submission",
            {"cpr_changed": True, "first": False},
            "When the CPR decision changes: yes; it is the first version: no (priority 5)",
        ),
        ("agreement", {"ending": True}, "When it ends soon: yes (priority 5)"),
        ("agreement", {"moon": "full"}, "When moon: full (priority 5)"),
        ("nothing", {"moon": "full"}, "When moon: full (priority 5)"),
    ],
)
def test_when_a_flow_applies_is_said_in_the_words_of_its_kind(kind, applies_when, words):
    assert conditions(FlowDefinition(subject_kind=kind, applies_when=applies_when, priority=5)) == words
