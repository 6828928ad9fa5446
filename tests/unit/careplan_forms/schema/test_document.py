import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_forms.schema.document import (
    SCHEMA_VERSION,
    DocumentError,
    canonical_json,
    normalise,
    sha256_of,
    upgrade,
)
from careplan_forms.schema.model import read
from tests.unit.careplan_forms.schema.documents import document, item, option

FORM = document(item("a", "number", min=1, max=2.5), item("b", "choice", options=[option("x")]))


def test_the_order_of_keys_does_not_change_the_bytes():
    turned = json.loads(json.dumps(FORM), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert list(turned) != list(FORM)
    assert canonical_json(turned) == canonical_json(FORM)


def test_defaults_left_out_given_and_given_as_null_are_the_same_document():
    spelled = copy.deepcopy(FORM)
    spelled["sections"][0]["items"][0] |= {"required": "never", "hint": None, "items": [], "link_id": "a"}
    assert sha256_of(spelled) == sha256_of(FORM)


def test_any_change_of_meaning_changes_the_hash():
    changed = copy.deepcopy(FORM)
    changed["sections"][0]["items"][0]["required"] = "publish"
    assert sha256_of(changed) != sha256_of(FORM)


def test_canonical_bytes_are_a_fixed_point():
    once = canonical_json(FORM)
    assert canonical_json(json.loads(once)) == once
    assert normalise(json.loads(once)) == json.loads(once)


@pytest.mark.parametrize(
    ("number", "written"), [(1.0, "1"), (-0.0, "0"), (0.1, "0.1"), (Decimal("2.50"), "2.5"), (10**20, "1" + "0" * 20)]
)
def test_numbers_do_not_drift(number, written):
    assert f'"min":{written},' in canonical_json(document(item("a", "number", min=number))).decode()


def test_text_is_utf8_and_never_a_lone_surrogate():
    assert "Überweisung 😀".encode() in canonical_json(document(item("a", hint="Überweisung 😀")))
    assert canonical_json(document(item("a", hint="\ud800"))).decode("utf-8")


def test_unknown_keys_survive():
    assert normalise(document(item("a", residue={"x": [1]}, extra=7)))["sections"][0]["items"][0]["extra"] == 7


@pytest.mark.parametrize(
    "hostile", [None, [], "form", {"schema_version": 99}, {"schema_version": "1"}, {"schema_version": True}]
)
def test_what_is_no_document_is_refused_with_a_sentence(hostile):
    with pytest.raises(DocumentError) as refusal:
        upgrade(hostile)
    assert str(refusal.value).endswith(".")


def test_infinite_numbers_and_endless_nesting_are_refused():
    with pytest.raises(DocumentError, match="infinite"):
        canonical_json(document(item("a", min=float("inf"))))
    deep: dict = item("a")
    for _ in range(3000):
        deep = {"items": [deep]}
    with pytest.raises(DocumentError, match="deeply"):
        canonical_json(document(deep))


def test_a_document_without_a_version_is_read_as_the_first():
    assert upgrade({})["schema_version"] == SCHEMA_VERSION


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_reading_never_crashes_on_wrong_shapes(value):
    keys = ("sections", "value_sets", "title", "language")
    for hostile in [{key: value} for key in keys] + [{"sections": [value, {"key": "a", "items": value}]}]:
        assert read(hostile).sections is not None
