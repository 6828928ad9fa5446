"""The data dictionary: one row an item, option and rule, with what another system needs to read the answers."""

from careplan_forms.schema.dictionary import tables_of
from careplan_forms.schema.fhir.writing import export_questionnaire
from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if

WARMTH = {
    "key": "warmth",
    "version": "2",
    "title": "Warmth",
    "options": [
        option("warm", score=1, translations={"cy": {"display": "Cynnes"}}),
        option("tepid", status="retired", replaced_by="warm"),
    ],
}
FORM = document(
    item("warm", "choice", value_set="warmth", translations={"cy": {"label": "Cynnes?"}}),
    item("drink", "choices", options=[option("tea")], other=True, recommended=True),
    item(
        "part",
        "group",
        show_if=shown_if("warm", "tepid"),
        items=[
            item("weight", "number", unit="kg", min="1", max="300", decimals=1, required="publish"),
            item("since", "date", precision=["M", "Y"], required_if=shown_if("weight", "100", ">")),
        ],
    ),
    item("doctor", slot="cpr.decided_by", roles={"see": ["doctor"], "edit": [], "require": None}),
    item("code", code=[{"system": "http://snomed.info/sct", "code": "1", "display": "One"}], absent=["not-known"]),
    item("total", "score", calculation={"sum": ["weight"]}, bands=[{"from": 0, "to": 4, "text": "Light"}]),
    url="https://foreword.example/forms/a",
    value_sets={"warmth": WARMTH},
)


def sheet(title):
    [found] = [each for each in tables_of(FORM) if each.title == title]
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def row(uid):
    [found] = [each for each in sheet("Items") if each["Uid"] == uid]
    return found


def test_every_item_has_a_row_in_the_order_of_the_form():
    uids = [each["Uid"] for each in sheet("Items")]
    assert uids == ["warm", "drink", "part", "weight", "since", "doctor", "code", "total"]


def test_a_row_says_what_may_be_answered():
    weight = row("weight")
    assert (weight["Unit"], weight["Least"], weight["Most"], weight["Decimal places"]) == ("kg", "1", "300", "1")
    assert weight["Needed for approval"] == "always"
    assert (weight["Section"], weight["Inside"]) == ("Section", "Part")
    assert row("since")["Date precise to"] == "month, year"
    assert row("since")["Needed for approval"] == "if “Weight” is more than 100 kg"
    assert row("warm")["Value set"] == "warmth"
    assert (row("drink")["Value set"], row("drink")["Free text beside"]) == ("its own list", "yes")
    assert row("drink")["Needed for approval"] == "recommended"
    assert row("code")["Codes"] == "http://snomed.info/sct 1 One"
    assert row("code")["Ways to give no answer"] == "not-known: Not known"


def test_a_row_says_when_it_is_shown_to_whom_and_what_becomes_of_it():
    assert row("part")["Shown"] == "if “Warm” is “TEPID”"
    assert row("warm")["Shown"] == "always"
    assert row("doctor")["May see"] == "doctors"
    assert row("doctor")["May change"] == "nobody"
    assert row("doctor")["Emergency slot"] == "cpr.decided_by: Who made the decision, and their role"


def test_a_path_leads_to_the_item_in_the_exported_questionnaire():
    found = row("weight")
    assert found["FHIR linkId path"] == ("item.where(linkId='s').item.where(linkId='part').item.where(linkId='weight')")
    resource = export_questionnaire(FORM, version=1, status="draft", date="2026-01-01").resource
    [section] = [each for each in resource["item"] if each["linkId"] == "s"]
    [part] = [each for each in section["item"] if each["linkId"] == "part"]
    [weight] = [each for each in part["item"] if each["linkId"] == "weight"]
    assert found["FHIR type"] == weight["type"]


def test_translations_have_columns_of_their_own():
    assert row("warm")["Welsh (cy): question"] == "Cynnes?"
    assert sheet("Value sets")[0]["Welsh (cy)"] == "Cynnes"


def test_lists_of_answers_say_status_and_score_and_a_question_s_own_list_is_there():
    warm, tepid, tea = sheet("Value sets")
    assert (warm["Value set"], warm["Version"], warm["Code"], warm["Score"]) == ("warmth", "2", "warm", "1")
    assert (tepid["Status"], tepid["Replaced by"]) == ("retired", "warm")
    assert (tea["Value set"], tea["System"], tea["Display"]) == ("of drink", "urn:test", "TEA")


def test_rules_are_in_english_and_as_data():
    shown, needed, worked_out = sheet("Rules")
    assert (shown["Link id"], shown["What"], shown["In English"]) == ("part", "Shown if", "“Warm” is “TEPID”")
    assert '"op": ">"' in needed["As data"]
    assert (worked_out["What"], worked_out["Says"]) == ("Worked out as", "0 to 4: Light")


def test_a_form_without_questions_has_a_dictionary_too():
    assert [len(each.rows) for each in tables_of({"title": "Empty"})] == [0, 0, 0]
