"""A diff that says nothing means that nothing changed; what it says names the question it is about."""

import pytest
from hypothesis import given

from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import ITEM_DEFAULTS, normalise
from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if
from tests.unit.careplan_forms.schema.generated import documents

#: Another value for each setting of an item, on an item of a type that has it.
OTHERWISE = {
    "link_id": ("text", "another"),
    "type": ("text", "long_text"),
    "label": ("text", "Other words"),
    "hint": ("text", "A hint"),
    "patient_label": ("text", "Your words"),
    "code": ("text", [{"system": "urn:test", "code": "c1", "display": "C1"}]),
    "required": ("text", "publish"),
    "absent": ("text", ["not-known"]),
    "show_if": ("text", shown_if("first", True)),
    "required_if": ("text", shown_if("first", True)),
    "recommended": ("text", True),
    "warnings": ("text", [{"rule": shown_if("first", True), "text": "Ask again"}]),
    "calculation": ("calculated", {"sum": [{"item": "falls"}]}),
    "bands": ("score", [{"from": 0, "to": 4, "text": "Low"}]),
    "min_label": ("scale", "None at all"),
    "max_label": ("scale", "The worst"),
    "max_length": ("text", 7),
    "options": ("choice", [option("x"), option("z")]),
    "other": ("choice", True),
    "unit": ("number", "mg"),
    "min": ("number", 1),
    "max": ("number", 9),
    "decimals": ("number", 2),
    "precision": ("date", ["D", "M"]),
    "items": ("group", [item("inner")]),
    "min_items": ("repeat", 1),
    "max_items": ("repeat", 4),
    "file_kinds": ("attachment", ["pdf"]),
    "max_size": ("attachment", 2_000_000),
    "slot": ("text", "key_facts.text"),
    "slot_values": ("choice", {"x": "attempt"}),
    "prefill": ("text", "patient.family_name"),
    "roles": ("text", {"see": ["doctor"]}),
    "translations": ("text", {"cy": {"label": "Geiriau"}}),
}
#: Settings that say nothing of their own: the name of the item, a list whose options are read in its place, and what
#: another system wrote beside.
SILENT = {"uid", "value_set", "residue"}


def around(asked):
    return document(item("first", "yes_no"), item("falls", "number"), asked)


def asked(kind, **more):
    options = {"options": [option("x"), option("y")]} if kind == "choice" else {}
    inner = {"items": [item("kept")]} if kind in ("group", "repeat") else {}
    return item("asked", more.pop("type", kind), **(options | inner | more))


def test_every_setting_of_the_language_is_looked_at():
    assert set(OTHERWISE) | SILENT == set(ITEM_DEFAULTS)


@pytest.mark.parametrize("setting", sorted(OTHERWISE))
def test_a_changed_setting_is_said_and_names_its_question(setting):
    kind, value = OTHERWISE[setting]
    changes = diff_documents(around(asked(kind)), around(asked(kind, **{setting: value})))
    assert changes
    assert {change.uid for change in changes} <= {"asked", "inner", "kept"}
    assert all(change.sentence.endswith(".") for change in changes)


@given(documents())
def test_a_form_does_not_differ_from_itself_however_it_is_written(content):
    assert diff_documents(content, normalise(content)) == []


@given(documents(), documents())
def test_nothing_is_said_only_when_the_forms_are_the_same(old, new):
    assert (diff_documents(old, new) == []) == (normalise(old) == normalise(new))


@given(documents(), documents())
def test_all_that_came_and_went_is_named(old, new):
    changes = diff_documents(old, new)
    before, after = ({each["uid"] for each in side["sections"][0]["items"]} for side in (old, new))
    told = {kind: {change.uid for change in changes if change.kind == kind} for kind in ("added", "removed")}
    assert after - before <= told["added"] and before - after <= told["removed"]
    kept = {change.aspect for change in changes if change.kind in told and change.uid in before & after}
    assert kept <= {"option"}
