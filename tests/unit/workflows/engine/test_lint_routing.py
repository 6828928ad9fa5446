"""A flow that speaks of facts or items there are none of is found."""

import pytest

from tests.factories.workflows import guards, spec
from workflows.engine.lint_routing import lint_items, lint_routing
from workflows.engine.loading import load_spec

FACTS = {"origin": ["doctor", "nurse"], "first": [True, False]}


@pytest.mark.parametrize(
    ("conditions", "codes"),
    [
        ({}, []),
        ({"origin": "doctor", "first": True}, []),
        ({"origins": "doctor"}, ["unknown_fact"]),
        ({"origin": "king"}, ["unknown_fact_value"]),
        ({"first": 1}, ["unknown_fact_value"]),
        ({"moon": "full", "first": None}, ["unknown_fact_value", "unknown_fact"]),
    ],
)
def test_a_condition_on_what_nobody_states_is_found(conditions, codes):
    assert [finding.code for finding in lint_routing(conditions, FACTS)] == codes


@pytest.mark.parametrize(
    ("items", "codes"), [({"allergies"}, ["unknown_item"]), ({"allergies", "ceiling"}, []), (None, [])]
)
def test_a_significant_item_there_is_none_of_is_found(items, codes):
    flow = load_spec(spec(guards=guards("document_unchanged_since_read"), significant=["allergies", "ceiling"]))
    assert [finding.code for finding in lint_items(flow, items)] == codes
