import json

import pytest

from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from tests.unit.careplan_forms.fhir.making import form, question


def deep(levels: int) -> bytes:
    return b'{"resourceType":"Questionnaire","x":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"{", "not valid JSON"),
        (b"hello", "not valid JSON"),
        (b"<Questionnaire/>", "XML"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b"[]", "one object"),
        (b"null", "one object"),
        (b"{}", "resourceType is missing"),
        (b'{"resourceType": 7}', "resourceType is missing"),
        (b'{"resourceType": "Patient"}', "resource Patient"),
        (b'{"resourceType": "Questionnaire"}', "no items"),
        (b'{"resourceType": "Questionnaire", "item": []}', "no items"),
        (b'{"resourceType": "Questionnaire", "item": "x"}', "no items"),
        (b'{"resourceType": "Questionnaire", "x": 1e999}', "number"),
        (b'{"resourceType": "Questionnaire", "x": NaN}', "number"),
        (b'{"resourceType": "Questionnaire", "x": ' + b"9" * 5000 + b"}", "number"),
        (b'{"resourceType": "Questionnaire", "item": [{"linkId": "a"}], "item": []}', "“item” twice"),
        (deep(500), "nested too deeply"),
        (deep(100_000), "nested too deeply"),
        (b" " * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_a_form_gets_one_sentence(raw, said):
    result = read_questionnaire(raw)

    assert result.document is None
    assert not result.report.imported
    assert said in result.report.refusal
    assert result.report.refusal.endswith(".")


def test_fifty_megabytes_are_refused_before_they_are_read():
    result = read_questionnaire(b"{" + b" " * 50_000_000)

    assert "larger than 5 MB" in result.report.refusal


def test_the_limit_can_be_set():
    raw = json.dumps(form(question("a"))).encode()

    assert read_questionnaire(raw, max_bytes=len(raw)).document
    assert read_questionnaire(raw, max_bytes=len(raw) - 1).document is None


def test_too_many_items_are_refused():
    result = read_questionnaire(form(*[question(f"q{number}") for number in range(2001)]))

    assert "2,000 items" in result.report.refusal


def test_characters_no_database_holds_are_dropped():
    item = b'{"linkId":"a","type":"string","text":"x\\u0000y","b":"\\u0000"}'
    raw = b'{"resourceType":"Questionnaire","title":"T\\u0000\\ud800","item":[' + item + b"]}"
    result = read_questionnaire(raw)

    written = json.dumps(result.document, ensure_ascii=False).encode("utf-8")
    assert b"\\u0000" not in written
    assert result.document["sections"][0]["items"][0]["label"] == "xy"


def test_a_refusal_reads_as_text_and_as_data():
    report = read_questionnaire(b"{}").report

    assert report.as_text().startswith("Not imported. ")
    assert report.as_dict()["imported"] is False


def test_a_report_names_every_item_in_text_and_data():
    report = read_questionnaire(form(question("alpha"), question("beta", "time"))).report

    assert "“A form”: 2 items (" in report.as_text()
    assert "“A form”: 1 item (" in read_questionnaire(form(question("a"))).report.as_text()
    assert "alpha (string → text): kept" in report.as_text()
    assert "beta (time → text): mapped" in report.as_text()
    assert [each["linkId"] for each in report.as_dict()["items"]] == ["alpha", "beta"]
