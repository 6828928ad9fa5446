"""Test cases of a form: what they expect is judged, and nothing else."""

import dataclasses
import datetime
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan_forms.schema.audience import view_of
from careplan_forms.schema.cases import Case, CaseError, read_cases
from careplan_forms.schema.observing import joined, observe, parts_of
from careplan_forms.schema.states import state_of
from careplan_forms.schema.testing import run_case, same
from tests.unit.careplan_forms.schema.documents import coded, form, item, option, shown_if

DAY = datetime.date(2027, 3, 1)


def case(answers=None, **expects):
    return Case("case", "A case", DAY, answers=answers or {}, expects=expects)


def outcome(compiled, answers=None, **expects):
    return run_case(compiled, case(answers, **expects))


@pytest.fixture(scope="module")
def compiled():
    yes = shown_if("one", True)
    entry = [item("name", required="publish"), item("night", "yes_no"), item("hours", show_if=shown_if("night", True))]
    return form(
        item("one", "yes_no", link_id="first"),
        item("two", show_if=yes, required_if=shown_if("score", 2, ">"), link_id="second"),
        item("score", "number", max=10),
        item("double", "calculated", calculation={"multiply": [{"item": "score"}, {"value": 2}]}),
        item("seen", "date", max="today"),
        item(
            "cpr",
            "choice",
            options=[option("do_not_attempt"), option("attempt")],
            slot="cpr.decision",
            warnings=[{"uid": "hint", "rule": shown_if("cpr", "attempt"), "text": "Look again"}],
        ),
        item("call", "repeat", items=entry),
        item("safe", slot="access.code"),
    )


def test_shown_and_hidden_are_judged_by_uid_and_by_link_id(compiled):
    assert outcome(compiled, {"first": True}, visible=["second", "two", "one"]).passed
    failed = outcome(compiled, {"one": False}, visible=["two"])
    assert not failed.passed
    assert failed.rows[0].sentence == "“Two” must be shown. Hidden because “One” is “No”."
    assert (
        outcome(compiled, {}, hidden=["second"]).passed and not outcome(compiled, {"one": True}, hidden=["two"]).passed
    )


def test_nothing_expected_passes_and_only_what_is_named_is_judged(compiled):
    assert outcome(compiled, {"score": {"value": "99", "unit": ""}}).passed
    assert outcome(compiled, {"score": {"value": "99", "unit": ""}}, hidden=["two"]).passed


def test_need_is_judged_where_the_question_is_shown(compiled):
    three = {"value": "3", "unit": ""}
    assert outcome(compiled, {"one": True, "score": three}, required=["two", "name"], optional=["one"]).passed
    assert outcome(compiled, {"one": False, "score": three}, optional=["two"]).passed
    assert not outcome(compiled, {"one": True}, required=["two"]).passed


def test_calculated_values_are_judged_by_what_they_are_worth(compiled):
    answers = {"score": {"value": "1.50", "unit": ""}}
    for right in (3, "3", "3.0", {"value": "3"}, {"value": "3.00", "unit": ""}):
        assert outcome(compiled, answers, values={"double": right}).passed, right
    wrong = outcome(compiled, answers, values={"double": 4})
    assert not wrong.passed and "must come to “4”; it comes to “3" in wrong.rows[0].sentence
    assert outcome(compiled, {}, values={"double": None}).passed
    assert not outcome(compiled, {}, values={"double": 0}).passed


def test_a_value_brought_along_for_a_calculation_is_not_believed(compiled):
    assert not outcome(compiled, {"double": {"value": "8", "unit": ""}}, values={"double": 8}).passed


def test_errors_are_judged_as_a_whole_list_on_the_day_of_the_case(compiled):
    tomorrow = {"seen": "2027-03-02"}
    assert (
        outcome(compiled, tomorrow, errors=["seen/date.max"]).passed
        and outcome(compiled, tomorrow, errors=["seen"]).passed
    )
    assert outcome(compiled, {"seen": "2027-03-01"}, errors=[]).passed
    unexpected = outcome(compiled, tomorrow, errors=[])
    assert not unexpected.passed and "“Seen”" in unexpected.rows[0].sentence
    assert not outcome(compiled, {}, errors=["seen"]).passed


def test_warnings_are_judged_as_a_whole_list(compiled):
    warned = {"cpr": coded("attempt")}
    assert outcome(compiled, warned, warnings=["cpr/hint"]).passed and not outcome(compiled, warned, warnings=[]).passed
    assert not outcome(compiled, {}, warnings=["cpr"]).passed


def test_emergency_slots_are_judged_and_the_secret_one_never_read(compiled):
    answers = {"cpr": coded("do_not_attempt"), "safe": "1234"}
    assert outcome(compiled, answers, slots={"cpr.decision": "do_not_attempt", "limits.focus": []}).passed
    assert not outcome(compiled, answers, slots={"cpr.decision": "attempt"}).passed
    secret = outcome(compiled, answers, slots={"access.code": "1234"})
    assert not secret.passed and "1234" not in str(secret.rows)


def test_readiness_is_judged(compiled):
    assert outcome(compiled, {}, complete=True).passed
    assert outcome(compiled, {"call": [{"id": "1", "night": True}]}, complete=False).passed
    assert not outcome(compiled, {"call": [{"id": "1", "night": True}]}, complete=True).passed


def test_a_question_in_a_repeat_is_shown_when_one_entry_shows_it(compiled):
    entries = [{"id": "1", "night": False}, {"id": "2", "night": True}]
    assert outcome(compiled, {"call": entries}, visible=["hours"]).passed
    assert outcome(compiled, {"call": entries[:1]}, hidden=["hours"]).passed
    assert outcome(compiled, {}, hidden=["hours"], visible=["night"]).passed


@pytest.mark.parametrize(
    "expects",
    [
        {"visible": ["gone"]}, {"hidden": ["gone"]}, {"required": ["gone"]}, {"optional": ["gone"]},
        {"values": {"gone": 1}}, {"errors": ["gone/x"]}, {"warnings": ["gone"]}, {"slots": {"gone": "x"}},
    ],
)  # fmt: skip
def test_a_name_the_form_does_not_have_fails_in_words(compiled, expects):
    result = outcome(compiled, {}, **expects)
    assert not result.passed and "gone" in result.rows[0].sentence


def test_answers_to_questions_that_are_gone_fail_in_words(compiled):
    result = outcome(compiled, {"gone": "x", "call": [{"id": "1", "left": 1}]})
    assert [row.name for row in result.failures] == ["gone", "left"]


@pytest.fixture(scope="module")
def for_doctors():
    """A form of which nurses do not see one question, which decides about another."""
    limits = {"see": ["doctor"], "edit": ["doctor"], "require": None}
    return form(
        item("worry", "yes_no", link_id="concern", required="publish", roles=limits),
        item("call", show_if=shown_if("worry", True)),
    )


def test_a_question_for_other_roles_is_hidden_and_not_needed(for_doctors):
    seen = view_of(for_doctors, "clinician")
    assert outcome(seen, {}, hidden=["worry"], optional=["concern"]).passed
    result = outcome(seen, {}, visible=["concern"], required=["worry"])
    assert [row.found for row in result.failures] == ["hidden", "optional"]
    assert not outcome(view_of(for_doctors, "doctor"), {}, hidden=["worry"]).passed
    assert ("hidden", "worry") in {(each.what, each.name) for each in observe(seen, state_of(seen, case())[0])}


def test_an_answer_of_another_role_decides_what_is_shown_and_is_not_stray(for_doctors):
    seen = view_of(for_doctors, "clinician")
    assert outcome(seen, {"concern": True}, visible=["call"]).passed
    assert outcome(seen, {"worry": False}, hidden=["call"]).passed


def test_a_link_id_two_items_share_names_neither():
    compiled = form(item("a", link_id="same"), item("b", link_id="same"))
    assert not outcome(compiled, {}, visible=["same"]).passed


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"cases": 1}, "array"), ([{"key": "a", "title": "A"}], "today"), ("x", "array"), ({}, "array"),
        ([{"key": "a", "title": "A", "today": "2027-02-30"}], "not a real date"),
        ([{"key": "A B", "title": "A", "today": "2027-02-03"}], "0/key"),
        ([{"key": "a", "title": "A", "today": "2027-02-03", "expects": {"shown": []}}], "shown"),
        ([{"key": "a", "title": "A", "today": "2027-02-03"}] * 2, "More than one case"),
        ([{"key": "a", "title": "A", "today": "2027-02-03", "audience": "crew"}], "0/audience"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_cases_is_refused_with_the_place(data, fault):
    with pytest.raises(CaseError, match=re.escape(fault)):
        read_cases(data)


def test_a_case_survives_its_file():
    written = case({"one": True}, visible=["one"])
    assert read_cases({"test_cases": [written.as_dict()]}) == [written]


def test_same_knows_numbers_codes_lists_and_nothing():
    assert (
        same("a", coded("a")) and same(2, "2.0") and same(["a"], [coded("a")]) and same("a", ["a"]) and same(None, [])
    )
    assert not same(True, 1) and not same("not-known", {"absent": "not-known"}) and not same(["a"], ["a", "b"])
    assert same({"absent": "not-known"}, {"absent": "not-known", "reason": "x"})


# What a form shows for some answers is a case that passes, and the opposite of any of it one that fails.

_TEXT = st.text("abc", min_size=1, max_size=3)
_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "one": st.booleans(),
        "two": _TEXT,
        "score": st.integers(-3, 14).map(lambda n: {"value": str(n), "unit": ""}),
        "seen": st.dates(DAY - datetime.timedelta(2), DAY + datetime.timedelta(2)).map(str),
        "cpr": st.sampled_from(["do_not_attempt", "attempt"]).map(coded),
        "call": st.lists(st.fixed_dictionaries({"night": st.booleans()}, optional={"name": _TEXT}), max_size=3).map(
            lambda rows: [{"id": str(number)} | row for number, row in enumerate(rows)]
        ),
    },
)
_OPPOSITE = {"visible": "hidden", "hidden": "visible", "required": "optional", "optional": "required"}


def flipped(part):
    """The opposite of one expectation."""
    what, name, value = part
    if what in _OPPOSITE:
        return _OPPOSITE[what], name, value
    if what == "complete":
        return what, name, not value
    if what in ("errors", "warnings"):
        return what, name, value[1:] if value else ["one"]
    return what, name, "another value"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(answers=_ANSWERS)
def test_what_is_seen_passes_and_every_flip_of_it_fails(compiled, answers):
    looked = case(answers)
    state, unknown = state_of(compiled, looked)
    expects = joined((each.what, each.name, each.value) for each in observe(compiled, state))
    assert unknown == []
    result = run_case(compiled, dataclasses.replace(looked, expects=expects))
    assert result.passed, result.failures
    parts = parts_of(expects)
    assert len(parts) >= 5 and joined(parts.values()) == expects
    for part in parts.values():
        turned = dataclasses.replace(looked, expects=joined([flipped(part)]))
        assert not run_case(compiled, turned).passed, part
