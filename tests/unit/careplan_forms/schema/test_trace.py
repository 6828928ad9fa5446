"""Why a question is shown or hidden, said in words."""

import datetime

from careplan_forms.schema.drawing_trace import explaining
from careplan_forms.schema.trace import why
from tests.unit.careplan_forms.schema.documents import coded, form, item, option, shown_if

DAY = datetime.date(2027, 3, 1)


def said(compiled, answers, uid):
    return why(compiled, answers, uid).sentence


def a_form(*more):
    return form(
        item("dnacpr", "yes_no", label="Has a DNACPR form"), item("where", show_if=shown_if("dnacpr", True)), *more
    )


def test_a_question_without_a_condition_is_always_shown():
    assert said(a_form(), {}, "dnacpr") == "Always shown."


def test_a_condition_that_holds_is_the_reason():
    assert said(a_form(), {"dnacpr": True}, "where") == "Shown because “Has a DNACPR form” is yes."


def test_a_condition_that_fails_says_what_there_is_instead():
    assert said(a_form(), {"dnacpr": False}, "where") == "Hidden because “Has a DNACPR form” is “No”."
    assert said(a_form(), {}, "where") == "Hidden because “Has a DNACPR form” is not answered."


def test_a_hidden_source_is_the_reason_and_not_its_kept_answer():
    compiled = a_form(item("last", show_if=shown_if("where", "drawer")))
    assert said(compiled, {"dnacpr": False, "where": "drawer"}, "last") == "Hidden because “Where” is hidden."


def test_of_several_conditions_those_that_decided_are_named():
    rule = {"any": [shown_if("one", True), {"all": [shown_if("two", True), shown_if("three", True)]}]}
    compiled = form(*(item(uid, "yes_no") for uid in ("one", "two", "three")), item("last", show_if=rule))
    assert said(compiled, {"two": True, "three": True}, "last") == "Shown because “Two” is yes and “Three” is yes."
    hidden = why(compiled, {"two": True, "three": False}, "last")
    assert hidden.sentence == "Hidden because “One” is not answered and “Three” is “No”."
    part = hidden.parts[0]
    assert (part.holds, [each.holds for each in part.parts], part.parts[1].parts[0].holds) == (
        False,
        [False, False],
        True,
    )


def test_a_negation_is_explained_by_what_is_inside():
    compiled = form(item("one", "yes_no"), item("last", show_if={"not": shown_if("one", True)}))
    assert said(compiled, {"one": False}, "last") == "Shown because “One” is “No”."
    assert said(compiled, {"one": True}, "last") == "Hidden because “One” is yes."


def test_a_choice_from_a_list_is_named_by_its_answer():
    choice = item("where", "choice", options=[option("home"), option("hospice")])
    compiled = form(choice, item("last", show_if=shown_if("where", ["home", "hospice"], "in")))
    assert said(compiled, {"where": coded("hospice")}, "last") == "Shown because “Where” is “HOSPICE”."


def test_what_stands_in_a_hidden_group_is_hidden_with_it():
    group = item("group", "group", items=[item("inner")], show_if=shown_if("one", True))
    compiled = form(item("one", "yes_no"), group)
    assert said(compiled, {}, "inner") == "Hidden with “Group”. Hidden because “One” is not answered."
    assert said(compiled, {"one": True}, "inner") == "Shown with “Group”. Shown because “One” is yes."


def test_inside_a_repeat_each_entry_has_its_own_reason():
    repeat = item("call", "repeat", items=[item("day", "yes_no"), item("hours", show_if=shown_if("day", True))])
    compiled, entries = form(repeat), [{"id": "1", "day": False}, {"id": "2", "day": True}]
    answers = {"call": entries}
    at = why(compiled, answers, "hours", (("call", entries[0]),))
    assert (at.shown, at.sentence) == (False, "Hidden because “Day” is “No”.")
    assert why(compiled, answers, "hours").shown


def test_need_calculation_warning_and_recommendation_are_said():
    rule = shown_if("one", True)
    warning = {"uid": "w", "rule": rule, "text": "Ask again"}
    total = item("total", "calculated", calculation={"add": [{"item": "a"}, {"value": 2}]})
    compiled = form(
        item("one", "yes_no"),
        item("a", "number"),
        total,
        item("why", required_if=rule, warnings=[warning]),
        item("maybe", recommended=True),
        item("must", required="publish"),
    )
    answers = compiled.calculated({"one": True, "a": {"value": "3", "unit": ""}}, DAY)
    assert why(compiled, answers, "why").further == (
        "Approval needs an answer, because “One” is yes.",
        "Warns “Ask again”, because “One” is yes.",
    )
    assert why(compiled, {}, "why").further == ("Approval does not need an answer, because “One” is not answered.",)
    assert "It comes to 5." in why(compiled, answers, "total").further[0]
    assert "nothing yet" in why(compiled, {}, "total").further[0]
    assert why(compiled, {}, "must").further == ("Approval always needs an answer.",)
    assert "recommended" in why(compiled, {}, "maybe").further[0]


def test_a_circle_and_an_unknown_question_are_said_as_such():
    compiled = form(item("a", show_if=shown_if("b", "x")), item("b", show_if=shown_if("a", "x")))
    assert "asks in a circle" in said(compiled, {}, "a")
    assert said(compiled, {}, "nothing") == "This form has no such question."
    dangling = form(item("a", show_if=shown_if("gone", "x")))
    assert said(dangling, {}, "a") == "Hidden because a question that is not in this form (gone) has no answer."


def test_a_secret_answer_is_not_written_into_a_reason():
    compiled = form(item("code", slot="access.code"), item("note", show_if=shown_if("code", "1234", "!=")))
    assert "9999" not in said(compiled, {"code": "9999"}, "note") and "9999" not in said(
        compiled, {"code": "1234"}, "note"
    )


def test_an_explaining_form_says_why_beside_each_question_and_the_plain_one_never():
    hostile = "<script>alert(1)</script>"
    compiled = a_form(item("x", label=hostile, show_if=shown_if("dnacpr", True)))
    html = str(explaining(compiled).render_section("s", {"dnacpr": True}))
    assert html.count("Why is this shown?") == 3 and "Shown because “Has a DNACPR form” is yes." in html
    assert hostile not in html
    assert "Why is this" not in str(compiled.render_section("s", {"dnacpr": True}))
