import json

import pytest

from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.sections import MAX_SECTION_ITEMS, size
from careplan_forms.schema.linter import errors
from careplan_forms.schema.model import read as read_form
from careplan_forms.schema.model import walk
from tests.unit.careplan_forms.fhir.making import form, item, items_in, line, options, question, read


def test_duplicate_link_ids_get_a_suffix_and_are_named():
    result = read(question("a"), question("a"), question("a-2"))

    assert sorted(items_in(result)) == ["a", "a-2", "a-2-2"]
    assert [each.new_link_id for each in result.report.items] == ["a", "a-2", "a-2-2"]
    assert [each.outcome for each in result.report.items] == ["kept", "mapped", "mapped"]


def test_a_missing_link_id_is_made_up_and_named():
    result = read({"type": "string", "text": "No name"}, question("g", "group", item=[{"type": "string", "text": "x"}]))

    assert {"item-0", "item-1-0"} <= set(items_in(result))
    assert "no linkId" in result.report.items[0].reasons[0]


def test_numbers_and_spaces_in_link_ids_are_repaired_and_the_original_stays():
    result = read(question(12), question("two words"))

    assert {"12", "two-words"} <= set(items_in(result))
    assert item(result, "two-words")["residue"]["linkId"] == "two words"
    assert [each.link_id for each in result.report.items] == ["12", "two words"]


def test_a_long_link_id_is_shortened_without_meeting_another():
    result = read(question("x" * 300 + "1"), question("x" * 300 + "2"))

    names = list(items_in(result))
    assert len(set(names)) == 2
    assert all(len(name) <= 100 for name in names)


def test_what_is_not_an_item_is_refused_and_named():
    result = read(question("a"), "not an item", 7, None, ["x"])

    assert [each.outcome for each in result.report.items] == ["kept", "refused", "refused", "refused", "refused"]
    assert [each.path for each in result.report.items][1] == "item[1]"


def test_items_under_a_help_text_are_refused_and_named():
    helped = question(
        "help",
        "display",
        extension=[
            {
                "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
                "valueCodeableConcept": {"coding": [{"code": "help"}]},
            }
        ],
        item=[question("lost")],
    )
    result = read(question("a", item=[helped]))

    assert line(result, "lost").outcome == "refused"


def test_markup_in_labels_is_taken_out_and_plain_comparisons_survive():
    result = read(
        question("a", text="Do you <b>smoke</b>? <script>alert(1)</script>"),
        question("b", text="Weight < height and > 3"),
        question("c", text="<img src=x onerror=alert(1)>"),
        question("d", text="Pay\u202eload\x00 &amp; more"),
    )

    assert item(result, "a")["label"] == "Do you smoke ?"
    assert item(result, "a")["residue"]["text"] == "Do you <b>smoke</b>? <script>alert(1)</script>"
    assert item(result, "b")["label"] == "Weight < height and > 3"
    assert item(result, "c")["label"] == "c"
    assert item(result, "d")["label"] == "Payload &amp; more"
    assert line(result, "a").outcome == "mapped"


def test_a_very_long_text_is_shortened_and_goes_on_in_the_hint():
    result = read(question("a", text="word " * 400))

    assert len(item(result, "a")["label"]) <= 500
    assert item(result, "a")["hint"].startswith("word")
    assert line(result, "a").outcome == "mapped"


def test_unknown_elements_are_kept_word_for_word():
    result = read(question("a", definition="https://example.org/x", _text={"id": "t"}, madeUp={"deep": [1, 2.5]}))

    assert item(result, "a")["residue"] == {
        "definition": "https://example.org/x",
        "_text": {"id": "t"},
        "madeUp": {"deep": [1, 2.5]},
    }
    assert line(result, "a").outcome == "kept"


def test_starting_values_are_kept_and_never_filled_in():
    result = read(question("a", "boolean", initial=[{"valueBoolean": True}]))

    assert item(result, "a")["residue"]["initial"] == [{"valueBoolean": True}]
    assert line(result, "a").outcome == "kept but not executed"


def test_elements_of_the_form_itself_stay_with_the_document():
    result = read(question("a"), version="3", publisher="Somebody", name="AForm", status="retired")

    assert result.document["residue"]["publisher"] == "Somebody"
    assert result.document["residue"]["version"] == "3"
    assert any("retired" in note for note in result.report.notes)


def nested(depth: int) -> dict:
    inner = question("leaf")
    for level in range(depth, 0, -1):
        inner = question(f"g{level}", "group", item=[inner])
    return inner


@pytest.mark.parametrize("depth", [1, 3, 6, 7, 12, 60])
def test_nothing_is_lost_however_deep_the_groups(depth):
    result = read(nested(depth))

    compiled = {each.link_id for section in read_form(result.document).sections for each in walk(section.items)}
    assert {name for name in compiled if "--part-" not in name} == {
        "leaf",
        *(f"g{level}" for level in range(1, depth + 1)),
    }
    assert errors(result.document) == []
    if depth > 6:
        assert line(result, f"g{depth}").became == "guidance"


def test_a_repeating_question_deep_inside_is_asked_once_rather_than_lost():
    inner = question("leaf", repeats=True)
    for level in range(6, 0, -1):
        inner = question(f"g{level}", "group", item=[inner])
    result = read(inner)

    assert item(result, "leaf")["type"] == "text"
    assert any("cannot repeat" in reason for reason in line(result, "leaf").reasons)


def test_a_long_group_is_spread_over_pages_and_keeps_its_condition():
    result = read(
        question("yes", "boolean"),
        question(
            "g",
            "group",
            enableWhen=[{"question": "yes", "operator": "=", "answerBoolean": True}],
            item=[question(f"q{number}") for number in range(100)],
        ),
    )

    assert all(
        sum(size(each) for each in section["items"]) <= MAX_SECTION_ITEMS for section in result.document["sections"]
    )
    assert len(result.document["sections"]) == 4
    assert all(item(result, name)["show_if"] for name in ("g", "g--part-2", "g--part-3"))
    assert errors(result.document) == []


def test_an_inner_group_too_long_for_a_page_gives_up_its_frame_not_its_items():
    result = read(
        question("g", "group", item=[question("h", "group", item=[question(f"q{number}") for number in range(60)])])
    )

    assert item(result, "h")["type"] == "guidance"
    assert line(result, "h").became == "guidance"
    assert len(items_in(result)) == 63
    assert errors(result.document) == []


def test_a_repeat_too_long_for_a_page_is_named():
    result = read(question("r", "group", repeats=True, item=[question(f"q{number}") for number in range(60)]))

    assert any("more than a page may" in reason for reason in line(result, "r").reasons)


def test_a_thousand_items_come_through():
    result = read(*[question(f"q{number}", "choice", answerOption=options("a", "b")) for number in range(1000)])

    assert result.report.counts() == {"kept": 1000, "mapped": 0, "kept but not executed": 0, "refused": 0}
    assert len(items_in(result)) == 1000


def test_a_second_reading_gives_the_same_uids():
    first, second = read(question("a"), question("b")), read(question("b"), question("a"))

    assert item(first, "a")["uid"] == item(second, "a")["uid"]
    assert json.dumps(read(question("a")).document) == json.dumps(read(question("a")).document)


def test_a_parsed_object_reads_like_its_bytes():
    source = form(question("a"))

    assert read_questionnaire(source).document == read_questionnaire(json.dumps(source).encode()).document
