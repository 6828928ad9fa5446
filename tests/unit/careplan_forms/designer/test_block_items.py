import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan_forms import seeds
from careplan_forms.block_items import items_of, stream_of
from careplan_forms.block_options import options_of, stream_of_options
from careplan_forms.models import FormSection
from careplan_forms.schema.calculation_parts import LISTS
from careplan_forms.schema.document import ITEM_DEFAULTS, OPTION_DEFAULTS, canonical_json, normalise
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.rules import OPERATORS
from careplan_forms.services.form_drafts import readable
from core.exceptions import Refused

BLOCKS = FormSection._meta.get_field("items").stream_block


def normal(items):
    return normalise({"sections": [{"items": items}]})["sections"][0]["items"]


def through_the_editor(items):
    """To blocks, through the editor's validation and storage, and back."""
    stored = BLOCKS.get_prep_value(BLOCKS.clean(BLOCKS.to_python(stream_of(items))))
    return items_of(stored)


def item(**fields):
    return {"uid": "u1", "link_id": "q1", "type": "text", "label": "Q?"} | fields


@pytest.mark.parametrize("kind", sorted(ITEM_TYPES))
def test_every_type_of_the_registry_has_a_block_that_keeps_it(kind):
    plain = [item(type=kind)]
    assert through_the_editor(plain) == normal(plain)


@pytest.mark.parametrize(
    "fields",
    [
        {"hint": "H", "patient_label": "P", "required": "publish", "absent": ["not-known", "declined"]},
        {"max_length": 40, "prefill": "patient.family_name", "slot": "cpr.modified"},
        {"type": "number", "unit": "mg", "min": 0, "max": 2.5, "decimals": 0},
        {"type": "date", "precision": ["D", "Y"], "min": "2020-01-01"},
        {"type": "repeat", "min_items": 1, "max_items": 3, "items": [item(uid="u2", link_id="q2")]},
        {
            "type": "choice",
            "value_set": "cpr-decision",
            "other": True,
            "slot_values": {"1": "attempt", "2": "modified"},
        },
        {"type": "choice", "options": [{"id": "y", "code": "Y", "system": "s", "display": "Yes", "status": "retired"}]},
        {"code": [{"system": "http://snomed.info/sct", "code": "450475007", "display": "Attempt CPR"}]},
        {
            "show_if": {
                "item": "u1",
                "op": "in",
                "value": ["a", {"absent": "declined"}, 1.5, {"value": "3", "unit": "mg"}],
            }
        },
        {"required_if": {"not": {"all": [{"any": [{"item": "u1", "op": "=", "value": True}]}]}}, "recommended": True},
        {"warnings": [{"uid": "w1", "rule": {"item": "u1", "op": "exists", "value": True}, "text": "Look again"}]},
        {
            "type": "calculated",
            "calculation": {"sum": [{"item": "u1"}, {"score": "u2"}]},
            "unit": "points",
            "decimals": 1,
        },
        {
            "type": "choice",
            "options": [{"id": "y", "code": "Y", "display": "Yes", "score": 2.5, "translations": {"cy": {}}}],
        },
        {"type": "scale", "min": 1, "max": 5, "min_label": "Poor", "max_label": "Good"},
        {"type": "score", "bands": [{"from": 0, "to": 4.5, "text": "Mild"}, {"from": 5, "to": None, "text": "Worse"}]},
        {"type": "table", "min_items": 1, "max_items": 3, "items": [item(uid="u2", link_id="q2", type="person")]},
        {"type": "body", "label": "See [this](https://example.org)"},
    ],
)
def test_what_the_editor_has_fields_for_comes_back(fields):
    assert through_the_editor([item(**fields)]) == normal([item(**fields)])


@pytest.mark.parametrize(
    "fields",
    [
        {"residue": {"extension": [{"url": "u", "valueCode": "x"}]}},
        {"a-key-of-tomorrow": {"x": [1, None]}},
        {"absent": ["not-known", "a-reason-of-theirs"]},
        {"code": [{"system": "s", "code": "1", "version": "2"}, {"code": "without a system"}]},
        {"slot": "a.slot.of.tomorrow"},
        {"calculation": {"item": "u2"}},
        {"type": "guidance", "required_if": {"item": "u2", "op": "=", "value": 1}, "recommended": True},
        {"type": "choice", "options": [{"id": "y", "code": "Y", "display": "Yes", "score": "2"}]},
        {"type": "choice", "options": [{"id": "y", "code": "Y", "display": "Yes", "score": "heavy"}]},
        {"unit": "mg", "min": 3},
        {"type": "choice", "options": [{"id": "y", "code": "Y", "display": "Yes", "weight": 3}]},
        {"show_if": {"not": {"item": "u2", "op": "exists", "value": True}}},
        {
            "show_if": {
                "all": [{"any": [{"item": "u2", "op": "=", "value": "a|b"}]}, {"item": "u2", "op": "!=", "value": ""}]
            }
        },
    ],
)
def test_what_the_editor_has_no_field_for_comes_back_too(fields):
    plain = [item(**fields), item(uid="u2", link_id="q2", label="Other")]
    assert through_the_editor(plain) == normal(plain)


def test_an_edit_wins_over_what_was_kept():
    stored = stream_of([item(code=[{"system": "s", "code": "1", "version": "2"}])])
    stored[0]["value"]["code"] = "s|9"
    assert items_of(stored)[0]["code"] == [{"system": "s", "code": "9", "display": ""}]


def test_clearing_a_condition_shows_the_item_always():
    stored = stream_of([item(show_if={"not": {"item": "u2", "op": "exists", "value": True}})])
    stored[0]["value"]["show_if"] = ""
    assert items_of(stored)[0]["show_if"] is None


def test_seven_levels_of_groups_are_kept():
    deepest = item(uid="u7", link_id="q7")
    nested = copy.deepcopy(deepest)
    for level in range(6, 0, -1):
        nested = item(uid=f"u{level}", link_id=f"q{level}", type="group", items=[nested])
    assert through_the_editor([nested]) == normal([nested])


def test_a_type_nobody_knows_is_refused_by_name():
    with pytest.raises(ValueError, match=r"q1.*hologram"):
        stream_of([item(type="hologram")])


def test_options_keep_their_ids():
    options = [{"id": "o-1", "code": "A", "system": "s", "display": "One", "status": "active", "replaced_by": None}]
    assert options_of(stream_of_options(options)) == [OPTION_DEFAULTS | each for each in options]


@pytest.mark.parametrize("value", ["text", 5, [], {}, None, True, ["x"], [5], {"x": 5}, [{}], [[]], {"x": None}])
@pytest.mark.parametrize("key", sorted(ITEM_DEFAULTS))
def test_an_item_of_any_shape_is_kept_whole_or_refused(key, value):
    odd = {"key": "odd", "sections": [{"key": "s", "title": "S", "items": [item() | {key: value}]}]}
    try:
        items = readable(odd)["sections"][0]["items"]
        stored = stream_of(items)
    except (Refused, ValueError):
        return
    assert items_of(stored) == items


def test_a_score_written_anew_wins_over_one_that_was_brought_as_text():
    stored = stream_of([item(type="choice", options=[{"id": "y", "code": "Y", "score": "2"}])])
    stored[0]["value"]["options"][0]["value"]["score"] = "3"
    assert items_of(stored)[0]["options"][0]["score"] == 3


@pytest.mark.parametrize("key", seeds.form_keys())
def test_every_seeded_form_comes_back_to_the_byte(key):
    plain = normalise(seeds.form(key))
    back = [section | {"items": through_the_editor(section["items"])} for section in plain["sections"]]
    assert canonical_json(plain | {"sections": back}) == canonical_json(plain)


UIDS = st.sampled_from(["u1", "u2", "u-3", "nowhere"])
PLAIN = st.one_of(st.booleans(), st.integers(-50, 50), st.decimals(-9, 9, places=2).map(float), st.text(max_size=8))
VALUES = st.one_of(PLAIN, st.builds(lambda code: {"absent": code}, st.text(max_size=6)), st.lists(PLAIN, max_size=3))
CONDITIONS = st.builds(
    lambda uid, op, value: {"item": uid, "op": op, "value": value}, UIDS, st.sampled_from(OPERATORS), VALUES
)
RULES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(lambda match, rows: {match: rows}, st.sampled_from(["all", "any"]), st.lists(inner, max_size=3)),
        st.builds(lambda rule: {"not": rule}, inner),
    ),
    max_leaves=6,
)
OPERANDS = st.one_of(
    st.builds(lambda uid: {"item": uid}, UIDS),
    st.builds(lambda uid: {"score": uid}, UIDS),
    st.builds(lambda value: {"value": value}, PLAIN),
    st.just({"today": True}),
)
CALCULATIONS = st.recursive(
    OPERANDS,
    lambda inner: st.one_of(
        st.builds(lambda kind, parts: {kind: parts}, st.sampled_from(LISTS), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda rule, then, other: {"if": rule, "then": then, "else": other}, RULES, inner, inner),
        st.builds(lambda key, result: {"lookup": key, "table": [{"from": 1, "to": 2, "result": result}]}, inner, PLAIN),
    ),
    max_leaves=6,
)
WARNINGS = st.fixed_dictionaries({"uid": st.just("w"), "rule": RULES, "text": st.text(max_size=9)})
ITEMS = st.fixed_dictionaries(
    {"uid": st.just("u1"), "link_id": st.just("q1"), "label": st.text(min_size=1, max_size=20).filter(str.strip)},
    optional={
        "type": st.sampled_from(sorted(set(ITEM_TYPES) - {"group", "repeat"})),
        "show_if": st.none() | RULES,
        "required_if": st.none() | RULES,
        "recommended": st.booleans(),
        "warnings": st.lists(WARNINGS, max_size=2),
        "calculation": st.none() | CALCULATIONS,
        "hint": st.text(max_size=9),
    },
)


@settings(max_examples=150)
@given(ITEMS)
def test_whatever_an_item_does_by_rules_comes_back_to_the_byte(given_item):
    plain = normal([given_item])
    back = items_of(stream_of(plain))
    assert json.dumps(back, sort_keys=True) == json.dumps(plain, sort_keys=True)
