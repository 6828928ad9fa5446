import copy

import pytest

from careplan_forms.schema.diff import diff_answers, diff_documents
from tests.unit.careplan_forms.schema.documents import coded, document, form, item, option, shown_if

BASE = document(
    item("cpr", "choice", label="CPR decision", options=[option("a"), option("b")]),
    item("on", "date", label="Decided on"),
    item("g", "group", label="Limits", items=[item("focus", label="Focus")]),
)


def changed(path, value):
    """BASE with one item's key changed."""
    other = copy.deepcopy(BASE)
    index, key = path
    other["sections"][0]["items"][index][key] = value
    return other


@pytest.mark.parametrize(
    ("new", "sentences"),
    [
        (BASE, []),
        (changed((1, "label"), "Made on"), ["“Made on”: wording changed from Decided on to Made on."]),
        (
            changed((1, "type"), "text"),
            [
                "“Decided on”: type changed from date to short text.",
                "“Decided on”: limits changed from precision D to nothing.",
            ],
        ),
        (changed((1, "required"), "publish"), ["“Decided on”: need changed from optional to required for approval."]),
        (
            changed((1, "show_if"), shown_if("cpr", "a")),
            ["“Decided on”: condition changed from always to “CPR decision” is “A”."],
        ),
        (
            changed((0, "options"), [option("a", status="retired"), option("c")]),
            [
                "“CPR decision”: option changed from A (a) to A (a, retired).",
                "“CPR decision”: option added (C).",
                "“CPR decision”: option removed (B).",
            ],
        ),
        (
            changed((0, "slot"), "cpr.decision"),
            [
                "“CPR decision”: emergency slot changed from nothing to "
                "cpr.decision: Whether to attempt cardiopulmonary resuscitation."
            ],
        ),
        (
            changed((0, "slot_values"), {"a": "attempt"}),
            ["“CPR decision”: meaning in the emergency view changed from nothing to A → attempt."],
        ),
        (
            changed((0, "absent"), ["not-known"]),
            ["“CPR decision”: reasons for no answer changed from nothing to Not known."],
        ),
    ],
)
def test_a_change_is_said_in_words(new, sentences):
    assert [change.sentence for change in diff_documents(BASE, new)] == sentences


def test_questions_added_removed_and_moved():
    new = copy.deepcopy(BASE)
    items = new["sections"][0]["items"]
    moved = items.pop(1)
    items[1]["items"].append(moved)
    items.append(item("new", "yes_no", label="Seen", required="publish"))
    items.pop(0)
    assert [(change.kind, change.uid) for change in diff_documents(BASE, new)] == [
        ("moved", "on"),
        ("added", "new"),
        ("removed", "cpr"),
        ("changed", ""),
    ]
    sentences = [change.sentence for change in diff_documents(BASE, new)]
    assert sentences[0] == "“Decided on”: moved from “Section” to “Section” › Limits."
    assert sentences[1] == "“Seen”: yes or no added (required for approval)."


def test_what_a_renamed_section_or_group_holds_did_not_move():
    new = copy.deepcopy(BASE)
    new["sections"][0]["title"] = "Renamed"
    group = next(each for each in new["sections"][0]["items"] if each.get("items"))
    group["label"] = "Renamed too"
    assert [change.kind for change in diff_documents(BASE, new)] == ["changed", "changed"]


def test_sections_added_removed_renamed_and_turned_round():
    old = {"title": "F", "sections": [{"key": key, "title": key.upper()} for key in ("a", "b", "c")]}
    new = {"title": "G", "sections": [{"key": key, "title": key.upper()} for key in ("d", "b", "a")]}
    assert [change.sentence for change in diff_documents(old, new)] == [
        "“G”: form title changed from F to G.",
        "“D”: section added.",
        "“C”: section removed.",
        "“G”: order of sections changed from A › B to B › A.",
    ]


def test_defaults_written_out_are_no_change():
    assert diff_documents(BASE, changed((1, "hint"), "")) == []


def test_answers_are_compared_as_they_read():
    asked = form(
        item("t"),
        item("n", "number", unit="mg"),
        item("c", "choice", options=[option("x")]),
        item("h", show_if=shown_if("t", "show")),
        item("code", slot="access.code"),
    )
    old = {"t": "a", "n": {"value": "1", "unit": "mg"}, "c": coded("x"), "h": "hidden", "code": "1"}
    new = {"n": {"value": "2", "unit": "mg"}, "c": coded("x"), "h": "still hidden", "code": "2"}
    assert diff_answers(asked, old, new) == [
        ("t", "T", "a", ""),
        ("n", "N", "1 mg", "2 mg"),
        ("code", "Code", "Recorded (shown only by a logged press)", "Recorded (shown only by a logged press)"),
    ]
    assert diff_answers(asked, old, old) == []


def test_entries_of_a_repeat_are_compared_as_lines():
    asked = form(item("r", "repeat", items=[item("n")]))
    old, new = {"r": [{"id": "1", "n": "Ann"}]}, {"r": [{"id": "1", "n": "Ann"}, {"id": "2", "n": "Bo"}]}
    assert diff_answers(asked, old, new) == [("r", "R", "N: Ann", "N: Ann\nN: Bo")]
