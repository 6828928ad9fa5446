"""A record standard published as a dataset becomes a form, each concept with a line of the report."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan_forms.schema.bringing import read_form
from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.fhir.report import ImportResult
from careplan_forms.schema.linter import errors
from careplan_forms.schema.prsb.dataset import read_dataset


def concept(name: str, kind: str = "string", obligation: str = "R", most: str = "1", **more: Any) -> dict[str, Any]:
    domain = {"valueDomain": [{"type": kind, "property": [{"maxLength": "20"}]}]} if kind else {}
    plain = {"type": "item", "name": name, "mro": obligation, "minimumMultiplicity": "0", "maximumMultiplicity": most}
    return plain | domain | more


def group(name: str, *inside: dict[str, Any], most: str = "1") -> dict[str, Any]:
    return {"type": "group", "name": name, "maximumMultiplicity": most, "mro": "M", "concept": list(inside)}


def standard(*concepts: Any) -> dict[str, Any]:
    return {"dataset": [{"version": "2.0", "name": "Visits", "concept": list(concepts)}]}


def read(*concepts: Any) -> ImportResult:
    return read_form(json.dumps(standard(*concepts)).encode())


def items(result: ImportResult) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    pending = [item for section in result.document["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        found[item["link_id"]] = item
        pending += item.get("items", [])
    return found


CODES = "SNOMED CT: - 450475007 | First words |, 450476008 | Second words |, 450476009 | Wrong |, ^999001 | A set |"


def test_groups_items_and_obligations_become_a_form():
    result = read(
        group("Visitor", concept("Family name", obligation="M"), concept("Seen", "boolean")),
        group("Visits", concept("When", "datetime"), concept("Notes", "text"), most="*"),
    )
    found = items(result)

    assert result.document["title"] == "Visits"
    assert (found["family-name"]["required"], found["family-name"]["max_length"]) == ("publish", 20)
    assert (found["seen"]["type"], found["when"]["type"], found["notes"]["type"]) == ("yes_no", "date", "long_text")
    assert found["visits"]["type"] == "repeat"
    assert "required" not in found["seen"]
    assert errors(result.document) == []


def test_codes_listed_in_words_become_answers_with_room_for_others():
    result = read(concept("Decision", "", valueSets=CODES))
    item = items(result)["decision"]

    assert [option["code"] for option in item["options"]] == ["450475007", "450476008"]
    assert item["other"] is True
    assert any("450476009" in reason for line in result.report.items for reason in line.reasons)


def test_a_list_named_in_words_only_is_said():
    line = read(concept("Role", "", valueSets="See <a href='x'>the list</a>")).report.items[0]

    assert line.outcome == "kept but not executed"


def test_the_same_name_twice_and_a_description_as_hint():
    told = group("Other", concept("Free text"), concept("Code", description="<p>Say <b>which</b></p>"))
    found = items(read(group("One", concept("Free text")), told))

    assert {"free-text", "other.free-text"} <= set(found)
    assert found["code"]["hint"] == "Say which"


def test_each_concept_is_kept_word_for_word_and_named_once():
    result = read(group("One", concept("A"), concept("B")))

    assert items(result)["a"]["residue"]["prsb"] == concept("A")
    assert [line.new_link_id for line in result.report.items] == ["one", "a", "b"]


@pytest.mark.parametrize("content", [{"dataset": []}, {"dataset": "x"}, standard(), standard(*[concept("x")] * 2001)])
def test_what_is_no_standard_is_refused_in_words(content):
    result = read_dataset(json.dumps(content).encode())

    assert result.document is None and result.report.refusal.endswith(".")


NAMES = ["name", "type", "mro", "concept", "valueDomain", "valueSets", "maximumMultiplicity", "description", "property"]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["item", "M", "*", "datetime"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(ANY)
def test_no_dataset_crashes_the_reader(value):
    result = read_dataset(json.dumps({"dataset": [{"name": "x", "concept": value}]}).encode())

    if result.document is None:
        assert result.report.refusal.endswith(".")
    else:
        compile_form(result.document)
