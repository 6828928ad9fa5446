import pytest

from tests.unit.careplan_forms.schema.documents import coded, form, item, option, shown_if


@pytest.fixture
def cascade():
    return form(
        item("a", "yes_no"),
        item("b", "yes_no", show_if=shown_if("a", True)),
        item("c", "text", show_if=shown_if("b", True)),
        item(
            "g",
            "group",
            show_if=shown_if("c", True, "exists"),
            items=[item("d"), item("inner", "group", items=[item("e")])],
        ),
    )


def test_a_question_is_shown_while_its_condition_holds(cascade):
    assert cascade.visible({}) == {"a"}
    assert cascade.visible({"a": True}) == {"a", "b"}


def test_a_hidden_source_counts_as_unanswered_all_the_way_down(cascade):
    answers = {"a": False, "b": True, "c": "x", "d": "y", "e": "z"}
    assert cascade.visible(answers) == {"a"}
    assert cascade.visible(answers | {"a": True}) == {"a", "b", "c", "g", "d", "inner", "e"}


def test_a_hidden_group_hides_everything_inside(cascade):
    assert "e" not in cascade.visible({"a": True, "b": True})


def test_the_order_of_the_document_does_not_matter():
    forward = form(
        item("later", show_if=shown_if("source", True)), item("source", "yes_no", show_if=shown_if("x", "1")), item("x")
    )
    assert forward.visible({"source": True}) == {"x"}
    assert forward.visible({"source": True, "x": "1"}) == {"x", "source", "later"}


def test_questions_that_depend_on_each_other_in_a_circle_are_all_shown():
    looped = form(
        item("a", show_if=shown_if("b", "1")),
        item("b", show_if=shown_if("a", "1")),
        item("c", show_if=shown_if("c", "1")),
    )
    assert looped.visible({}) == {"a", "b", "c"}


def test_a_malformed_condition_hides_nothing():
    assert form(item("a", show_if={"item": "b", "op": "~"})).visible({}) == {"a"}


def test_hidden_answers_are_suppressed_and_restored_but_never_complete(cascade):
    answers = {"a": False, "b": True, "c": "kept"}
    assert cascade.complete(answers) == {"a": False}
    assert cascade.suppressed(answers) == {"b": True, "c": "kept"}
    restored = cascade.suppressed(answers) | {"a": True}
    assert cascade.complete(restored) == {"a": True, "b": True, "c": "kept"}


def test_blank_and_unknown_answers_are_not_complete(cascade):
    assert cascade.complete({"a": None, "c": "", "other": "x", "d": []}) == {}


@pytest.fixture
def people():
    return form(
        item("all", "yes_no"),
        item(
            "people",
            "repeat",
            items=[
                item("role", "choice", options=[option("carer"), option("nurse")]),
                item("night", "yes_no", show_if=shown_if("role", "carer")),
                item("phone", show_if=shown_if("night", True)),
                item("desk", show_if=shown_if("all", True)),
            ],
        ),
        item("rota", show_if=shown_if("night", True)),
    )


def test_each_entry_of_a_repeat_decides_for_itself(people):
    answers = {
        "people": [
            {"id": "1", "role": coded("carer"), "night": True, "phone": "1"},
            {"id": "2", "role": coded("nurse"), "night": True, "phone": "2", "desk": "x"},
        ]
    }
    assert people.complete(answers)["people"] == [
        {"id": "1", "role": coded("carer"), "night": True, "phone": "1"},
        {"id": "2", "role": coded("nurse")},
    ]
    assert people.suppressed(answers)["people"] == [{"id": "2", "night": True, "phone": "2", "desk": "x"}]


def test_a_question_outside_sees_only_the_shown_answers_of_entries(people):
    hidden_yes = {"people": [{"id": "1", "role": coded("nurse"), "night": True}]}
    assert "rota" not in people.visible(hidden_yes)
    shown_yes = {"people": [*hidden_yes["people"], {"id": "2", "role": coded("carer"), "night": True}]}
    assert "rota" in people.visible(shown_yes)


def test_entries_see_questions_of_the_whole_form(people):
    answers = {"all": True, "people": [{"id": "1", "desk": "x"}]}
    assert people.complete(answers)["people"] == [{"id": "1", "desk": "x"}]


def test_malformed_entries_hide_nothing_else(people):
    assert people.visible({"people": "nonsense", "all": True}) >= {"people", "all"}
    assert people.complete({"people": [7, {"id": "1", "desk": "x"}], "all": True})["people"] == [
        {"id": "1", "desk": "x"}
    ]
