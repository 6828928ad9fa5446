"""One file of vectors, two evaluators: what they say of each case must be what is written there."""

import json
from pathlib import Path

import pytest

from careplan_forms.schema import rules
from tests.unit.careplan_forms.schema.evaluators import by_browser, by_server

FILE = json.loads((Path(rules.__file__).parent / "vectors.json").read_text(encoding="utf-8"))
VECTORS = FILE["vectors"] + FILE["calculations"]
NAMES = [vector["name"] for vector in VECTORS]


@pytest.fixture(scope="module")
def browser():
    return dict(zip(NAMES, by_browser(VECTORS), strict=True))


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_server_decides_as_written(vector):
    assert by_server(vector) == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_browser_decides_as_written(vector, browser):
    assert browser[vector["name"]] == vector["expect"]


def test_vector_names_are_unique():
    assert len(NAMES) == len(set(NAMES))
