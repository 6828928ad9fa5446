"""The drawing of a flow: every state once, every step once, nothing on top of anything."""

from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.layout import BOX_HEIGHT, BOX_WIDTH, lay_out
from workflows.engine.loading import load_spec
from workflows.presenters.diagram import diagram, svg
from workflows.services.seeds import read_seeds

ROLE = [{"role": "doctor", "scope": "owner_org"}]


def flow(states, steps, title="A flow"):
    """A flow of states (key, kind) and steps (from, to)."""
    rows = [{"key": key, "label": f"State {key}", "kind": kind} for key, kind in states]
    for row in rows:
        if row["kind"] == "final":
            row["outcome"] = "over"
    keyed = enumerate(steps)
    moves = [{"key": f"step_{n}", "label": f"Step {n}", "from": a, "to": b, "actors": ROLE} for n, (a, b) in keyed]
    return load_spec({"spec_version": 1, "title": title, "states": rows, "transitions": moves})


@st.composite
def flows(draw):
    """A flow of any shape: cycles, loops to itself, states nothing leads to."""
    keys = [f"s{number}" for number in range(draw(st.integers(2, 9)))]
    states = [(key, "start" if key == "s0" else draw(st.sampled_from(["work", "wait", "final"]))) for key in keys]
    steps = draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=20))
    return flow(states, steps)


def crosses(box, one, other):
    """Whether an upright or level piece of a line runs through the inside of a box."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return right > box.x and left < box.x + BOX_WIDTH and bottom > box.y and top < box.y + BOX_HEIGHT


@given(flows())
def test_no_two_states_overlap_and_all_are_inside(spec):
    drawing = lay_out(spec)
    assert {box.state.key for box in drawing.boxes} == {state.key for state in spec.states}
    for number, box in enumerate(drawing.boxes):
        assert box.x >= 0 and box.x + BOX_WIDTH <= drawing.width
        assert box.y >= 0 and box.y + BOX_HEIGHT <= drawing.height
        for other in drawing.boxes[number + 1 :]:
            assert abs(box.x - other.x) >= BOX_WIDTH or abs(box.y - other.y) >= BOX_HEIGHT


@given(flows())
def test_every_step_runs_from_its_state_to_its_target_through_no_other(spec):
    drawing = lay_out(spec)
    boxes = {box.state.key: box for box in drawing.boxes}
    assert [(line.number, line.step) for line in drawing.lines] == list(enumerate(spec.transitions, start=1))
    for line in drawing.lines:
        source, target = boxes[line.step.source], boxes[line.step.target]
        (x1, y1), (x2, y2) = line.points[0], line.points[-1]
        assert source.x < x1 < source.x + BOX_WIDTH and y1 == source.y + BOX_HEIGHT
        assert target.x < x2 < target.x + BOX_WIDTH and y2 == target.y
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in line.points)
        pieces = [] if line.straight else list(pairwise(line.points))
        assert not any(crosses(box, *piece) for box in drawing.boxes for piece in pieces)


@given(flows())
def test_numbers_stand_apart(spec):
    marks = [line.mark for line in lay_out(spec).lines]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("seed", read_seeds(), ids=lambda seed: seed["key"])
def test_the_seeded_flows_are_drawn_with_every_state_and_number(seed):
    spec = load_spec(seed["spec"])
    drawn = BeautifulSoup(svg(spec), "xml")
    words = [text.string for text in drawn.find_all("text")]
    assert [str(number) for number in range(1, len(spec.transitions) + 1)] == [word for word in words if word.isdigit()]
    assert seed["spec"]["title"] in drawn.svg["aria-label"]
    assert not drawn.find_all(style=True) and not drawn.find_all("style")


def test_a_hostile_label_stays_text():
    spec = flow([("s0", "start"), ("s1", "final")], [("s0", "s1")], title='"><script>alert(1)</script>')
    assert "<script" not in svg(spec)


def test_a_case_shows_where_it_is_and_what_was_taken():
    spec = flow([("s0", "start"), ("s1", "work"), ("s2", "final")], [("s0", "s1"), ("s1", "s2"), ("s1", "s0")])
    drawn = diagram(spec, current="s1", taken={("s0", "step_0")})
    assert [shape.is_current for shape in drawn.shapes] == [False, True, False]
    assert [arrow.taken for arrow in drawn.arrows] == [True, False, False]
    assert "now at “State s1”" in drawn.title


def test_a_long_label_takes_two_rows_and_no_more():
    spec = flow([("s0", "start"), ("s1", "final")], [("s0", "s1")])
    object.__setattr__(spec.states[0], "label", "Waiting for the Caldicott Guardian of the organisation to sign " * 3)
    rows = diagram(spec).shapes[0].rows
    assert len(rows) == 2 and all(len(row) <= 22 for row in rows) and rows[-1].endswith("…")
