"""Whoever signs a flow or a form off ticks each of its warnings first."""

import pytest

from workflows.admin_forms import DecisionForm, FlowDecisionForm
from workflows.forms import SignForm

WARNINGS = ["Waiting: Nobody is a doctor there.", "Approve: It may wait for ever."]
SENTENCE = "Tick each warning that you have read and that may stand"


def candidate_form(ticked, decision="approve"):
    said = {"sha256": "a", "decision": decision, "comment": "Mend it", "warnings": ticked}
    return FlowDecisionForm(said, exemption="", warnings=WARNINGS)


@pytest.mark.parametrize("ticked", [[], WARNINGS[:1], [WARNINGS[0], WARNINGS[0]], [*WARNINGS[:1], "Something else"]])
def test_a_candidate_is_not_approved_while_a_warning_is_unread(ticked):
    form = candidate_form(ticked)
    assert not form.is_valid() and SENTENCE in form.errors["warnings"]


def test_it_is_approved_once_all_are_ticked_and_sent_back_with_none():
    assert candidate_form(WARNINGS).is_valid()
    assert candidate_form([], decision="reject").is_valid()


def test_without_warnings_there_is_nothing_to_tick():
    form = DecisionForm({"sha256": "a", "decision": "approve"})
    assert form.is_valid() and "warnings" not in form.fields


@pytest.mark.parametrize(("ticked", "signs"), [([], False), (WARNINGS[1:], False), (WARNINGS, True)])
def test_a_version_is_signed_once_each_warning_is_ticked(ticked, signs):
    form = SignForm({"sha256": "a", "read": "on", "warnings": ticked}, exemption="", warnings=WARNINGS)
    assert form.is_valid() is signs
    assert signs or form.errors["warnings"] == [SENTENCE]
