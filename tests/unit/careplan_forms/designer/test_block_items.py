import copy

import pytest

from careplan_forms.block_items import items_of, options_of, stream_of, stream_of_options, types_in
from careplan_forms.models import FormSection
from careplan_forms.schema.document import ITEM_DEFAULTS, OPTION_DEFAULTS, normalise
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.services.form_drafts import readable
from core.exceptions import Refused

BLOCKS = FormSection._meta.get_field("items").stream_block


def normal(items):
    return normalise({"sections": [{"items": items}]})["sections"][0]["items"]


def through_the_editor(items):
    """To blocks, through the editor's validation and storage, and back."""
    stored = BLOCKS.get_prep_value(BLOCKS.clean(BLOCKS.to_python(stream_of(items))))
    return items_of(stored, types_in([stored]))


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
    assert items_of(stored, {})[0]["code"] == [{"system": "s", "code": "9", "display": ""}]


def test_clearing_a_rich_condition_shows_the_item_always():
    stored = stream_of([item(show_if={"not": {"item": "u2", "op": "exists", "value": True}})])
    assert stored[0]["value"]["rule"]
    stored[0]["value"]["rule"] = ""
    assert items_of(stored, {})[0]["show_if"] is None


def test_rows_win_over_a_rich_condition():
    stored = stream_of([item(show_if={"not": {"item": "u2", "op": "exists", "value": True}})])
    stored[0]["value"]["show_if"] = [{"type": "item", "id": "r", "value": {"item": "u2", "op": "=", "value": "x"}}]
    assert items_of(stored, {"u2": "text"})[0]["show_if"] == {"item": "u2", "op": "=", "value": "x"}


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
    assert items_of(stored, types_in([stored])) == items
