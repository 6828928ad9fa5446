import pytest

from careplan_forms.schema.emergency import MANDATORY_SLOTS, SLOT_FIELDS
from tests.unit.careplan_forms.schema.documents import coded, form, item, option, shown_if


@pytest.fixture
def plan():
    return form(
        item(
            "cpr",
            "choice",
            options=[option("450475007"), option("450476008")],
            absent=["not-discussed"],
            slot="cpr.decision",
            slot_values={"450475007": "attempt", "450476008": "do_not_attempt"},
        ),
        item(
            "with", "choices", options=[option("p"), option("f")], absent=["not-discussed"], slot="cpr.discussed_with"
        ),
        item("on", "date", precision=["D", "M"], slot="cpr.decided_on"),
        item("confirmed", "yes_no", slot="person.confirmed"),
        item("jic", "yes_no", slot="medicines.state", slot_values={"yes": "in_home", "no": "not_in_home"}),
        item("place", "choice", options=[option("home")], other=True, slot="place.care_first"),
        item("where", show_if=shown_if("jic", True), slot="medicines.where"),
        item("code", slot="access.code"),
        item(
            "people",
            "repeat",
            slot="contacts",
            absent=["not-known"],
            items=[
                item("name", slot="contacts.name"),
                item("role", "choice", options=[option("son")], slot="contacts.relationship"),
                item("night", "yes_no", slot="contacts.available_24h"),
                item("note"),
            ],
        ),
    )


def test_coded_answers_fill_slots_with_the_tokens_they_are_mapped_to(plan):
    assert plan.slots({"cpr": coded("450476008")}) == {"cpr.decision": ["do_not_attempt"]}
    assert plan.slots({"jic": False}) == {"medicines.state": ["not_in_home"]}


def test_an_absent_answer_says_so_in_a_token_slot_and_keeps_its_reason_elsewhere(plan):
    absent = {"absent": "not-discussed", "reason": "asleep"}
    assert plan.slots({"cpr": absent, "with": absent}) == {
        "cpr.decision": ["not_recorded"],
        "cpr.discussed_with": [absent],
    }


def test_unmapped_codes_never_pass_as_tokens():
    asked = form(item("a", "choice", options=[option("x")], slot="cpr.decision"))
    assert asked.slots({"a": coded("x")}) == {"cpr.decision": ["not_recorded"]}


def test_texts_dates_flags_and_lists(plan):
    answers = {"with": [coded("f"), coded("p")], "on": "2026-03", "confirmed": True, "place": coded("home", "with Ann")}
    assert plan.slots(answers) == {
        "cpr.discussed_with": ["F", "P"],
        "cpr.decided_on": ["2026-03"],
        "person.confirmed": [True],
        "place.care_first": ["HOME: with Ann"],
    }


def test_contacts_become_entries_under_short_names(plan):
    entries = [{"id": "1", "name": "Ann", "role": coded("son"), "night": True, "note": "x"}, {"id": "2", "name": "Bo"}]
    assert plan.slots({"people": entries}) == {
        "contacts": [{"name": "Ann", "relationship": "SON", "available_24h": True}, {"name": "Bo"}]
    }
    unknown = {"absent": "not-known", "reason": "r"}
    assert plan.slots({"people": unknown}) == {"contacts": [unknown]}


def test_hidden_answers_fill_no_slot(plan):
    assert plan.slots({"jic": False, "where": "fridge"}) == {"medicines.state": ["not_in_home"]}
    assert plan.slots({"jic": True, "where": "fridge"})["medicines.where"] == ["fridge"]


def test_the_secret_code_is_nowhere_but_where_it_is_asked_for(plan):
    answers = {"code": "4711"}
    assert plan.slots(answers) == {}
    assert plan.secret_slots(answers) == {"access.code": ["4711"]}
    assert plan.secret_uids == {"code"}
    assert "4711" not in str(plan.rows(answers)) + plan.display("code", "4711")


def test_a_secret_inside_a_repeat_stays_out_of_its_text():
    asked = form(item("doors", "repeat", items=[item("door"), item("key", slot="access.code")]))
    answers = {"doors": [{"id": "1", "door": "front", "key": "4711"}]}
    assert "4711" not in str(asked.rows(answers)) + str(asked.slots(answers))
    assert asked.secret_slots(answers) == {"access.code": ["4711"]}


def test_rows_say_what_is_not_recorded(plan):
    answers = {
        "cpr": coded("450475007"),
        "with": {"absent": "not-discussed", "reason": "asleep"},
        "people": [{"id": "1", "name": "Ann"}, {"id": "2", "name": "Bo", "night": False}],
    }
    rows = {row.uid: row for row in plan.rows(answers)}
    assert rows["cpr"] == ("cpr", "Cpr", "450475007", "answered")
    assert rows["with"][2:] == ("Not discussed: asleep", "absent")
    assert rows["on"][2:] == ("Not recorded", "not_recorded")
    assert rows["people"].text == "Name: Ann\nName: Bo, Night: No"
    assert "where" not in rows
    assert plan.rows(answers, "s") == plan.rows(answers)


@pytest.mark.parametrize(
    ("asked", "answer", "text"),
    [
        (item("a", "yes_no"), False, "No"),
        (item("a", "number", unit="mg"), {"value": "3.50", "unit": "mg"}, "3.50 mg"),
        (item("a", "nhs_number"), "9434765919", "943 476 5919"),
        (item("a", "organisation"), {"code": "A81001", "name": "The Surgery"}, "The Surgery (A81001)"),
        (item("a", "organisation"), {"code": "", "name": "The Surgery"}, "The Surgery"),
        (item("a", "choices", options=[option("x")]), [coded("x"), {"code": "", "text": "tea"}], "X; tea"),
        (item("a", "choice", options=[option("x")]), {"code": "x", "system": "urn:test"}, "X"),
        (item("a", "date"), "2026-11-05", "05-Nov-2026"),
        (item("a"), None, ""),
        (item("a"), {"absent": "declined", "reason": ""}, "The person did not want to say"),
    ],
)
def test_answers_read_as_text(asked, answer, text):
    assert form(asked).display("a", answer) == text


def test_the_nine_facts_name_slots_that_exist():
    assert len(MANDATORY_SLOTS) == 9
    assert {field for fields in MANDATORY_SLOTS.values() for field in fields} <= set(SLOT_FIELDS)


def test_token_slots_can_say_that_nothing_was_said():
    for field in SLOT_FIELDS.values():
        if field.kind == "token":
            assert field.unsaid in field.tokens
        assert 1 <= field.slot <= 11
