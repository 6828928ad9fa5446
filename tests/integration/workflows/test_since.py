"""What changed since somebody last decided on it, and when a small change needs no whole decision."""

import pytest
from django.urls import reverse

from core.exceptions import NotAllowed
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.selectors.decided import since_last


@pytest.fixture
def returned(waiting, letters, letter, nurse, doctor):
    """A letter the doctor returned, sent in again in other words."""
    flows.fire(waiting, "return", doctor, reason="The date")
    return letters.rewrite(letter, "Dear all, on Monday")


def test_an_approver_is_told_what_changed_since_they_last_decided(returned, letter, nurse, doctor):
    since = since_last(doctor, returned)
    assert since.changes == (("Text", letter.content_sha256[:4], returned.content_sha256[:4]),)
    case = flows.open_case(returned, nurse)
    address = reverse("workflows:decide", args=[case.public_id, "approve"])
    page = people.client_of(doctor).get(address, {"shown": returned.content_sha256, "state": "waiting"})
    assert "What changed since you decided on it" in page.content.decode()


def test_who_never_decided_or_only_sent_it_in_is_told_nothing(returned, nurse, other_doctor):
    assert since_last(nurse, returned) is None
    assert since_last(other_doctor, returned) is None


def test_what_reads_the_same_is_no_change(waiting, letter, doctor):
    flows.fire(waiting, "return", doctor, reason="The date")
    assert since_last(doctor, letter) is None


@pytest.fixture
def quick(letters, letter, nurse, doctor, practice):
    """A letter that was agreed once, on a flow that lets a nurse pass what changed in nothing significant."""
    document = flows.spec()
    step = document["transitions"][1] | {
        "key": "pass",
        "label": "Pass",
        "actors": [flows.NURSE],
        "significant": ["cpr"],
        "effects": [],
        "guards": flows.guards("nothing_significant_changed"),
    }
    document["transitions"].append(step)
    document["states"][1]["waits_for"].append(flows.NURSE)
    flows.live_flow(document)
    return lambda: flows.open_case(letters.load(letter.id), nurse)


@pytest.mark.parametrize(("changed", "passes"), [({"phone"}, True), ({"cpr"}, False), (None, False)])
def test_only_a_significant_change_needs_another_approval(quick, letters, letter, nurse, doctor, changed, passes):
    flows.fire(quick(), "approve", doctor)
    letters.rewrite(letter, "Dear all, ring 2", changed=changed)
    case = quick()
    if passes:
        assert flows.fire(case, "pass", nurse).completed
        return
    with pytest.raises(NotAllowed) as refused:
        flows.fire(case, "pass", nurse)
    assert refused.value.decision.codes == ["significant-change"]


def test_what_was_never_agreed_has_no_small_changes(quick, nurse, doctor):
    flows.fire(quick(), "return", doctor, reason="The date")
    with pytest.raises(NotAllowed):
        flows.fire(quick(), "pass", nurse)
