import pytest

from careplan_forms.schema.linter import errors
from tests.unit.careplan_forms.fhir.making import (
    coding,
    control,
    extension,
    item,
    items_in,
    line,
    options,
    question,
    read,
)


@pytest.mark.parametrize(
    ("theirs", "ours", "outcome"),
    [
        ("boolean", "yes_no", "kept"),
        ("decimal", "number", "kept"),
        ("integer", "number", "kept"),
        ("quantity", "number", "kept"),
        ("date", "date", "kept"),
        ("string", "text", "kept"),
        ("text", "long_text", "kept"),
        ("display", "guidance", "kept"),
        ("dateTime", "date", "mapped"),
        ("time", "text", "mapped"),
        ("url", "text", "mapped"),
        ("attachment", "attachment", "kept"),
        ("reference", "text", "mapped"),
        ("question", "text", "mapped"),
        ("magic", "text", "mapped"),
        ("", "text", "mapped"),
    ],
)
def test_each_fhir_type_becomes_the_nearest_of_ours_and_says_so(theirs, ours, outcome):
    result = read(question("a", theirs))

    assert item(result, "a")["type"] == ours
    assert line(result, "a").became == ours
    assert line(result, "a").outcome == outcome
    assert bool(line(result, "a").reasons) == (outcome != "kept")


@pytest.mark.parametrize(
    ("theirs", "repeats", "ours", "other"),
    [
        ("choice", False, "choice", False),
        ("choice", True, "choices", False),
        ("open-choice", False, "choice", True),
        ("open-choice", True, "choices", True),
    ],
)
def test_a_choice_keeps_its_answers_in_order(theirs, repeats, ours, other):
    result = read(question("a", theirs, repeats=repeats, answerOption=options("z", "y", "x")))

    imported = item(result, "a")
    assert imported["type"] == ours
    assert [option["code"] for option in imported["options"]] == ["z", "y", "x"]
    assert imported.get("other", False) is other
    assert line(result, "a").outcome == "kept"


def test_groups_nest_and_repeat():
    result = read(question("top", "group", item=[question("again", "group", repeats=True, item=[question("name")])]))

    assert item(result, "top")["type"] == "group"
    assert item(result, "again")["type"] == "repeat"
    assert item(result, "again")["items"][0]["link_id"] == "name"


def test_a_question_with_several_answers_becomes_a_repeat_of_it():
    result = read(question("phone", "string", repeats=True))

    repeat = item(result, "phone--entries")
    assert repeat["type"] == "repeat"
    assert [each["link_id"] for each in repeat["items"]] == ["phone"]
    assert line(result, "phone").outcome == "mapped"


def test_what_is_required_stays_required_when_it_repeats():
    result = read(
        question("phone", "string", repeats=True, required=True),
        question("again", "group", repeats=True, required=True, item=[question("name")]),
        question("once", "group", required=True, item=[question("other")]),
    )

    assert item(result, "phone--entries")["required"] == item(result, "phone")["required"] == "publish"
    assert item(result, "again")["required"] == "publish"
    assert line(result, "once").outcome == "kept but not executed"
    assert item(result, "once")["residue"] == {"required": True}


def test_answers_without_codes_get_local_ones_and_the_originals_stay():
    listed = [{"valueString": "Once a day"}, {"valueInteger": 3}]
    result = read(question("a", "choice", answerOption=listed))

    assert [(each["code"], each["display"]) for each in item(result, "a")["options"]] == [
        ("once-a-day", "Once a day"),
        ("3", "3"),
    ]
    assert item(result, "a")["residue"]["answerOption"] == listed


def test_an_answer_without_code_never_claims_a_code_of_a_terminology():
    result = read(
        question("a", "choice", answerOption=[{"valueCoding": {"system": "http://snomed.info/sct", "display": "Pain"}}])
    )

    assert item(result, "a")["options"][0]["system"] == "https://foreword.example/codes/imported"


def test_an_answer_listed_twice_is_offered_once_and_named():
    result = read(question("a", "choice", answerOption=options("x", "x", "y")))

    assert [each["code"] for each in item(result, "a")["options"]] == ["x", "y"]
    assert any("listed twice" in reason for reason in line(result, "a").reasons)


def test_a_choice_without_answers_becomes_text():
    result = read(question("a", "choice"), question("b", "choice", answerValueSet="https://example.org/elsewhere"))

    assert item(result, "a")["type"] == "text"
    assert item(result, "b")["type"] == "text"
    assert item(result, "b")["residue"]["answerValueSet"] == "https://example.org/elsewhere"
    assert line(result, "b").outcome == "mapped"


@pytest.mark.parametrize(
    "value_set",
    [
        {"compose": {"include": [{"system": "https://s", "concept": [{"code": "1"}, {"code": "2"}]}]}},
        {
            "expansion": {
                "contains": [{"system": "https://s", "code": "1", "contains": [{"system": "https://s", "code": "2"}]}]
            }
        },
        {"compose": {"include": [{"system": "https://cs"}]}},
    ],
)
def test_a_contained_value_set_is_brought_along_once_for_all_who_use_it(value_set):
    contained = [
        {"resourceType": "ValueSet", "id": "pain", "title": "Pain", **value_set},
        {"resourceType": "CodeSystem", "id": "cs", "url": "https://cs", "concept": [{"code": "1"}, {"code": "2"}]},
    ]
    result = read(
        question("a", "choice", answerValueSet="#pain"),
        question("b", "choice", answerValueSet="#pain"),
        contained=contained,
    )

    assert item(result, "a")["value_set"] == item(result, "b")["value_set"] == "pain"
    assert [each["code"] for each in result.document["value_sets"]["pain"]["options"]] == ["1", "2"]


def test_required_limits_unit_and_codes_are_taken_over():
    url = "http://hl7.org/fhir/StructureDefinition/"
    result = read(
        question("name", "string", required=True, maxLength=40, code=[coding("n", "Name")]),
        question(
            "weight",
            "decimal",
            extension=[
                extension(url + "minValue", valueDecimal=1.5),
                extension(url + "maxValue", valueDecimal=300),
                extension(url + "maxDecimalPlaces", valueInteger=1),
                extension(url + "questionnaire-unit", valueCoding={"code": "kg", "display": "kg"}),
            ],
        ),
    )

    name, weight = item(result, "name"), item(result, "weight")
    assert (name["required"], name["max_length"], name["code"][0]["code"]) == ("publish", 40, "n")
    assert (weight["min"], weight["max"], weight["decimals"], weight["unit"]) == (1.5, 300, 1, "kg")


def test_numbers_written_as_text_are_read_and_nonsense_is_left_with_a_reason():
    result = read(
        question("a", "string", maxLength="40"),
        question("b", "string", maxLength="forty"),
        question("c", "string", maxLength=True),
        question("d", "string", required="true"),
    )

    assert item(result, "a")["max_length"] == 40
    assert "max_length" not in item(result, "b")
    assert item(result, "b")["residue"]["maxLength"] == "forty"
    assert line(result, "b").outcome == "kept but not executed"
    assert "max_length" not in item(result, "c")
    assert item(result, "d")["required"] == "publish"


def test_help_under_a_question_becomes_its_hint_and_stays_in_the_residue():
    helped = question("help", "display", text="Ask twice", extension=[control("help")])
    result = read(question("a", "string", item=[helped]))

    assert item(result, "a")["hint"] == "Ask twice"
    assert item(result, "a")["residue"]["item"] == [helped]
    assert (line(result, "help").became, line(result, "help").outcome) == ("hint", "mapped")
    assert "help" not in items_in(result)


def test_a_text_area_is_long_text_and_a_reference_to_organisations_an_organisation():
    allowed = "http://hl7.org/fhir/StructureDefinition/questionnaire-allowedResource"
    result = read(
        question("a", "string", extension=[control("text-area")]),
        question("b", "reference", extension=[extension(allowed, valueCode="Organization")]),
    )

    assert item(result, "a")["type"] == "long_text"
    assert item(result, "b")["type"] == "organisation"


def test_items_under_a_question_follow_it():
    result = read(question("a", "boolean", item=[question("b", item=[question("c")])]))

    assert [each["link_id"] for each in result.document["sections"][0]["items"]] == ["a", "b", "c"]


def test_what_is_imported_has_no_errors_for_the_linter():
    result = read(
        question("g", "group", item=[question("a", "choice", answerOption=options("x", "y")), question("b", "date")]),
        question("h", "string", repeats=True),
    )

    assert errors(result.document) == []
