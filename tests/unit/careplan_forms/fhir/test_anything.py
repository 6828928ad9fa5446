"""Whatever JSON comes, the reader answers with a document or a sentence, and names every linkId it met."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.document import canonical_json
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.linter import lint

SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from(
    [
        "linkId",
        "text",
        "type",
        "item",
        "repeats",
        "required",
        "maxLength",
        "code",
        "answerOption",
        "answerValueSet",
        "enableWhen",
        "enableBehavior",
        "initial",
        "extension",
        "prefix",
        "readOnly",
        "option",
    ]
)
WORDS = st.text(max_size=12) | st.sampled_from(
    [
        "group",
        "display",
        "boolean",
        "decimal",
        "integer",
        "date",
        "dateTime",
        "time",
        "string",
        "text",
        "url",
        "choice",
        "open-choice",
        "attachment",
        "reference",
        "quantity",
        "question",
        "a",
        "b",
        "c",
        "#v",
        "<b>x</b>",
    ]
)
JSON = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=6), inner, max_size=6),
    max_leaves=20,
)
CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {"question": st.sampled_from("abc"), "operator": st.sampled_from(["=", "!=", ">", "exists", "?"])},
        optional={
            "answerBoolean": st.booleans(),
            "answerInteger": st.integers(),
            "answerString": WORDS,
            "answerCoding": st.fixed_dictionaries({"code": WORDS}),
            "answerDate": WORDS,
        },
    ),
    max_size=3,
)
CODINGS = st.fixed_dictionaries({}, optional={"code": WORDS, "system": WORDS, "display": WORDS})
EXTENSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "url": st.sampled_from(
                [
                    "x/minValue",
                    "x/maxValue",
                    "x/questionnaire-unit",
                    "x/questionnaire-itemControl",
                    "x/questionnaire-hidden",
                    "x/maxDecimalPlaces",
                    "x/questionnaire-minOccurs",
                    "x/questionnaire-maxOccurs",
                ]
            )
        },
        optional={"valueInteger": SCALARS, "valueCodeableConcept": JSON, "valueCoding": CODINGS, "valueBoolean": JSON},
    ),
    max_size=3,
)


def items(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "linkId": st.sampled_from("abc") | WORDS | SCALARS,
                "type": WORDS,
                "text": WORDS,
                "repeats": st.booleans(),
                "required": st.booleans() | WORDS,
                "maxLength": SCALARS,
                "enableWhen": CONDITIONS | JSON,
                "enableBehavior": WORDS,
                "answerOption": st.lists(st.fixed_dictionaries({"valueCoding": CODINGS}), max_size=3) | JSON,
                "answerValueSet": WORDS,
                "extension": EXTENSIONS | JSON,
                "code": st.lists(CODINGS, max_size=2) | JSON,
                "item": children | JSON,
                "anything": JSON,
            },
        )
        | JSON,
        max_size=4,
    )


FORMS = st.fixed_dictionaries(
    {"resourceType": st.just("Questionnaire"), "item": st.recursive(items(st.just([])), items, max_leaves=8)},
    optional={"title": JSON, "url": JSON, "contained": JSON, "extension": EXTENSIONS | JSON, "description": JSON},
)


def link_ids(holder: Any) -> list[str]:
    """The linkIds of a source as text, found without the help of the reader."""
    entries = holder.get("item") if isinstance(holder, dict) else None
    entries = [entries] if isinstance(entries, dict) else entries
    found = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            given = entry.get("linkId")
            if given is not None and not isinstance(given, (bool, dict, list)):
                found.append(str(given))
            found += link_ids(entry)
    return found


def unhurt(text: str) -> bool:
    return text.isascii() and text.isprintable()


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_no_json_crashes_the_reader(value):
    result = read_questionnaire(json.dumps(value).encode())

    assert result.document is not None or result.report.refusal.endswith(".")


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(raw):
    assert read_questionnaire(raw).report.refusal.endswith(".")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(FORMS)
@example({"resourceType": "Questionnaire", "item": [{"code": [{"code": "0", "display": "\n"}]}]})
def test_every_link_id_is_in_the_report_and_the_document_can_be_used(source):
    result = read_questionnaire(json.dumps(source).encode())

    if result.document is None:
        assert result.report.refusal.endswith(".")
        return
    named = [item.link_id for item in result.report.items]
    for link_id in filter(unhurt, link_ids(source)):
        assert link_id in named
    assert all(item.reasons for item in result.report.items if item.outcome != "kept")
    assert json.loads(canonical_json(result.document))
    codes = {finding.code for finding in lint(result.document) if finding.severity == "error"}
    # What a clinical lead mends in the designer, told by the checks there.
    theirs = {"snomed-check-digit", "option-code-shape", "limits-crossed", "section-too-long", "condition-not-run"}
    assert codes <= theirs
    compiled = compile_form(result.document)
    for section in compiled.sections:
        compiled.render_section(section.key, {})
