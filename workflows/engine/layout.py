"""Where the boxes and lines of a flow's drawing go: states in layers by their distance from the start.

Lengths are px. Steps to the next layer run straight down; all others leave below their state, pass everything on
a lane at the right and arrive from above, so that no line crosses a box.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from workflows.engine.spec import Spec, State, Transition

BOX_WIDTH, BOX_HEIGHT = 240, 72
_GAP_X, _GAP_Y, _MARGIN = 48, 104, 40
_LANE = 28
#: Between two layers, lines to the lanes run at so many levels below a state and lines from them above one, px apart.
_BELOW, _ABOVE = (4, 8), (6, 4)


@dataclass(frozen=True, slots=True)
class Box:
    """A state and its upper left corner."""

    state: State
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A step, its number in the table of steps (from 1), the points it runs through and where the number stands.

    `straight` lines are drawn as one curve from the first point to the last.
    """

    step: Transition
    number: int
    points: tuple[tuple[float, float], ...]
    straight: bool

    @property
    def mark(self) -> tuple[float, float]:
        """The centre of its number, just below the state it leaves."""
        x, y = self.points[0]
        return x, y + 18


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow laid out."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def lay_out(spec: Spec) -> Drawing:
    """The drawing of a flow; the same flow gives the same drawing."""
    layers = _layers(spec)
    widest = max(len(layer) for layer in layers)
    inner = widest * (BOX_WIDTH + _GAP_X) - _GAP_X
    boxes = {}
    for depth, layer in enumerate(layers):
        left = _MARGIN + (inner - len(layer) * (BOX_WIDTH + _GAP_X) + _GAP_X) / 2
        for place, state in enumerate(layer):
            boxes[state.key] = Box(state, left + place * (BOX_WIDTH + _GAP_X), _MARGIN + depth * (BOX_HEIGHT + _GAP_Y))
    depths = {state.key: depth for depth, layer in enumerate(layers) for state in layer}
    lines, lanes = _lines(spec, boxes, depths, right=_MARGIN + inner)
    height = 2 * _MARGIN + len(layers) * (BOX_HEIGHT + _GAP_Y) - _GAP_Y
    below = 36 if lanes else 0
    return Drawing(tuple(boxes.values()), lines, 2 * _MARGIN + inner + lanes * _LANE, height + below)


def _layers(spec: Spec) -> list[list[State]]:
    """The states by their distance from the start; those nothing leads to come last. Each below what leads to it."""
    distance = {spec.start.key: 0}
    queue = [spec.start.key]
    for key in queue:
        for step in spec.transitions:
            if step.source == key and step.target not in distance:
                distance[step.target] = distance[key] + 1
                queue.append(step.target)
    last = max(distance.values()) + 1
    layers: dict[int, list[State]] = defaultdict(list)
    for state in spec.states:
        layers[distance.get(state.key, last)].append(state)
    ordered = [layers[depth] for depth in sorted(layers)]
    for above, layer in pairwise(ordered):
        layer.sort(key=lambda state: _place_above(spec, state, above))
    return ordered


def _place_above(spec: Spec, state: State, above: list[State]) -> float:
    """The middle of the states above that lead to a state."""
    places = [
        n for n, one in enumerate(above) if any(s.source == one.key and s.target == state.key for s in spec.transitions)
    ]
    return sum(places) / len(places) if places else len(above)


def _lines(spec: Spec, boxes: dict[str, Box], depths: dict[str, int], right: float) -> tuple[tuple[Line, ...], int]:
    """Every step's line, and how many lanes they need."""
    leaving, arriving = _ports(spec, boxes)
    lines, lanes = [], 0
    for number, step in enumerate(spec.transitions, start=1):
        begin = (leaving[number], boxes[step.source].y + BOX_HEIGHT)
        end = (arriving[number], boxes[step.target].y)
        if depths[step.target] == depths[step.source] + 1:
            lines.append(Line(step, number, (begin, end), True))
            continue
        lane = right + 16 + lanes * _LANE
        low = begin[1] + 36 + lanes % _BELOW[0] * _BELOW[1]
        high = end[1] - 14 - lanes % _ABOVE[0] * _ABOVE[1]
        lanes += 1
        lines.append(
            Line(step, number, (begin, (begin[0], low), (lane, low), (lane, high), (end[0], high), end), False)
        )
    return tuple(lines), lanes


def _ports(spec: Spec, boxes: dict[str, Box]) -> tuple[dict[int, float], dict[int, float]]:
    """Where along its box each step leaves and arrives, by the step's number; neighbours in the order of their ends."""
    out: dict[str, list[int]] = defaultdict(list)
    into: dict[str, list[int]] = defaultdict(list)
    for number, step in enumerate(spec.transitions, start=1):
        out[step.source].append(number)
        into[step.target].append(number)
    ends = {number: boxes[step.target].x for number, step in enumerate(spec.transitions, start=1)}
    begins = {number: boxes[step.source].x for number, step in enumerate(spec.transitions, start=1)}
    return _spread(out, boxes, ends), _spread(into, boxes, begins)


def _spread(numbers: dict[str, list[int]], boxes: dict[str, Box], by: dict[int, float]) -> dict[int, float]:
    found = {}
    for key, mine in numbers.items():
        for place, number in enumerate(sorted(mine, key=lambda one: (by[one], one)), start=1):
            found[number] = boxes[key].x + BOX_WIDTH * place / (len(mine) + 1)
    return found
