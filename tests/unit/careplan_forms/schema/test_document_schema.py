"""The JSON Schema of a form document: every setting of the language has a shape in it."""

import pytest

from careplan_forms import seeds
from careplan_forms.schema.document import ITEM_DEFAULTS, OPTION_DEFAULTS, SECTION_DEFAULTS, normalise
from careplan_forms.schema.document_schema import document_schema, faults, fits
from tests.unit.careplan_forms.schema.documents import document, item


def test_every_setting_has_a_shape():
    parts = document_schema()["$defs"]
    for name, defaults in (("item", ITEM_DEFAULTS), ("section", SECTION_DEFAULTS), ("option", OPTION_DEFAULTS)):
        assert {key for key in defaults if not parts[name]["properties"].get(key)} == set()


def test_the_seeded_plan_fits():
    assert faults(normalise(seeds.form("urgent-care-plan"))) == []


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({}, "the document"),
        (document(item("a", "teleport"), key="k"), "sections/0/items/0/type"),
        (document(item("a", options=[{"status": "odd"}]), key="k"), "sections/0/items/0/options/0/status"),
        (document(item("g", "group", items=[item("a", show_if={"op": "~"})]), key="k"), "sections/0/items/0/items/0"),
        (document(item("a", translations={"cy": "Enw"}), key="k"), "sections/0/items/0/translations/cy"),
    ],
)
def test_a_wrong_shape_is_named_with_its_place(wrong, place):
    assert any(each.startswith(place) for each in faults(wrong))


def test_one_setting_is_judged_by_itself():
    assert fits("slot_values", {"a": "b"}) and not fits("slot_values", ["a"]) and not fits("nonsense", 1)
