"""Answers go out as a QuestionnaireResponse and come back as they were, for the version that is named."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.response_reader import import_response
from careplan_forms.schema.fhir.responses import export_response
from tests.unit.careplan_forms.fhir.making import extension, form, options, question
from tests.unit.careplan_forms.schema import documents

CANONICAL = "https://example.org/form|3"
ABSENT = ["not-known", "declined"]
CODES = [documents.option(code) for code in ("a", "b", "c")]
OURS = documents.form(
    documents.item("yes", "yes_no", absent=ABSENT),
    documents.item("text", "text"),
    documents.item("long", "long_text", absent=ABSENT),
    documents.item("one", "choice", options=CODES, other=True, absent=ABSENT),
    documents.item("many", "choices", options=CODES, other=True),
    documents.item("day", "date", precision=["D", "M", "Y"]),
    documents.item("number", "number", unit="mg", decimals=3),
    documents.item("bare", "number"),
    documents.item("place", "organisation"),
    documents.item("mail", "email"),
    documents.item("shown", "text", show_if={"item": "yes", "op": "=", "value": True}),
    documents.item(
        "rows",
        "repeat",
        absent=ABSENT,
        items=[
            documents.item("name", "text"),
            documents.item("inner", "repeat", items=[documents.item("deep", "yes_no")]),
        ],
    ),
)
BROUGHT = compile_form(
    read_questionnaire(
        form(
            question("again", repeats=True, item=[question("when", "date")]),
            question("first", "boolean", item=[question("under", "integer")]),
            question("good", "choice", answerOption=[{"valueString": "Good"}, *options("x")]),
            question("time", "time"),
            question("at", "dateTime"),
            question(
                "dose",
                "quantity",
                extension=[extension("http://x/questionnaire-unit", valueCoding={"code": "mg", "display": "mg"})],
            ),
            *[question(f"q{number}") for number in range(45)],
        )
    ).document
)

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
IDS = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,3}", fullmatch=True) | st.from_regex(
    r"[1-9][0-9]{0,14}", fullmatch=True
)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
DAY = st.builds(lambda day, length: day.isoformat()[:length], DATES, st.sampled_from([4, 7, 10]))
GONE = st.fixed_dictionaries({"absent": st.sampled_from(ABSENT)}, optional={"reason": TEXT})
CODED = st.builds(
    lambda option, text: {
        "code": option["code"],
        "system": option["system"],
        "display": option["display"],
        "text": text,
    },
    st.sampled_from(list(CODES)),
    st.just("") | TEXT,
)
FREE = st.builds(lambda text: {"code": "", "system": "", "display": "", "text": text}, TEXT)
MANY = st.lists(CODED, min_size=1, max_size=3, unique_by=lambda each: each["code"])


def entries(**inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    one = st.fixed_dictionaries({"id": IDS}, optional=inside).filter(lambda entry: len(entry) > 1)
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda entry: entry["id"])


OUR_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "yes": st.booleans() | GONE,
        "text": TEXT,
        "long": TEXT | GONE,
        "one": CODED | FREE | GONE,
        "many": MANY,
        "day": DAY,
        "number": NUMBER.map(lambda number: {"value": number, "unit": "mg"}),
        "bare": NUMBER.map(lambda number: {"value": number, "unit": ""}),
        "place": st.builds(
            lambda code, name: {"code": code, "name": name}, st.from_regex(r"[A-Z0-9]{3,6}", fullmatch=True), TEXT
        ),
        "mail": st.just("a@b.example"),
        "shown": TEXT,
        "rows": entries(name=TEXT, inner=entries(deep=st.booleans())) | GONE,
    },
)


def uid(link_id: str) -> str:
    return next(uid for uid, item in BROUGHT.items.items() if item.item.link_id == link_id)


BROUGHT_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        uid("again--entries"): entries(**{uid("again"): TEXT, uid("when"): DAY}),
        uid("first"): st.booleans(),
        uid("under"): st.integers(0, 10**9).map(lambda number: {"value": str(number), "unit": ""}),
        uid("time"): TEXT | st.just("10:30:00"),
        uid("at"): DAY,
        uid("dose"): NUMBER.map(lambda number: {"value": number, "unit": "mg"}),
        uid("q3"): TEXT,
    },
)


def out(form_: Any, answers: dict[str, Any]) -> dict[str, Any]:
    resource = export_response(form_, answers, canonical=CANONICAL).resource
    return json.loads(json.dumps(resource))


def there_and_back(form_: Any, answers: dict[str, Any]) -> Any:
    return import_response(form_, out(form_, answers), canonical=CANONICAL)[0]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(OUR_ANSWERS)
def test_answers_to_a_form_of_ours_come_back_as_they_were(answers):
    assert there_and_back(OURS, answers) == OURS.complete(answers)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(BROUGHT_ANSWERS)
def test_answers_to_a_form_that_was_brought_in_come_back_as_they_were(answers):
    assert there_and_back(BROUGHT, answers) == BROUGHT.complete(answers)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.sampled_from(["yes", "rows", "one", "name"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["linkId", "answer", "item", "valueString", "valueCoding", "valueQuantity", "extension", "id"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
@example({"linkId": "yes", "answer": {"extension": True}})
@example({"linkId": "one", "answer": {"valueCoding": {"code": "a", "extension": 1}}})
def test_no_response_crashes_the_reader(items):
    resource = {"resourceType": "QuestionnaireResponse", "questionnaire": CANONICAL, "item": items}
    answers, report = import_response(OURS, resource, canonical=CANONICAL)

    assert answers is not None and OURS.validate(answers) == []
    assert report.as_text()


def test_a_response_stands_in_the_shape_of_its_form():
    answers = {
        uid("again--entries"): [{"id": "7", uid("again"): "Tea", uid("when"): "2026-01"}],
        uid("first"): True,
        uid("under"): {"value": "4", "unit": ""},
        uid("good"): {"code": "good", "system": BROUGHT.items[uid("good")].item.options[0].system, "display": "Good"},
    }
    items = {item["linkId"]: item for item in out(BROUGHT, answers)["item"]}

    assert items["again"]["answer"] == [
        {"id": "7", "valueString": "Tea", "item": [{"linkId": "when", "answer": [{"valueDate": "2026-01"}]}]}
    ]
    assert items["first"]["answer"][0]["item"] == [{"linkId": "under", "answer": [{"valueInteger": 4}]}]
    assert items["good"]["answer"][0]["valueCoding"]["display"] == "Good"


def test_hidden_answers_stay_behind_and_are_named():
    result = export_response(OURS, {"yes": False, "shown": "Not now"}, canonical=CANONICAL)

    assert "Not now" not in json.dumps(result.resource)
    assert [line.new_link_id for line in result.report.items if line.outcome == "refused"] == ["shown"]


def test_secret_answers_never_go_out_and_never_come_in():
    compiled = documents.form(documents.item("safe", slot="access.code"), documents.item("open"))
    assert compiled.secret_uids == {"safe"}

    result = export_response(compiled, {"safe": "4711", "open": "Yes"}, canonical=CANONICAL)
    sent = json.dumps(result.resource)
    brought = json.loads(sent)
    brought["item"][0]["item"].append({"linkId": "safe", "answer": [{"valueString": "4711"}]})

    assert "Yes" in sent
    assert "4711" not in sent + result.report.as_text()
    assert import_response(compiled, brought, canonical=CANONICAL)[0] == {"open": "Yes"}


@pytest.mark.parametrize("named", ["https://example.org/form|2", "https://example.org/form", "", None])
def test_a_response_to_another_version_is_refused(named):
    resource = {"resourceType": "QuestionnaireResponse", "questionnaire": named, "item": []}
    answers, report = import_response(OURS, resource, canonical=CANONICAL)

    assert answers is None
    assert report.refusal.endswith(".")


def test_what_does_not_fit_is_left_out_and_named():
    good = out(OURS, {"yes": True, "text": "Fine"})
    resource = copy.deepcopy(good)
    resource["item"][0]["item"] += [
        {"linkId": "one", "answer": [{"valueCoding": {"code": "zz"}}]},
        {"linkId": "number", "answer": [{"valueQuantity": {"value": 4, "unit": "kg"}}]},
        {"linkId": "day", "answer": [{"valueDate": "2026-02-31"}]},
        {"linkId": "nowhere", "answer": [{"valueString": "x"}]},
    ]
    answers, report = import_response(OURS, resource, canonical=CANONICAL)

    assert answers == {"yes": True, "text": "Fine"}
    refused = {line.link_id for line in report.items if line.outcome == "refused"}
    assert refused == {"one", "number", "day", "nowhere"}


def test_why_there_is_no_answer_is_said_in_fhirs_words_too():
    resource = out(OURS, {"yes": {"absent": "declined", "reason": "Too tired"}})
    said = {each["url"].rsplit("/", 1)[-1]: each for each in resource["item"][0]["item"][0]["answer"][0]["extension"]}

    assert said["data-absent-reason"]["valueCode"] == "asked-declined"
    assert said["absent-reason"]["valueString"] == "Too tired"
