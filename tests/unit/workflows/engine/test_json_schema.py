"""The published schema and the reader agree on the shape of a flow file."""

import copy
import json

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.engine.json_schema import flow_schema
from workflows.engine.loading import SpecError, load_file
from workflows.services.seeds import read_seeds

SCHEMA = jsonschema_rs.validator_for(flow_schema())
#: What only the reader can know: whether what is named exists, and stands there once.
BEYOND_SHAPE = ("there is no state", "stands here twice", "exactly one state")
WRONG = st.sampled_from(["", "x", "x" * 600, "Ä b", 0, -1, 7, 10**6, True, None, [], {}, ["x"], {"x": 1}])


def loads(document):
    """Whether the reader takes the shape of a document."""
    try:
        load_file(json.dumps(document).encode())
    except SpecError as error:
        return any(words in str(error) for words in BEYOND_SHAPE)
    return True


def places(value, path=()):
    """Every place in a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


@st.composite
def mutated(draw):
    """A delivered flow with one place changed, removed or added to."""
    document = copy.deepcopy(draw(st.sampled_from(read_seeds())))
    path = draw(st.sampled_from([each for each in places(document) if each]))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    deed = draw(st.sampled_from(["change", "remove", "add"]))
    if deed == "change":
        holder[path[-1]] = draw(WRONG)
    elif deed == "remove":
        del holder[path[-1]]
    else:
        assume(isinstance(holder, dict))
        holder["unheard_of"] = draw(WRONG)
    return document


@pytest.mark.parametrize("seed", read_seeds(), ids=lambda seed: seed["key"])
def test_every_delivered_flow_fits(seed):
    assert SCHEMA.is_valid(seed) and loads(seed)


@given(mutated())
def test_schema_and_reader_take_and_refuse_the_same_shapes(document):
    assert SCHEMA.is_valid(document) == loads(document)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON: line 1"),
        (b"{", "not JSON: line 1, column 2"),
        (b"\xff\xfe{}", "not a text in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "this must be an object"),
        (b'{"key": "a", "name": "A", "subject_kind": "x", "spec": []}', "file.spec: this must be an object"),
        (b'{"key": "a b", "name": "A"}', "letters, digits"),
        (b'{"key": "a", "name": "A", "subject_kind": "x", "spec": {}, "priority": -1}', "between 0 and"),
        (b'{"extra": 1}', "'extra' is not a word of the flow language"),
    ],
)
def test_what_is_no_flow_file_gets_a_sentence(content, said):
    with pytest.raises(SpecError) as refusal:
        load_file(content)
    assert said in str(refusal.value)
