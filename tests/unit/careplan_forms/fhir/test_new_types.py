"""Structured answers, scales, scores, tables and texts with links: to FHIR and back."""

import pytest

from careplan_forms.schema.document import normalise
from careplan_forms.schema.fhir import values
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.values import Misfit
from careplan_forms.schema.fhir.writing import export_questionnaire
from careplan_forms.schema.model import read
from tests.unit.careplan_forms.schema.documents import document, item
from tests.unit.careplan_forms.schema.test_structured_types import ADRT, ANN, SIGNED


def asked(kind, **more):
    return read(document(item("a", kind, **more))).sections[0].items[0]


@pytest.mark.parametrize(
    ("kind", "fhir_type", "value"),
    [
        ("person", "string", ANN),
        ("signature", "string", SIGNED),
        ("file", "string", ADRT),
        ("scale", "integer", {"value": "7", "unit": ""}),
        ("score", "decimal", {"value": "4.5", "unit": ""}),
    ],
)
def test_an_answer_comes_back_as_it_went(kind, fhir_type, value):
    out = values.written(kind, fhir_type, value)
    assert values.read(kind, asked(kind), out) == value


def test_a_person_told_in_words_is_known_by_name_and_other_words_are_refused():
    assert values.read("person", asked("person"), {"valueString": "Ann Lee"})["name"] == "Ann Lee"
    with pytest.raises(Misfit):
        values.read("file", asked("file"), {"valueString": "An ADRT"})


@pytest.mark.parametrize("parts", ["[1]", "{", "[" * 30_000, 5, None])
def test_parts_that_cannot_be_read_are_refused(parts):
    written = values.written("file", "string", ADRT)
    written["_valueString"]["extension"][0]["valueString"] = parts
    with pytest.raises(Misfit):
        values.read("file", asked("file"), written)


def test_each_type_comes_home_as_itself():
    form = normalise(
        document(
            item("p", "person"),
            item("s", "scale", min=0, max=10, min_label="none", max_label="worst"),
            item("g", "signature"),
            item("f", "file"),
            item("b", "body", label="See [this](https://example.org)"),
            item("t", "table", items=[item("c")]),
            item("z", "score", calculation={"sum": [{"item": "s"}]}, bands=[{"from": 0, "to": None, "text": "x"}]),
            key="k",
            url="https://example.org/k",
        )
    )
    home = normalise(read_questionnaire(export_questionnaire(form).resource).document)
    found = {each["link_id"]: each for section in home["sections"] for each in section["items"]}
    for each in form["sections"][0]["items"]:
        for key in ("type", "label", "bands", "min_label", "max_label", "calculation"):
            expected = each[key]
            if key != "calculation":
                assert found[each["link_id"]][key] == expected, (each["uid"], key)
