import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.registry import ITEM_TYPES, answer_type
from tests.unit.careplan_forms.schema.documents import coded, form, item, option, shown_if
from tests.unit.careplan_forms.schema.test_document import json_values

ANSWERABLE = [key for key in ITEM_TYPES if answer_type(key)]


def codes(problems):
    return [(problem.uid, problem.code) for problem in problems]


def test_a_draft_may_be_empty_and_approval_names_what_is_missing():
    asked = form(item("a", required="publish"), item("b", "date", required="publish"), item("c"))
    assert asked.validate({}) == []
    problems = asked.validate({}, stage="publish")
    assert codes(problems) == [("a", "missing"), ("b", "missing")]
    assert [problem.field_name for problem in problems] == ["q-a", "q-b__day"]


def test_blank_answers_are_missing_and_zero_and_false_are_not():
    asked = form(
        item("a", required="publish"), item("n", "number", required="publish"), item("b", "yes_no", required="publish")
    )
    assert codes(asked.validate({"a": "", "n": {"value": "0", "unit": ""}, "b": False}, stage="publish")) == [
        ("a", "missing")
    ]


def test_a_hidden_question_is_neither_required_nor_judged():
    asked = form(item("a", "yes_no"), item("b", "number", required="publish", show_if=shown_if("a", True)))
    assert asked.validate({"a": False, "b": "nonsense"}, stage="publish") == []
    assert codes(asked.validate({"a": True}, stage="publish")) == [("b", "missing")]


def test_approval_wants_the_reason_behind_a_required_question_left_open():
    asked = form(item("a", required="publish", absent=["not-discussed"]), item("b", absent=["not-discussed"]))
    open_ended = {"absent": "not-discussed", "reason": ""}
    problems = asked.validate({"a": open_ended, "b": open_ended}, stage="publish")
    assert [(problem.uid, problem.message) for problem in problems] == [
        ("a", "Give the reason for “Not discussed” in “A”")
    ]
    assert problems[0].field_name == "q-a__reason-not-discussed"
    assert asked.validate({"a": open_ended | {"reason": "asleep"}}, stage="publish") == []
    assert asked.validate({"a": open_ended}) == []


def test_an_optional_question_inside_an_entry_may_be_left_open_without_a_reason():
    asked = form(item("r", "repeat", items=[item("a", absent=["not-known"])]))
    assert asked.validate({"r": [{"id": "1", "a": {"absent": "not-known", "reason": ""}}]}, stage="publish") == []


def test_only_the_section_asked_for_is_judged():
    sections = [{"key": key, "title": key, "items": [item(key, required="publish")]} for key in ("s", "t")]
    both = compile_form({"title": "F", "sections": sections})
    assert codes(both.validate({}, section="t", stage="publish")) == [("t", "missing")]
    assert codes(both.validate({}, stage="publish")) == [("s", "missing"), ("t", "missing")]


@pytest.mark.parametrize(
    ("asked", "answer", "code"),
    [
        (item("a"), 5, "shape"),
        (item("a"), "x" * 256, "too_long"),
        (item("a", max_length=3), "four", "too_long"),
        (item("a"), "bell\x07", "control"),
        (item("a", "yes_no"), 1, "shape"),
        (item("a", "yes_no"), "yes", "shape"),
        (item("a", "choice", options=[option("x")]), coded("y"), "choice.unknown"),
        (item("a", "choice", options=[option("x")]), coded("x") | {"system": "urn:other"}, "choice.unknown"),
        (item("a", "choice", options=[option("x")]), coded("x", "free"), "shape"),
        (item("a", "choice", options=[option("x")], other=True), coded("x", "f" * 256), "too_long"),
        (item("a", "choices", options=[option("x")]), [coded("x"), coded("x")], "shape"),
        (item("a", "choices", options=[option("x")]), coded("x"), "shape"),
        (item("a", "date"), "2026-02-30", "date.real"),
        (item("a", "date"), "2026-02", "date.whole"),
        (item("a", "number"), {"value": 5, "unit": ""}, "shape"),
        (item("a", "number"), {"value": "5e3", "unit": ""}, "shape"),
        (item("a", "number", unit="mg"), {"value": "5", "unit": "g"}, "number.unit"),
        (item("a", "organisation"), {"code": "", "name": ""}, "shape"),
        (item("a", "nhs_number"), "943 476 5919", "nhs_number.real"),
        (item("a", absent=["not-known"]), {"absent": "not-asked", "reason": ""}, "shape"),
        (item("a"), {"absent": "not-known", "reason": ""}, "shape"),
        (item("a", absent=["not-known"]), {"absent": "not-known", "reason": "r" * 256}, "too_long"),
        (item("a", "repeat", items=[item("b")]), {"id": "1"}, "shape"),
        (item("a", "repeat", items=[item("b")]), [{"b": "x"}], "shape"),
        (item("a", "repeat", items=[item("b")]), [{"id": "1", "b": "x"}, {"id": "1", "b": "y"}], "shape"),
        (item("a", "repeat", items=[item("b")]), [{"id": '"><script>', "b": "x"}], "shape"),
        (
            item("a", "repeat", items=[item("b")], max_items=1),
            [{"id": "1", "b": "x"}, {"id": "2", "b": "y"}],
            "repeat.max",
        ),
    ],
)
def test_stored_answers_of_the_wrong_shape_are_found_whatever_their_source(asked, answer, code):
    assert codes(form(asked).validate({"a": answer})) == [("a", code)]


def test_faults_inside_entries_name_the_entry():
    asked = form(
        item("people", "repeat", min_items=2, items=[item("phone", "telephone", required="publish"), item("n")])
    )
    answers = {"people": [{"id": "k", "phone": "x"}, {"id": "empty"}, {"id": "m", "n": "Bo"}]}
    drafted = asked.validate(answers)
    assert [(problem.uid, problem.path, problem.field_name) for problem in drafted] == [
        ("phone", ("k",), "q-people__k__phone")
    ]
    published = asked.validate(answers, stage="publish")
    assert [(problem.uid, problem.path) for problem in published] == [("phone", ("k",)), ("phone", ("m",))]
    too_few = asked.validate({"people": [{"id": "k", "phone": "999"}]}, stage="publish")
    assert [problem.message for problem in too_few] == ["Add at least 2 to “People”"]


def test_a_required_repeat_may_be_absent_with_a_reason():
    asked = form(item("people", "repeat", required="publish", absent=["not-known"], items=[item("n")]))
    assert codes(asked.validate({}, stage="publish")) == [("people", "missing.repeat")]
    assert codes(asked.validate({"people": {"absent": "not-known", "reason": ""}}, stage="publish")) == [
        ("people", "absent.reason")
    ]
    assert asked.validate({"people": {"absent": "not-known", "reason": "no kin"}}, stage="publish") == []


@given(st.dictionaries(st.sampled_from([*ANSWERABLE, "repeat"]), json_values))
def test_no_stored_value_can_crash_anything_that_reads_answers(answers):
    asked = form(
        *(item(key, key, options=[option("a")], absent=["not-known"], required="publish") for key in ANSWERABLE),
        item("repeat", "repeat", items=[item("inner", "date")], absent=["not-known"]),
        item("last", show_if={"any": [shown_if("inner", "2026", "<"), shown_if("choices", "a")]}),
    )
    problems = asked.validate(answers, stage="publish")
    assert "<" in asked.render_section("s", answers, problems)
    assert len(asked.rows(answers)) >= len(ANSWERABLE)
    asked.complete(answers), asked.suppressed(answers), asked.slots(answers), asked.section_status("s", answers)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, "not_started"),
        ({"a": ""}, "not_started"),
        ({"b": "x"}, "in_progress"),
        ({"a": "x"}, "completed"),
        ({"a": {"absent": "not-known", "reason": "r"}}, "completed"),
        ({"a": {"absent": "not-known", "reason": ""}}, "in_progress"),
        ({"a": "x" * 300}, "problem"),
    ],
)
def test_the_status_of_a_section(answers, status):
    asked = form(item("a", required="publish", absent=["not-known"]), item("b"))
    assert asked.section_status("s", answers) == status


def test_json_schema_says_what_each_answer_looks_like():
    asked = form(
        item("t", max_length=9),
        item("c", "choice", options=[option("x")], absent=["not-known"]),
        item("g", "group", items=[item("n", "number", unit="mg")]),
        item("r", "repeat", max_items=2, items=[item("y", "yes_no")]),
    )
    properties = asked.json_schema()["properties"]
    assert list(properties) == ["t", "c", "n", "r"]
    assert properties["t"] == {"type": "string", "maxLength": 9}
    assert properties["c"]["anyOf"][0]["properties"]["code"] == {"enum": ["x"]}
    assert properties["c"]["anyOf"][1]["properties"]["absent"] == {"enum": ["not-known"]}
    assert properties["n"]["properties"]["unit"] == {"const": "mg"}
    assert properties["r"]["maxItems"] == 2
    assert properties["r"]["items"]["properties"]["y"] == {"type": "boolean"}
