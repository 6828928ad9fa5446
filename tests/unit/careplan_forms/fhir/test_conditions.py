import pytest

from careplan_forms.schema.compiler import compile_form
from tests.unit.careplan_forms.fhir.making import item, line, options, question, read


def when(asked: str, operator: str = "=", **answer: object) -> dict[str, object]:
    return {"question": asked, "operator": operator, **answer}


def shown(result, answers: dict[str, object], link_id: str) -> bool:
    uids = {link: item(result, link)["uid"] for link in [*answers, link_id]}
    return uids[link_id] in compile_form(result.document).visible({uids[key]: each for key, each in answers.items()})


def test_a_yes_or_no_condition_runs():
    result = read(question("a", "boolean"), question("b", enableWhen=[when("a", answerBoolean=True)]))

    assert shown(result, {"a": True}, "b")
    assert not shown(result, {"a": False}, "b")
    assert line(result, "b").outcome == "kept"


def test_a_coded_condition_compares_code_and_system():
    result = read(
        question("a", "choice", answerOption=options("x", "y")),
        question("b", enableWhen=[when("a", answerCoding={"code": "x"})]),
    )

    assert item(result, "b")["show_if"] == {
        "item": item(result, "a")["uid"],
        "op": "=",
        "value": {"code": "x", "system": "https://example.org/codes"},
    }


@pytest.mark.parametrize(
    ("behaviour", "one_true", "both_true"), [("all", False, True), ("any", True, True), (None, True, True)]
)
def test_several_conditions_join_as_the_form_says(behaviour, one_true, both_true):
    more = {"enableBehavior": behaviour} if behaviour else {}
    result = read(
        question("a", "boolean"),
        question("b", "integer"),
        question("c", enableWhen=[when("a", answerBoolean=True), when("b", ">=", answerInteger=5)], **more),
    )

    assert shown(result, {"a": True, "b": {"value": "4", "unit": ""}}, "c") is one_true
    assert shown(result, {"a": True, "b": {"value": "5", "unit": ""}}, "c") is both_true
    assert any("all or any" in reason for reason in line(result, "c").reasons) is (behaviour is None)


def test_not_equal_is_true_while_nothing_was_answered():
    result = read(question("a", "boolean"), question("b", enableWhen=[when("a", "!=", answerBoolean=True)]))

    assert shown(result, {}, "b")
    assert not shown(result, {"a": True}, "b")


def test_exists_runs_both_ways():
    result = read(
        question("a"),
        question("b", enableWhen=[when("a", "exists", answerBoolean=True)]),
        question("c", enableWhen=[when("a", "exists", answerBoolean=False)]),
    )

    assert shown(result, {"a": "x"}, "b") and not shown(result, {}, "b")
    assert shown(result, {}, "c") and not shown(result, {"a": "x"}, "c")


@pytest.mark.parametrize(
    "condition",
    [
        when("nowhere", answerBoolean=True),
        when("group", "exists", answerBoolean=True),
        when("a", "~", answerBoolean=True),
        when("a", answerString="maybe"),
        when("a", ">", answerBoolean=True),
        when("c", answerCoding={"code": "gone"}),
        when("a"),
        when("a", "exists"),
        "a",
        {"question": 7},
    ],
)
def test_a_condition_that_cannot_run_is_kept_and_the_item_always_shown(condition):
    result = read(
        question("a", "boolean"),
        question("c", "choice", answerOption=options("x")),
        question("group", "group", item=[question("inside")]),
        question("b", enableWhen=[condition]),
    )

    assert "show_if" not in item(result, "b")
    assert item(result, "b")["residue"]["enableWhen"] == [condition]
    assert line(result, "b").outcome == "kept but not executed"


def test_one_condition_that_cannot_run_spoils_the_whole_rule():
    conditions = [when("a", answerBoolean=True), when("nowhere", answerBoolean=True)]
    result = read(question("a", "boolean"), question("b", enableWhen=conditions, enableBehavior="all"))

    assert "show_if" not in item(result, "b")
    assert item(result, "b")["residue"]["enableBehavior"] == "all"


def test_a_formula_is_never_run_and_is_named():
    formula = {
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
        "valueExpression": {"language": "text/fhirpath", "expression": "%patient.active"},
    }
    result = read(question("a", extension=[formula]))

    assert item(result, "a")["residue"]["extension"] == [formula]
    assert "show_if" not in item(result, "a")
    assert line(result, "a").outcome == "kept but not executed"


def test_items_caught_in_a_loop_are_shown_and_named_and_their_neighbours_keep_their_rules():
    result = read(
        question("a", "boolean", enableWhen=[when("b", answerBoolean=True)]),
        question("b", "boolean", enableWhen=[when("a", answerBoolean=True)]),
        question("self", "boolean", enableWhen=[when("self", answerBoolean=True)]),
        question("after", enableWhen=[when("b", answerBoolean=True)]),
        question(
            "group", "group", enableWhen=[when("inside", answerBoolean=True)], item=[question("inside", "boolean")]
        ),
    )

    for link_id in ("a", "b", "self", "group"):
        assert "show_if" not in item(result, link_id), link_id
        assert any("leads back to itself" in reason for reason in line(result, link_id).reasons)
    assert "show_if" in item(result, "after")


def test_what_stands_under_a_hidden_question_is_hidden_with_it():
    result = read(
        question("a", "boolean"),
        question("b", enableWhen=[when("a", answerBoolean=True)], item=[question("c")]),
    )

    assert not shown(result, {"a": False}, "c")
    assert shown(result, {"a": True}, "c")


def test_a_condition_on_a_duplicate_link_id_means_the_first():
    result = read(
        question("a", "boolean"), question("a", "string"), question("b", enableWhen=[when("a", answerBoolean=True)])
    )

    assert shown(result, {"a": True}, "b")
    assert not shown(result, {"a": False}, "b")
