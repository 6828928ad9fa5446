"""Editing by rows loses nothing: a spec becomes rows, the editor's fields, and the same bytes again."""

import copy
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from wagtail import blocks

from workflows.blocks.language import words
from workflows.blocks.rows import rows_of, spec_of
from workflows.engine.loading import SpecError, canonical_json, load_spec
from workflows.models import FlowDefinition
from workflows.services.seeds import read_seeds

SEEDS = read_seeds()
PLAN = next(seed for seed in SEEDS if seed["key"] == "plan-doctor-written")
BLOCK = FlowDefinition._meta.get_field("states").stream_block
#: What a place of a spec is changed to: defaults written out, words nobody registered, blanks, names of states.
TEXTS = ["", " x ", "midwife", "start", "Approved", "none", "owner_org", "plan.approve", "a\nb"]
USES = [
    [{"name": "unheard_of"}],
    [{"name": "not_author", "params": {"x": [1]}}],
    [{"name": "not_author", "params": {}}],
]
ACTORS = [[{"role": "midwife", "scope": "host"}], [{"role": " doctor ", "scope": "author"}]]
ODD = st.sampled_from([*TEXTS, *USES, *ACTORS, 1, 72, True, False, None, [], {}, ["a", "b"]])
OPTIONAL = [("states", word.name) for word in words("state")] + [
    ("transitions", word.name) for word in words("transition")
]


def through_rows(spec):
    fields, states = rows_of(spec)
    return spec_of(fields, states)


def through_the_editor(spec):
    """As a page saves it: read into blocks, cleaned, stored."""
    fields, states = rows_of(spec)
    return spec_of(fields, BLOCK.get_prep_value(BLOCK.clean(BLOCK.to_python(states))))


@st.composite
def specs(draw):
    """A delivered flow, its steps in any order, with up to three places changed, as long as it can be read."""
    spec = copy.deepcopy(draw(st.sampled_from(SEEDS))["spec"])
    spec["transitions"] = draw(st.permutations(spec["transitions"]))
    for _ in range(draw(st.integers(0, 3))):
        kind, word = draw(st.sampled_from([*OPTIONAL, ("", "title"), ("", "note"), ("", "exemption")]))
        holder = draw(st.sampled_from(spec[kind])) if kind else spec
        holder[word] = draw(ODD)
    try:
        load_spec(spec)
    except SpecError:
        assume(False)
    return spec


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["key"])
def test_every_delivered_flow_comes_back_the_same(seed):
    assert canonical_json(through_rows(seed["spec"])) == canonical_json(seed["spec"])
    assert canonical_json(through_the_editor(seed["spec"])) == canonical_json(seed["spec"])


@given(specs())
def test_whatever_can_be_read_comes_back_the_same(spec):
    assert canonical_json(through_rows(spec)) == canonical_json(spec)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["key"])
def test_nothing_is_kept_aside_that_has_a_field(seed):
    fields, states = rows_of(seed["spec"])
    assert fields["kept"] == {} and '"kept": "{' not in json.dumps(states)


def test_every_word_of_the_language_has_a_field():
    assert [word.name for kind in ("state", "transition", "actor") for word in words(kind) if not word.kind] == []


def edited(change):
    """A delivered flow after `change` was made to its rows."""
    fields, states = rows_of(PLAN["spec"])
    change([state["value"] for state in states])
    return spec_of(fields, states)


def test_a_changed_field_changes_the_spec_and_nothing_else():
    def rename(rows):
        rows[1]["label"] = "Waiting"
        for row in rows:
            for step in row["steps"]:
                if step["value"]["to"] == "Waiting for a doctor":
                    step["value"]["to"] = "waiting"

    expected = copy.deepcopy(PLAN["spec"])
    expected["states"][1]["label"] = "Waiting"
    assert edited(rename) == expected


def test_a_kept_text_gives_way_when_its_field_is_changed():
    spec = copy.deepcopy(PLAN["spec"])
    spec["transitions"][0]["actors"][0]["role"] = "midwife"
    fields, states = rows_of(spec)
    actor = states[0]["value"]["steps"][0]["value"]["actors"][0]["value"]
    assert actor["role"] == "" and "midwife" in actor["kept"]
    actor["role"] = "clinician"
    assert spec_of(fields, states)["transitions"][0]["actors"][0] == {"role": "clinician", "scope": "owner_org"}


def test_new_states_and_steps_get_a_name_in_records_of_their_own():
    fields, states = rows_of(PLAN["spec"])
    states[1]["value"]["steps"].append({"value": {"label": "Approve", "to": "Returned to its author"}})
    states.append({"value": {"label": "Approved", "kind": "final", "steps": []}})
    spec = spec_of(fields, states)
    assert [state["key"] for state in spec["states"]][-1] == "approved_2"
    new = spec["transitions"][-1]
    assert new == {"key": "approve_2", "label": "Approve", "from": "awaiting_approval", "to": "returned"}


def test_a_guard_that_is_registered_no_more_stays_by_its_name():
    stored = {"type": "state", "id": "s", "value": {"key": "a", "label": "A", "kind": "start", "steps": [
        {"type": "item", "id": "i", "value": {"key": "go", "label": "Go", "to": "A", "guards": [
            {"type": "gone_guard", "id": "g", "value": {"days": 3, "kept": ""}}]}}]}}  # fmt: skip
    prepared = BLOCK.get_prep_value(BLOCK.to_python([stored]))
    said = spec_of({"title": "T"}, prepared)["transitions"][0]
    assert said["guards"] == [{"name": "gone_guard", "params": {"days": 3}}]


def shown_in_a_browser(block, value):
    """A stored value after a page showed it and sent it back: what a field of text holds is sent as text."""
    if isinstance(block, blocks.StructBlock):
        return {name: shown_in_a_browser(child, value[name]) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.StreamBlock):
        return [row | {"value": shown_in_a_browser(block.child_blocks[row["type"]], row["value"])} for row in value]
    if isinstance(block, blocks.ListBlock):
        return [row | {"value": shown_in_a_browser(block.child_block, row["value"])} for row in value]
    if isinstance(block, blocks.BooleanBlock | blocks.IntegerBlock):
        return value
    return "" if value is None else str(value)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["key"])
def test_a_flow_that_was_only_looked_at_is_sent_back_the_same(seed):
    fields, states = rows_of(seed["spec"])
    stored = BLOCK.get_prep_value(BLOCK.to_python(states))
    assert canonical_json(spec_of(fields, shown_in_a_browser(BLOCK, stored))) == canonical_json(seed["spec"])
