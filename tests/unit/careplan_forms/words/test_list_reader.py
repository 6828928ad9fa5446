"""Lists of answers from files in any state: what is taken, what is left out, and why."""

import datetime
import json
import zipfile
from io import BytesIO

import pytest

from careplan_forms.schema.fhir.list_reader import MAX_LIST, read_list
from careplan_forms.schema.list_merging import merged

SCT = "http://snomed.info/sct"


def value_set(*concepts, system=SCT, **more):
    include = [{"system": system, "concept": list(concepts)}]
    return {"resourceType": "ValueSet", "id": "cpr", "title": "CPR", "compose": {"include": include}, **more}


def concept(code, display="", **more):
    return {"code": code, "display": display or code, **more}


ATTEMPT, DO_NOT = concept("450475007", "Attempt CPR"), concept("450476008", "Do not attempt CPR")


def read(content):
    return read_list(content if isinstance(content, bytes) else json.dumps(content).encode())


def test_composed_concepts_become_answers():
    found = read(value_set(ATTEMPT, DO_NOT, effectivePeriod={"start": "2027-01-01"}))
    assert [(each["code"], each["display"]) for each in found.value_set["options"]] == [
        ("450475007", "Attempt CPR"),
        ("450476008", "Do not attempt CPR"),
    ]
    assert (found.value_set["key"], found.value_set["valid_from"]) == ("cpr", "2027-01-01")
    assert not found.report.left_out


def test_an_expansion_is_read_to_its_depth_and_headings_are_named_as_left_out():
    inner = {"system": "urn:s", **concept("b")}
    contains = [{"system": "urn:s", "abstract": True, **concept("a", "A heading"), "contains": [inner]}]
    found = read({"resourceType": "ValueSet", "expansion": {"contains": contains, "total": 9}})
    assert [each["code"] for each in found.value_set["options"]] == ["b"]
    assert found.report.left_out == [("A heading", "it is a heading that cannot be chosen")]
    assert "9 concepts and holds 2" in found.report.notes[0]


def test_a_code_system_brings_retired_concepts_as_retired_and_its_words_in_other_languages():
    gone = concept(
        "b",
        property=[
            {"code": "status", "valueCode": "retired"},
            {"code": "retirementDate", "valueDateTime": "2026-04-01"},
        ],
        designation=[{"language": "cy", "value": "Bi"}, {"language": "en", "value": "Bee"}],
    )
    tree = concept("a", concept=[gone])
    found = read({"resourceType": "CodeSystem", "url": "urn:s", "concept": [tree]})
    last = found.value_set["options"][1]
    assert (last["system"], last["status"], last["retired_on"]) == ("urn:s", "retired", "2026-04-01")
    assert last["translations"] == {"cy": {"display": "Bi"}}


@pytest.mark.parametrize(
    ("dirty", "reason"),
    [
        (concept("450475008"), "check digit is wrong"),
        (concept(""), "it has no code"),
        (ATTEMPT, "it is in the file twice"),
        (concept("4" * 70), "more than 60 characters"),
    ],
)
def test_what_cannot_be_an_answer_is_named_with_its_reason(dirty, reason):
    found = read(value_set(ATTEMPT, dirty))
    assert len(found.value_set["options"]) == 1
    assert reason in found.report.left_out[0][1]


def test_what_cannot_be_run_is_said():
    include = [
        {"system": SCT, "filter": [{"property": "concept", "op": "is-a", "value": "138875005"}]},
        {"valueSet": ["urn:other"]},
        {"system": "urn:whole"},
        {"system": "urn:s", "concept": [concept("a")]},
    ]
    notes = " ".join(read({"resourceType": "ValueSet", "compose": {"include": include}}).report.notes)
    assert "is-a 138875005" in notes and "urn:other" in notes and "all of urn:whole" in notes


def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.json", "{}" * 500)
    return out.getvalue()


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"{",
        b"<ValueSet/>",
        b"[1]",
        b"{}",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "ValueSet"}',
        b'{"resourceType": "ValueSet", "compose": {"include": "all"}}',
        b'{"resourceType": {"a": 1}}',
        b'{"a":' * 5000,
        b" " * (5 * 1024 * 1024 + 1),
        zipped(),
        b"\xff\xfe\x00",
    ],
    ids=range(13),
)
def test_hostile_files_are_refused_in_a_sentence(hostile):
    found = read(hostile)
    assert found.value_set is None
    assert found.report.refusal.endswith(".")
    assert "Questionnaire" not in found.report.refusal


def test_markup_and_a_list_without_end_are_cut_down():
    many = [concept(f"c{number}", "<script>alert(1)</script>Name") for number in range(MAX_LIST + 5)]
    found = read(value_set(*many, system="urn:s"))
    assert len(found.value_set["options"]) == MAX_LIST
    assert found.value_set["options"][0]["display"] == "Name"
    assert "2,000" in found.report.notes[0]


def test_a_newer_edition_drops_nothing():
    old = read(value_set(ATTEMPT, DO_NOT)).value_set["options"]
    known = [each | {"retired_on": None, "translations": {"cy": {"display": "Gwneud"}}} for each in old]
    newer = read(value_set(concept("450475007", "For CPR"), concept("304253006"))).value_set["options"]
    options, changes = merged(known, newer, datetime.date(2027, 3, 1))
    assert [(each["code"], each["status"], each["retired_on"]) for each in options] == [
        ("450475007", "active", None),
        ("450476008", "retired", "2027-03-01"),
        ("304253006", "active", None),
    ]
    assert options[0]["translations"] == {"cy": {"display": "Gwneud"}}
    assert changes.retitled == [("Attempt CPR", "For CPR")]
    assert (changes.retired, changes.added) == (["Do not attempt CPR"], ["304253006"])


def test_what_comes_back_is_offered_again():
    known = read(value_set(ATTEMPT)).value_set["options"]
    known = [known[0] | {"status": "retired", "retired_on": "2026-01-01", "translations": {}}]
    options, changes = merged(known, read(value_set(ATTEMPT)).value_set["options"], datetime.date(2027, 3, 1))
    assert (options[0]["status"], options[0]["retired_on"]) == ("active", None)
    assert changes.offered_again == ["Attempt CPR"]
