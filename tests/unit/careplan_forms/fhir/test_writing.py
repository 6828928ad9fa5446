"""A form goes out as it came in wherever nothing was changed, and says every change in FHIR's own words."""

import copy
import json
from typing import Any

import pytest

from careplan_forms import seeds
from careplan_forms.schema.document import canonical_json, normalise
from careplan_forms.schema.fhir.meaning import same_meaning
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.writing import export_questionnaire
from tests.unit.careplan_forms.fhir.making import SDC, coding, control, extension, form, options, question

TYPES = (
    *("boolean", "decimal", "integer", "quantity", "date", "dateTime", "time", "string", "text", "url"),
    *("attachment", "reference", "display"),
)
ANSWERED = {"question": "one", "operator": "exists", "answerBoolean": True}
EVERYTHING = form(
    *[question(f"t-{kind}", kind, prefix=kind[:1]) for kind in TYPES],
    question("one", "choice", answerOption=[*options("a", "b"), {"valueCoding": coding("c"), "initialSelected": True}]),
    question("open", "open-choice", answerValueSet="#list", code=[coding("123")]),
    question("many", "choice", repeats=True, answerOption=options("x", "y"), required=True),
    question("words", "choice", answerOption=[{"valueString": "Good"}, {"valueString": "Bad"}]),
    question("again", "string", repeats=True, maxLength=20, item=[question("again-when", "date")]),
    question(
        "weight",
        "decimal",
        extension=[
            extension("http://hl7.org/fhir/StructureDefinition/minValue", valueDecimal=1.0),
            extension("http://hl7.org/fhir/StructureDefinition/questionnaire-unit", valueCoding=coding("kg")),
            extension("https://elsewhere.example/strange", valueString="kept"),
        ],
        item=[question("weight-help", "display", extension=[control("help")]), question("weight-why")],
    ),
    question(
        "group",
        "group",
        enableWhen=[
            {"question": "t-boolean", "operator": "=", "answerBoolean": True},
            {"question": "one", "operator": "!=", "answerCoding": coding("a", "Shown otherwise")},
        ],
        enableBehavior="all",
        item=[
            question("inner", "group", repeats=True, required=True, item=[question("deep", "string", initial=[])]),
            question("first", "boolean", readOnly=True, item=[question("after", enableWhen=[ANSWERED])]),
        ],
    ),
    *[question(f"loose-{number}") for number in range(50)],
    contained=[
        {
            "resourceType": "ValueSet",
            "id": "list",
            "compose": {"include": [{"system": "https://s", "concept": [{"code": "1", "display": "One"}]}]},
        }
    ],
    publisher="Somebody",
    version="2.1",
    _title={"extension": [{"url": "https://elsewhere.example/x", "valueString": "kept"}]},
)


def exported(document: Any) -> dict[str, Any]:
    return export_questionnaire(json.loads(canonical_json(document))).resource


def back_and_out(source: dict[str, Any]) -> dict[str, Any]:
    return exported(read_questionnaire(copy.deepcopy(source)).document)


def items_of(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    pending = list(resource["item"])
    while pending:
        item = pending.pop(0)
        found[item["linkId"]] = item
        pending += item.get("item", [])
    return found


def ours(document: dict[str, Any], link_id: str) -> dict[str, Any]:
    pending = [item for section in document["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        if item["link_id"] == link_id:
            return item
        pending += item["items"]
    raise KeyError(link_id)


def test_every_kind_of_item_goes_out_as_it_came():
    assert same_meaning(EVERYTHING, back_and_out(EVERYTHING)) == []


def test_an_unknown_element_goes_out_word_for_word():
    out = back_and_out(form(question("a", strange={"deep": [1, 2]}, extension=[extension("https://x", valueCode="y")])))

    assert out["item"][0]["strange"] == {"deep": [1, 2]}
    assert out["item"][0]["extension"] == [{"url": "https://x", "valueCode": "y"}]


def test_the_uid_is_the_id_and_the_link_id_the_link_id():
    document = read_questionnaire(EVERYTHING).document
    item = items_of(exported(document))["one"]

    assert item["id"] == ours(normalise(document), "one")["uid"]


def test_the_version_names_the_publication():
    out = export_questionnaire(read_questionnaire(EVERYTHING).document, version=7, status="active")

    assert (out.resource["version"], out.resource["status"]) == ("7", "active")
    assert out.report.canonical == "https://example.org/form|7"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (form(question("a"), question("a")), "the second of two with one linkId"),
        (form({"type": "string", "text": "no linkId"}), "no linkId"),
        (form(question("a", enableWhen=[{"question": "gone", "operator": "=", "answerString": "x"}])), "dangling"),
        (form(question("a", "choice")), "a choice without options"),
        (
            form(
                question("a", "boolean"),
                question("b", enableWhen=[{"question": "a", "operator": "exists", "answerBoolean": True}] * 2),
            ),
            "no behaviour",
        ),
        (
            form(question("a", enableWhen=[{"question": "a", "operator": "exists", "answerBoolean": True}])),
            "a loop",
        ),
        (form(question("g", "group", item=[question("h", "display", extension=[control("help")])])), "help alone"),
    ],
)
def test_what_is_dirty_goes_out_as_it_came(source, name):
    assert same_meaning(source, back_and_out(source)) == [], name


def test_deep_groups_come_out_as_deep_as_they_were():
    inner = question("bottom")
    for level in range(12):
        inner = question(f"level-{level}", "group", item=[inner, question(f"beside-{level}")])

    assert same_meaning(form(inner), back_and_out(form(inner))) == []


def test_a_group_too_long_for_a_page_is_one_group_again():
    long = question("long", "group", item=[question(f"q{number}") for number in range(95)])

    assert same_meaning(form(long), back_and_out(form(long))) == []


def test_a_changed_label_is_said_and_nothing_else_changes():
    document = normalise(read_questionnaire(EVERYTHING).document)
    ours(document, "weight")["label"] = "How heavy?"
    out = exported(document)

    assert items_of(out)["weight"]["text"] == "How heavy?"
    assert [each.split(":")[0] for each in same_meaning(EVERYTHING, out)] == ["/weight"]


def test_a_changed_condition_is_written_anew():
    document = normalise(read_questionnaire(EVERYTHING).document)
    boolean = ours(document, "t-boolean")["uid"]
    ours(document, "group")["show_if"] = {"item": boolean, "op": "=", "value": False}

    group = items_of(exported(document))["group"]

    assert group["enableWhen"] == [{"question": "t-boolean", "operator": "=", "answerBoolean": False}]
    assert "enableBehavior" not in group


def test_a_changed_condition_under_a_question_leaves_out_what_the_nesting_says():
    when = [{"question": "yes", "operator": "=", "answerBoolean": True}]
    above = question("above", enableWhen=when, item=[question("under", enableWhen=when)])
    document = normalise(read_questionnaire(form(question("yes", "boolean"), above)).document)
    uids = {name: ours(document, name)["uid"] for name in ("yes", "above")}
    inherited = {"item": uids["yes"], "op": "=", "value": True}
    assert ours(document, "under")["show_if"] == {"all": [inherited, inherited]}

    ours(document, "under")["show_if"] = {"all": [{"item": uids["above"], "op": "exists", "value": True}, inherited]}

    assert items_of(exported(document))["under"]["enableWhen"] == [
        {"question": "above", "operator": "exists", "answerBoolean": True}
    ]


def test_a_nested_condition_is_a_formula_that_reads_back_as_the_rule():
    document = normalise(read_questionnaire(EVERYTHING).document)
    uids = {name: ours(document, name)["uid"] for name in ("t-boolean", "one", "t-integer")}
    rule = {
        "any": [
            {
                "all": [
                    {"item": uids["t-boolean"], "op": "=", "value": True},
                    {"item": uids["t-integer"], "op": ">", "value": 3},
                ]
            },
            {"not": {"item": uids["one"], "op": "=", "value": {"code": "a", "system": "https://example.org/codes"}}},
        ]
    }
    ours(document, "group")["show_if"] = rule
    out = exported(document)
    group = items_of(out)["group"]
    group["extension"] = [each for each in group["extension"] if each["url"].startswith(SDC)]

    assert "enableWhen" not in group
    assert ours(normalise(read_questionnaire(out).document), "group")["show_if"] == rule


def test_changed_options_limits_and_flags_are_said():
    document = normalise(read_questionnaire(EVERYTHING).document)
    ours(document, "one")["options"][0]["display"] = "First"
    ours(document, "weight")["min"] = 2
    ours(document, "t-string")["required"] = "publish"
    ours(document, "t-string")["max_length"] = 9
    items = items_of(exported(document))

    assert items["one"]["answerOption"][0]["valueCoding"]["display"] == "First"
    assert {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueDecimal": 2} in items["weight"][
        "extension"
    ]
    assert (items["t-string"]["required"], items["t-string"]["maxLength"]) == (True, 9)


def test_a_new_question_stands_where_it_was_put():
    document = normalise(read_questionnaire(EVERYTHING).document)
    inner = ours(document, "inner")["items"]
    inner.append({"uid": "fresh", "link_id": "fresh", "type": "yes_no", "label": "New?", "required": "publish"})
    out = items_of(exported(document))

    assert [each["linkId"] for each in out["inner"]["item"]] == ["deep", "fresh"]
    assert out["fresh"] == {"id": "fresh", "linkId": "fresh", "text": "New?", "type": "boolean", "required": True}


@pytest.mark.parametrize("key", seeds.form_keys())
def test_a_seeded_form_comes_home_unchanged(key):
    document = normalise(seeds.form(key))

    back = normalise(read_questionnaire(exported(document)).document)

    assert without_residue(back) == without_residue(document)


@pytest.mark.parametrize("key", seeds.form_keys())
def test_an_export_of_our_own_form_goes_out_as_it_came(key):
    out = exported(seeds.form(key))

    assert same_meaning(out, back_and_out(out)) == []


def test_words_in_other_languages_come_and_go():
    told = {"extension": [{"url": "lang", "valueCode": "cy"}, {"url": "content", "valueString": "Enw"}]}
    translated = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", **told}]}
    document = normalise(read_questionnaire(form(question("name", _text=translated))).document)
    item = ours(document, "name")

    assert item["translations"] == {"cy": {"label": "Enw"}}

    item["translations"]["cy"]["label"] = "Enw llawn"
    out = items_of(exported(document))["name"]["_text"]["extension"][0]["extension"]
    assert out[1] == {"url": "content", "valueString": "Enw llawn"}


def test_weights_of_options_come_and_go():
    weighed = {"valueCoding": coding("a") | {"extension": [extension("http://x/ordinalValue", valueDecimal=2)]}}
    document = normalise(read_questionnaire(form(question("q", "choice", answerOption=[weighed]))).document)
    ours(document, "q")["options"][0] |= {"display": "Other", "score": 3}
    option = items_of(exported(document))["q"]["answerOption"][0]

    assert option["valueCoding"]["extension"] == [
        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}
    ]


def test_the_comparison_sees_a_difference():
    other = copy.deepcopy(EVERYTHING)
    items_of(other)["one"]["answerOption"].pop()
    items_of(other)["deep"]["text"] = "Something else"

    places = {each.split(":")[0] for each in same_meaning(EVERYTHING, other)}

    assert places == {"/one", "/group/inner/deep"}


def test_the_report_of_an_export_names_every_item():
    report = export_questionnaire(seeds.form("urgent-care-plan")).report

    assert report.as_text().startswith("Exported “Urgent care plan”")
    assert sum(report.counts().values()) == len(report.items)
    assert all(line.reasons for line in report.items if line.outcome != "kept")


def without_residue(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_residue(each) for key, each in value.items() if key != "residue"}
    return [without_residue(each) for each in value] if isinstance(value, list) else value
