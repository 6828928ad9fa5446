"""Blank forms: something to write on for every type of question, and only what its reader may see."""

import pytest

from careplan_forms.schema.audience import view_of
from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.paper import sheets_of
from careplan_forms.schema.registry import ITEM_TYPES, AnswerType
from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if

OPTIONS = [option("tea"), option("milk", status="retired"), option("water")]


def entries(*items, reader=None, language="en", **more):
    audience = "patient" if reader else "clinician"
    form = view_of(compile_form(document(*items, **more), language=language, audience=audience), reader)
    return [entry for sheet in sheets_of(form, for_staff=reader is None) for entry in sheet.entries]


def one(*items, **more):
    return entries(*items, **more)[0]


def kinds(entry):
    return [mark.kind for mark in entry.marks]


@pytest.mark.parametrize("key", [key for key, kind in ITEM_TYPES.items() if isinstance(kind, AnswerType)])
def test_every_type_of_question_can_be_answered_with_a_pen_or_says_why_not(key):
    entry = one(item("q", key, options=OPTIONS, calculation={"sum": []}))
    assert entry.kind == "question"
    assert entry.number == "1.1"
    assert entry.marks


def test_options_have_boxes_without_those_no_longer_offered():
    entry = one(item("q", "choices", options=OPTIONS, other=True))
    said, boxes, other = entry.marks
    assert said.text == "Cross all that apply"
    assert boxes.options == ("TEA", "WATER")
    assert other.label == "Something else, or more detail"


def test_long_options_stand_below_one_another_and_a_last_row_is_filled_up():
    wide = one(item("q", "choice", options=[option("a", display="x" * 60), option("b")]))
    assert wide.marks[1].columns == 1
    assert one(item("q", "choice", options=[option(each) for each in "abcd"])).marks[1].rows == [
        ["A", "B", "C"],
        ["D", None, None],
    ]


def test_dates_have_a_box_for_each_digit_they_may_have():
    assert [count for _, count in one(item("q", "date")).marks[0].groups] == [2, 2, 4]
    hint, digits = one(item("q", "date", precision=["M", "Y"])).marks
    assert "empty" in hint.text
    assert [count for _, count in digits.groups] == [2, 4]


def test_numbers_say_their_limits_and_unit():
    said, line = one(item("q", "number", unit="kg", min="1", max="300")).marks
    assert (said.text, line.unit) == ("From 1 to 300", "kg")
    assert one(item("q", "number", min="0")).marks[0].text == "0 or more"
    assert kinds(one(item("q", "number"))) == ["lines"]


def test_scales_show_every_point_and_the_words_of_both_ends():
    [scale] = one(item("q", "scale", min="1", max="5", min_label="None", max_label="Worst")).marks
    assert scale.points == (1, 2, 3, 4, 5)
    assert (scale.low, scale.high) == ("None", "Worst")


def test_reasons_for_no_answer_can_be_crossed():
    boxes = one(item("q", absent=["not-known", "not-discussed"])).marks[-1]
    assert boxes.options == ("Not known", "Not discussed")
    assert boxes.more == "Why"


def test_conditions_are_instructions_that_name_questions_by_number():
    tea = item("drink", "choice", options=OPTIONS)
    _, why, group = entries(
        tea,
        item("why", show_if=shown_if("drink", "tea"), required_if=shown_if("drink", "water"), hint="Briefly"),
        item("part", "group", show_if=shown_if("drink", "tea"), items=[item("inside")]),
    )[:3]
    assert why.notes == ("Fill in only if “1.1 Drink” is “TEA”", "Briefly")
    assert why.needed == "Needed for approval if “1.1 Drink” is “WATER”"
    assert group.notes == ("Fill in this part only if “1.1 Drink” is “TEA”",)


def test_what_is_needed_recommended_or_to_be_heeded_is_said():
    assert one(item("q", required="publish")).needed == "Needed for approval"
    assert one(item("q", recommended=True)).needed == "Recommended"
    warned = item("q", "yes_no", warnings=[{"uid": "w", "rule": shown_if("q", True), "text": "Call first"}])
    assert one(warned).notes == ("If “1.1 Q” is yes: Call first",)


def test_small_questions_make_a_table_with_empty_rows():
    [entry] = entries(
        item(
            "t",
            "table",
            items=[item("a", required="publish"), item("b", "date"), item("c", "choice", options=OPTIONS)],
        )
    )
    grid, more = entry.marks
    assert grid.columns == (("A", "Needed for approval"), ("B", "day month year"), ("C", "TEA / WATER"))
    assert grid.rows == 5
    assert more.text == "For more, use another sheet"


def test_larger_entries_have_room_for_a_few_and_never_for_more_than_there_may_be():
    found = entries(item("r", "repeat", items=[item("a", "long_text")]))
    assert [entry.label for entry in found if entry.kind == "heading"] == ["R", "Entry 1", "Entry 2"]
    assert found[-1].label == "For more, use another sheet"
    single = entries(item("r", "repeat", max_items=1, items=[item("a", "long_text")]))
    assert [entry.label for entry in single] == ["R", "Entry 1", "A"]


def test_guidance_is_printed_with_addresses_written_out():
    entry = one(item("b", "body", label="See [the site](https://example.org/x)"))
    assert entry.label == "<p>See the site (https://example.org/x)</p>"
    hostile = one(item("b", "body", label='<p>Mail <a href="mailto:a@example.org">us</a><script>no</script></p>'))
    assert hostile.label == "<p>Mail us (a@example.org)</p>"
    assert one(item("g", "guidance", label="a < b")).label == "<p>a &lt; b</p>"


def test_a_code_for_a_door_is_never_written_on_paper():
    [said] = one(item("q", slot="access.code", absent=["not-known"])).marks
    assert said.text == "Do not write this on paper: enter it in the service"


LIMITED = (
    item("secret", "yes_no", roles={"see": ["doctor"], "edit": None, "require": None}),
    item("read", roles={"see": None, "edit": ["doctor"], "require": None}, required="publish"),
    item("after", show_if=shown_if("secret", True)),
    item("own", label="Is capacity present?", patient_label="Can you decide?"),
)


def test_the_person_s_paper_has_nothing_they_may_not_see_and_their_own_wording():
    found = entries(*LIMITED, reader="patient")
    assert [entry.label for entry in found] == ["Read", "After", "Can you decide?"]
    assert [mark.text for mark in found[0].marks] == ["Leave this empty: your care team fills it in"]
    assert found[0].needed == ""
    assert found[1].notes == ("Ask your care team whether to fill this in",)
    assert "Secret" not in str(found)


def test_the_staff_s_paper_has_everything_and_says_whose_it_is():
    found = entries(*LIMITED)
    assert [entry.label for entry in found] == ["Secret", "Read", "After", "Is capacity present?"]
    assert found[0].notes == ("Only doctors may see this.",)
    assert found[1].notes == ("Only doctors may change this.",)
    assert kinds(found[1]) == ["lines"]


def test_texts_are_in_the_language_and_the_others_say_which_they_are_in():
    entry = one(item("q", "yes_no", hint="Briefly", translations={"cy": {"label": "Te?"}}), language="cy")
    assert entry.label == "Te?"
    assert entry.marks[0].options == ("Ie", "Na")
    assert entry.notes == ('<span lang="en" dir="ltr">Briefly</span>',)


def test_hostile_labels_stay_words():
    entry = one(item("q", label="<img src=x>", hint="</p><script>"))
    assert entry.label == "&lt;img src=x&gt;"
    assert entry.notes == ("&lt;/p&gt;&lt;script&gt;",)
