"""Files for translators: every text comes back as it went, and what cannot be kept is said row by row."""

import csv
import io

import pytest

from careplan_forms.services.translations import Line
from careplan_forms.word_files import MOST_BYTES, report_on, words_csv
from core.exceptions import Refused

LINES = [
    Line("form/title", "Winter plan", "", False),
    Line("section/s/q/label", "Is it {name} warm?", "Ydy {name} yn gynnes?", False),
    Line("section/s/w/label", "Why?", "Pam?", True),
]


def back(changes, lines=LINES, now=None, language="cy"):
    """What becomes of the downloaded file with some words changed by key."""
    rows = list(csv.reader(io.StringIO(words_csv(lines, language).decode("utf-8-sig"), newline="")))
    out = io.StringIO()
    csv.writer(out).writerows([[*row[:2], changes.get(row[0], row[2]), *row[3:]] for row in rows])
    return report_on(out.getvalue().encode(), now or lines, language)


def told(report):
    return {line.name: line.words for line in report.given}


def test_the_file_has_key_original_words_and_state():
    head, first, second, third = csv.reader(io.StringIO(words_csv(LINES, "cy").decode("utf-8-sig")))
    assert head == ["Key", "Original", "Translation (cy)", "State"]
    assert first == ["form/title", "Winter plan", "", "not translated"]
    assert second[3] == "translated"
    assert third[3] == "look again: the original changed"


def test_words_come_back_and_the_rest_stays():
    report = back({"form/title": " Cynllun gaeaf "})
    assert told(report) == {"form/title": "Cynllun gaeaf"}
    assert (report.new, report.same, report.empty) == (1, 2, 0)
    changed = back({"section/s/w/label": "Am ba reswm?"})
    assert [(line.words, words) for line, words in changed.replaced] == [("Pam?", "Am ba reswm?")]
    assert changed.empty == 1


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@x", "'=x", "''+x", "'Dw i", "\tx", "a\nb", 'say "a, b"', "''"])
def test_no_cell_is_a_formula_and_every_text_comes_back_as_it_went(text):
    lines = [Line("k", text, text, False)]
    for row in csv.reader(io.StringIO(words_csv(lines, "cy").decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    same = back({}, lines)
    assert (same.same, same.stale, same.given) == (1, [], [])


def test_a_changed_original_is_kept_with_the_mark_of_the_old_one():
    now = [LINES[0]._replace(text="Winter care plan"), *LINES[1:]]
    report = back({"form/title": "Cynllun gaeaf"}, now=now)
    assert [row.original for row in report.stale] == ["Winter plan"]
    assert report.given[0].text == "Winter plan"


def test_keys_that_are_not_in_the_form_are_passed_over():
    report = back({"form/title": "Cynllun gaeaf"}, now=LINES[1:])
    assert [row.key for row in report.unknown] == ["form/title"]
    assert not report.given


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("x" * 2001, "Shorten the translation to 2,000"),
        ("<b>Gaeaf</b>", "Take the tags"),
        ("<script>", "Take the tags"),
        ("a<!--b-->", "Take the tags"),
        ("a\u202eb", "hide or turn text"),
        ("Ga\ufffdaf", "letters were lost"),
    ],
)
def test_words_that_cannot_be_kept_are_named_by_row(words, said):
    [(number, fault)] = back({"form/title": words}).faults
    assert number == 2
    assert said in fault


def test_placeholders_and_the_tags_of_the_original_belong_in():
    [(number, fault)] = back({"section/s/q/label": "Ydy hi'n gynnes?"}).faults
    assert (number, "{name}" in fault) == (3, True)
    rich = [Line("b", "<p>Read <strong>this</strong></p>", "", False)]
    assert told(back({"b": "<p>Darllenwch <strong>hwn</strong></p>"}, rich))
    assert not back({"form/title": "Os < 5"}).faults


def test_a_key_with_two_answers_is_refused():
    content = "Key,Original,Translation (cy)\nform/title,Winter plan,A\nform/title,Winter plan,B\n"
    [(number, fault)] = report_on(content.encode(), LINES, "cy").faults
    assert (number, "twice" in fault) == (3, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(encoding, between):
    content = between.join(["Key", "Original", "Translation (cy)", "State"]) + "\r\n"
    content += between.join(["form/title", "Winter plan", "Cynllun y gaeaf ŵ", ""]) + "\r\n\r\n"
    assert told(report_on(content.encode(encoding), LINES, "cy")) == {"form/title": "Cynllun y gaeaf ŵ"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Key,Original,Translation (cy)\nform/title,a,Gäaf".encode("latin-1"), "not in UTF-8"),
        (b"PK\x03\x04rest", "a workbook or a zip file"),
        (b"", "empty"),
        (b"\xff\xfe", "empty"),
        (b"a\x00b", "empty or holds no text"),
        (b"Name,Words\n1,2\n", "Keep the first row"),
        (b"Key,Original,Translation (pl)\n", "for Polish (pl). Choose the one for Welsh"),
        (b"Key,Original,Translation (cy)\n" + b'"' + b"x" * 200_000, "cannot be read as CSV"),
        (b"Key,Original,Translation (cy)\n" + b"a,b,c\n" * 20_001, "at most 20,000 rows"),
        (b"x" * (MOST_BYTES + 1), "at most 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(content, said):
    with pytest.raises(Refused) as refusal:
        report_on(content, LINES, "cy")
    assert said in refusal.value.message
