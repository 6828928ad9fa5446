"""The words of the emergency view, state by state: what is not known is said, and late paper changes no decision."""

import datetime
from types import SimpleNamespace

import pytest

from careplan_forms.presenters import emergency_words as words
from careplan_forms.presenters.emergency import present
from tests.factories.summaries import REFERENCE_FACTS

TODAY = datetime.date(2026, 11, 22)
NOW = datetime.datetime(2026, 11, 22, 3, 0, tzinfo=datetime.UTC)


def row(facts=None, **fields):
    base = {
        "plan_public_id": "0198",
        "facts": REFERENCE_FACTS if facts is None else facts,
        "stop_marks": [],
        "withdrawn_at": None,
        "died_on": None,
        "date_of_birth": datetime.date(1938, 3, 12),
        "nhs_number": "9434765919",
        "identity": {"family_name": "Black", "given_names": "Margaret", "title": "Mrs", "sex": "female"},
        "has_access_code": False,
        "version_number": 3,
        "newer_draft": False,
        "approved_at": datetime.datetime(2026, 10, 1, 9, 0, tzinfo=datetime.UTC),
        "approver_label": "Dr A, Practice",
        "written_and_approved_by_one": False,
        "review_on": datetime.date(2027, 1, 1),
    }
    return SimpleNamespace(**(base | fields))


def view(facts=None, **fields):
    return present(row(facts, **fields), now=NOW, today=TODAY)


def slot(shown, key):
    return next(each for each in shown.slots if each.key == key)


def test_the_name_is_written_so_that_nobody_swaps_family_and_given_name():
    assert view().identity.name == "BLACK, Margaret (Mrs)"
    assert view().identity.nhs_number == "943 476 5919"
    assert view().identity.age == 88


def test_the_slots_stand_in_the_order_the_product_fixes():
    keys = [each.key for each in view().slots]
    assert keys == ["adrt", "place", "allergies", "medicines", "contacts", "access", "conditions"]


@pytest.mark.parametrize(
    ("decisions", "state", "said", "note"),
    [
        (["do_not_attempt"], "do_not_attempt", "Do not attempt CPR", "Give all other treatment as below."),
        (["attempt"], "attempt", "Attempt CPR", ""),
        (["modified"], "modified", "Modified CPR", ""),
        ([], "not_recorded", "CPR decision not recorded", "Presume in favour of attempting CPR."),
        (
            ["not_recorded"],
            "not_recorded",
            "CPR decision not recorded",
            "Presume in favour of attempting CPR.",
        ),
        (
            [{"absent": "not-discussed"}],
            "not_recorded",
            "CPR decision not recorded",
            "Presume in favour of attempting CPR.",
        ),
        (["nonsense"], "not_recorded", "CPR decision not recorded", "Presume in favour of attempting CPR."),
    ],
)
def test_cpr_is_a_whole_phrase_for_every_state(decisions, state, said, note):
    cpr = view({"cpr.decision": decisions}).cpr
    assert (cpr.state, cpr.words, cpr.note) == (state, said, note)


def test_two_decisions_are_a_conflict_that_names_both_and_decides_nothing():
    cpr = view({"cpr.decision": ["attempt", "do_not_attempt"]}).cpr
    assert cpr.state == "conflict"
    assert "Attempt CPR" in cpr.words and "Do not attempt CPR" in cpr.words


def test_an_attempt_beside_a_recorded_refusal_is_a_conflict():
    cpr = view({"cpr.decision": ["attempt"], "adrt.refuses_cpr": [True]}).cpr
    assert cpr.words == words.REFUSAL_CONFLICT


def test_a_passed_review_date_is_said_beside_the_unchanged_decision():
    cpr = view({"cpr.decision": ["do_not_attempt"], "cpr.review_on": ["2026-03-01"]}).cpr
    assert cpr.words == "Do not attempt CPR"
    assert cpr.review == "Review was due 01-Mar-2026"


def test_the_plan_review_moves_up_when_it_is_overdue_and_stays_below_when_not():
    overdue = view(review_on=datetime.date(2026, 11, 21))
    assert overdue.alerts == ("Review overdue since 21-Nov-2026",)
    assert not any("Review" in line for line in overdue.status)
    assert view(review_on=TODAY).alerts == ()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"allergies.state": ["known"], "allergies.list": ["Penicillin"]}, "Known allergies: Penicillin"),
        ({"allergies.state": ["known"]}, "Known allergies: Not recorded"),
        ({"allergies.state": ["none_known"]}, "No known allergies"),
        ({"allergies.state": ["unavailable"]}, "Allergies unavailable"),
        ({}, "Allergies not recorded"),
    ],
)
def test_the_four_things_known_of_allergies_are_never_confused(facts, said):
    assert slot(view(facts), "allergies").lines == (said,)


@pytest.mark.parametrize("state", list(words.ADRT))
def test_each_of_the_five_states_of_an_advance_decision_has_its_words(state):
    lines = slot(view({"adrt.state": [state]}), "adrt").lines
    assert lines[0] == words.ADRT[state]
    assert (words.ADRT_BINDING in lines) == (state in {"reported", "seen_incomplete", "seen_recorded"})


def test_an_attorney_without_a_recorded_authority_is_not_given_one():
    lines = slot(view({"attorney.state": ["present"]}), "adrt").lines
    assert "Health and welfare attorney: covers life-sustaining treatment: not known" in lines


def test_hospital_only_if_stated_below_is_never_followed_by_silence():
    assert view({"limits.hospital": ["only_if"]}).limits.only_if == (words.NOT_RECORDED,)
    assert view({"limits.hospital": ["no"]}).limits.only_if == ()
    assert view().limits.only_if == ("Hospital for a broken bone or uncontrolled pain",)


def test_nothing_recorded_is_said_in_every_slot_and_leaves_no_blank():
    shown = view({})
    assert shown.limits.focus == "Treatment limits not recorded"
    assert shown.limits.hospital == "Hospital: not recorded"
    assert slot(shown, "place").lines == ("Care: Not discussed", "Death: Not discussed")
    assert slot(shown, "medicines").lines == ("Not recorded",)
    assert slot(shown, "access").lines == ("Not recorded",)
    assert shown.contacts == ()


def test_an_answer_that_was_not_discussed_says_so():
    shown = view({"place.death_first": [{"absent": "not-discussed", "reason": "too tired"}]})
    assert slot(shown, "place").lines[1] == "Death: Not discussed"


def test_an_expired_chart_is_called_expired():
    lines = slot(view({"medicines.state": ["in_home"], "medicines.valid_until": ["2026-11-21"]}), "medicines").lines
    assert lines[1] == "Chart valid until 21-Nov-2026 (expired)"


def test_the_line_that_answers_at_any_hour_comes_first_and_at_most_three_are_shown():
    people = [{"name": str(n), "phone": f"0{n}", "available_24h": n == 3} for n in range(5)]
    assert [contact.name for contact in view({"contacts": people}).contacts] == ["3", "0", "1"]


def test_long_text_is_cut_at_a_word_and_nothing_of_it_is_lost():
    text = "Keep comfortable at home and treat only what can be put right quickly and without distress, please"
    limits = view({"limits.focus": [text]}).limits
    assert len(limits.focus) <= 60
    assert f"{limits.focus} {limits.focus_rest}" == text


def test_one_unbroken_word_does_not_break_the_cut():
    limits = view({"limits.focus": ["x" * 200]}).limits
    assert limits.focus + limits.focus_rest == "x" * 200


def test_a_stop_mark_stands_in_the_slot_it_touches_in_fixed_words():
    marks = [{"mark": "changed_mind", "slot": "cpr"}, {"mark": "being_reviewed", "slot": ""}]
    shown = view(stop_marks=marks)
    assert shown.cpr.mark == "The person has changed their mind"
    assert shown.marks == ("Being reviewed",)


def test_a_withdrawn_plan_says_when():
    assert view(withdrawn_at=NOW).withdrawn == "Plan withdrawn on 22-Nov-2026"


def test_somebody_who_died_is_shown_with_the_age_at_death():
    identity = view(died_on=datetime.date(2026, 3, 11)).identity
    assert identity.age == 87


def test_a_plan_approved_by_its_author_says_so():
    assert any(line.startswith("Written and approved by") for line in view(written_and_approved_by_one=True).status)


def test_the_first_three_slots_stay_within_forty_five_words_for_the_reference_plan():
    shown = view()
    said = [shown.identity.name, shown.identity.sex, shown.identity.nhs_number, "Born", "12-Mar-1938"]
    said += [
        shown.cpr.words,
        shown.limits.focus,
        shown.limits.hospital,
        *shown.limits.do_not,
        *shown.limits.only_if,
    ]
    assert len(" ".join(said).split()) <= 45


def test_whom_it_was_discussed_with_is_said_as_it_was_written():
    assert "discussed with: Margaret and her daughter" in view().cpr.basis
    absent = view({"cpr.decision": ["attempt"], "cpr.discussed_with": [{"absent": "not-known", "reason": "x"}]})
    assert absent.cpr.basis == "Discussed with: Not known"
