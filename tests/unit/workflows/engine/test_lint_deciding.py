"""What is unsound about how many decide, what they tick and what they decide in one go."""

import pytest

from tests.factories.workflows import DOCTOR, NURSE, guards, spec
from tests.unit.workflows.engine.test_lint import codes

HOLDER = {"role": "doctor", "scope": "named_user"}
SENDER = {"role": "any", "scope": "submitter"}
PERSON = {"role": "any", "scope": "patient_or_proxy"}
ELSEWHERE = {"role": "doctor", "scope": "sharing_org"}
TWO = {"people": 2}
TWO_PLACES = {"people": 2, "organisations": True}


def approve(**fields):
    """A letter passed as told; everybody who has a part is asked."""
    document = spec(**fields)
    asked = [rule for rule in fields.get("actors", [DOCTOR]) if rule["scope"] == "owner_org"]
    document["states"][1]["waits_for"] = asked or [DOCTOR]
    return document


def sent(**fields):
    document = spec()
    document["transitions"][0].update(fields)
    return document


def returned(**fields):
    document = spec()
    document["transitions"][2].update(fields)
    return document


@pytest.mark.parametrize(
    "document",
    [
        approve(quorum=TWO),
        approve(quorum=TWO_PLACES, actors=[DOCTOR, ELSEWHERE]),
        approve(quorum=TWO, actors=[DOCTOR, SENDER]),
        approve(quorum={"each": True}, actors=[DOCTOR, NURSE]),
        approve(quorum={"each": True}, actors=[DOCTOR, PERSON]),
        approve(quorum=TWO, significant=["cpr"]),
        approve(checklist=["I have read it"], significant=["cpr"]),
        approve(actors=[HOLDER]),
        returned(bulk=True),
    ],
)
def test_sound_ways_of_deciding_have_no_findings(document):
    assert codes(document) == set()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (sent(quorum=TWO), "quorum_on_opening"),
        (approve(quorum=TWO, to="waiting"), "quorum_in_place"),
        (approve(quorum={"each": True, "people": 2}, actors=[DOCTOR, NURSE]), "quorum_mixed"),
        (approve(quorum={"each": True, "organisations": True}, actors=[DOCTOR, NURSE]), "quorum_mixed"),
        (approve(quorum={"people": 1}), "quorum_of_one"),
        (approve(quorum={"each": True}), "quorum_of_one"),
        (approve(quorum={"each": True}, actors=[DOCTOR, DOCTOR]), "part_twice"),
        (approve(quorum=TWO, actors=[SENDER]), "quorum_out_of_reach"),
        (approve(quorum=TWO, actors=[PERSON]), "quorum_out_of_reach"),
        (approve(quorum={"people": 3}, actors=[SENDER, PERSON]), "quorum_out_of_reach"),
        (approve(quorum=TWO_PLACES), "quorum_out_of_reach"),
        (approve(quorum=TWO_PLACES, actors=[DOCTOR, NURSE]), "quorum_out_of_reach"),
        (approve(quorum=TWO_PLACES, actors=[DOCTOR, PERSON]), "quorum_out_of_reach"),
        (approve(quorum=TWO_PLACES, actors=[DOCTOR, SENDER]), "quorum_out_of_reach"),
        (approve(quorum=TWO_PLACES, actors=[HOLDER]), "quorum_out_of_reach"),
        (spec(quorum={"each": True}, actors=[DOCTOR, NURSE]), "part_not_asked"),
        (sent(checklist=["Read"]), "checklist_on_opening"),
        (sent(bulk=True), "bulk_on_opening"),
        (returned(bulk=True, checklist=["Read"]), "bulk_with_checklist"),
        (approve(bulk=True), "bulk_publishes"),
        (returned(significant=["cpr"]), "significant_unused"),
        (returned(guards=guards("nothing_significant_changed")), "significant_missing"),
        (sent(actors=[HOLDER]), "nobody_named"),
        (returned(actors=[HOLDER | {"role": "clinician"}]), "nobody_named"),
    ],
)
def test_each_unsound_way_of_deciding_is_found(document, code):
    assert code in codes(document)
