"""What is needed by rule, recommended and warned of: said, counted, and never more than that."""

import datetime
import html as entities
import json
import re

import pytest

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.names import PUT_AWAY
from tests.unit.careplan_forms.schema.documents import form, item, posted, shown_if

TODAY = datetime.date(2026, 6, 15)
REPEAT = [{"id": "1", "a": True}, {"id": "2", "a": False}, {"id": "3"}]


def warned(uid, rule, text="Look again.", **more):
    return item(uid, warnings=[{"uid": "w", "rule": rule, "text": text}], **more)


def messages(made, answers):
    return [(problem.uid, problem.path) for problem in made.validate(answers, stage="publish")]


@pytest.fixture
def needing():
    return form(item("a", "yes_no"), item("b", required_if=shown_if("a", True), absent=["not-known"]))


def test_an_answer_is_needed_only_while_the_rule_holds(needing):
    assert messages(needing, {"a": True}) == [("b", ())]
    assert messages(needing, {"a": False}) == messages(needing, {}) == messages(needing, {"a": True, "b": "x"}) == []
    assert needing.validate({"a": True}) == [], "a draft needs nothing"


def test_a_needed_answer_that_is_not_known_wants_its_reason(needing):
    unknown = {"absent": "not-known", "reason": ""}
    assert messages(needing, {"a": True, "b": unknown}) == [("b", ())]
    assert messages(needing, {"a": False, "b": unknown}) == []


def test_a_hidden_question_is_not_needed_and_a_hidden_source_needs_nothing():
    made = form(
        item("a", "yes_no"),
        item("b", "yes_no", show_if=shown_if("a", True)),
        item("c", required_if=shown_if("b", True)),
        item("d", show_if=shown_if("b", True), required_if=shown_if("a", False)),
    )
    assert messages(made, {"a": False, "b": True}) == []
    assert messages(made, {"a": True, "b": True}) == [("c", ())]


def test_each_entry_needs_for_itself():
    made = form(item("r", "repeat", items=[item("a", "yes_no"), item("b", required_if=shown_if("a", True))]))
    assert messages(made, {"r": REPEAT}) == [("b", ("1",))]


def test_a_repeat_can_be_needed():
    made = form(item("a", "yes_no"), item("r", "repeat", required_if=shown_if("a", True), items=[item("b")]))
    assert messages(made, {"a": True}) == messages(made, {"a": True, "r": [{"id": "1"}]}) == [("r", ())]
    assert messages(made, {"a": True, "r": [{"id": "1", "b": "x"}]}) == messages(made, {}) == []


def test_a_need_that_asks_about_another_section_is_seen_from_its_own():
    two = {
        "title": "F",
        "sections": [
            {
                "key": "one",
                "title": "1",
                "items": [item("a", "yes_no"), item("x", "yes_no", show_if=shown_if("a", True))],
            },
            {"key": "two", "title": "2", "items": [item("b", required_if=shown_if("x", True))]},
        ],
    }
    made = compile_form(two)
    assert made.validate({"a": False, "x": True}, section="two", stage="publish") == []
    assert [each.uid for each in made.validate({"a": True, "x": True}, section="two", stage="publish")] == ["b"]


def test_a_malformed_need_or_warning_asks_nothing():
    made = form(item("a", required_if={"item": "x"}), warned("b", {"any": 1}))
    assert messages(made, {}) == [] and made.warnings({}) == []


def test_a_warning_is_said_while_its_rule_holds_and_never_stops_anything():
    made = form(item("a", "yes_no"), warned("b", shown_if("a", True)))
    assert [(one.uid, one.field_name, one.text, one.key) for one in made.warnings({"a": True})] == [
        ("b", "q-b", "Look again.", "b/w")
    ]
    assert made.warnings({"a": False}) == []
    assert made.validate({"a": True}, stage="publish") == []
    assert made.section_status("s", {"a": True}) == "completed"


def test_a_hidden_question_warns_nobody():
    made = form(item("a", "yes_no"), warned("b", shown_if("c", "x"), show_if=shown_if("a", True)), item("c"))
    assert made.warnings({"a": False, "c": "x"}) == []
    assert len(made.warnings({"a": True, "c": "x"})) == 1


def test_each_entry_warns_and_recommends_for_itself():
    made = form(item("r", "repeat", items=[item("a", "yes_no"), warned("b", shown_if("a", True), recommended=True)]))
    assert [one.field_name for one in made.warnings({"r": REPEAT})] == ["q-r__1__b"]
    assert [one.key for one in made.recommended({"r": REPEAT})] == ["b/1", "b/2"]


def test_recommended_questions_without_an_answer_are_counted_while_they_are_shown():
    made = form(
        item("a", "yes_no"), item("b", recommended=True), item("c", recommended=True, show_if=shown_if("a", True))
    )
    assert [one.label for one in made.recommended({})] == ["B"]
    assert [one.label for one in made.recommended({"a": True, "b": "x"})] == ["C"]
    assert made.recommended({"b": {"absent": "not-known"}}) == [], "saying that it is not known is an answer"
    assert made.validate({}, stage="publish") == []


def test_advice_stands_beside_its_question():
    made = form(
        item("a", "yes_no"),
        item(
            "b",
            recommended=True,
            required_if=shown_if("a", True),
            warnings=[{"uid": "w", "rule": shown_if("a", True), "text": "<Mind>"}],
        ),
    )
    quiet, loud = str(made.render_section("s", {})), str(made.render_section("s", {"a": True}))
    assert ">Recommended</p>" in quiet
    assert ">Needed for approval if “A” is yes</p>" in quiet and ">Needed for approval</p>" in loud
    assert 'data-warning="w" hidden>' in quiet and 'data-warning="w">' in loud
    assert "&lt;Mind&gt;" in quiet


def carried(html):
    found = re.search("data-form-rules='([^']*)'", str(html))
    return json.loads(entities.unescape(found[1])) if found else None


def test_a_page_carries_only_what_its_rules_ask_about():
    secret = item("code", slot="access.code")
    repeat = item("r", "repeat", items=[item("role"), item("phone", "telephone"), secret])
    asks = {"any": [shown_if("role", "son"), shown_if("code", True, "exists"), shown_if("x", "y")]}
    made = compile_form(
        {
            "title": "F",
            "sections": [
                {"key": "one", "title": "1", "items": [repeat, item("private"), item("x")]},
                {"key": "two", "title": "2", "items": [item("b", required_if=asks)]},
            ],
        }
    )
    answers = {
        "private": "Never",
        "x": "y",
        "r": [{"id": "1", "role": "son", "phone": "020 7946 0001", "code": "4711"}],
    }
    page = made.render_section("two", answers, today=TODAY)
    assert carried(page)["answers"] == {"x": "y", "r": [{"id": "1", "role": "son", "phone": "•", "code": "•"}]}
    assert carried(page)["today"] == "2026-06-15"
    assert not re.search("Never|4711|7946", str(page))
    assert carried(made.render_section("one", answers, today=TODAY)) is None, "a page without rules carries nothing"


def test_hostile_words_stay_inside_the_attribute():
    rule = shown_if("a", "'><script>alert(1)</script>&#34;\"")
    made = form(item("a"), item("b", show_if=rule))
    page = str(made.render_section("s", {}, today=TODAY))
    assert "<script" not in page
    assert carried(page)["units"][0]["rule"] == rule


def test_what_scripts_had_hidden_is_not_called_wrong_and_keeps_what_was_saved():
    made = form(item("a", "yes_no"), item("d", "date", show_if=shown_if("a", True)))
    wrong = {"a": "no", "d__day": "32", "d__month": "13", "d__year": "2026"}
    assert [each.uid for each in made.parse_section("s", posted(**wrong), {"d": "2026-01-01"})[1]] == ["d"]
    answers, problems = made.parse_section("s", posted(**wrong, **{PUT_AWAY: "d|"}), {"d": "2026-01-01"})
    assert (answers, problems) == ({"a": False}, [])
    assert made.parse_section("s", posted(**wrong, **{PUT_AWAY: "a|"}), {})[1] != []


def test_hidden_entries_of_a_repeat_are_told_apart_by_their_path():
    inner = [item("a", "yes_no"), item("d", "date", show_if=shown_if("a", True))]
    made = form(item("r", "repeat", items=inner))
    typed = {"r": ["1", "2"], "r__1__d__day": "x", "r__2__d__day": "x", PUT_AWAY: "d|1"}
    assert [each.path for each in made.parse_section("s", posted(**typed), {})[1]] == [("2",)]
