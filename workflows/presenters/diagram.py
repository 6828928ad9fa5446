"""A flow as a picture: what the SVG of `workflows/_diagram.jinja` needs, and the picture itself for documents."""

import textwrap
from collections.abc import Collection
from dataclasses import dataclass

from django.template.loader import render_to_string

from workflows.engine.layout import BOX_HEIGHT, BOX_WIDTH, Box, Line, lay_out
from workflows.engine.spec import Spec, State, StateKind

_ROW_LENGTH, _ROWS = 22, 2
_KINDS = {StateKind.START: "start", StateKind.WORK: "work", StateKind.WAIT: "waiting"}


@dataclass(frozen=True)
class Shape:
    """A state's box: its corner, its label in at most two rows, and what it is."""

    x: float
    y: float
    rows: tuple[str, ...]
    kind: str
    is_final: bool
    is_current: bool


@dataclass(frozen=True)
class Arrow:
    """A step's line as an SVG path, its head, its number and where that stands."""

    path: str
    head: str
    number: int
    x: float
    y: float
    taken: bool


@dataclass(frozen=True)
class Diagram:
    """One drawing. `title` says in words what it shows, for whoever cannot see it."""

    title: str
    width: float
    height: float
    box_width: int
    box_height: int
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]


def diagram(spec: Spec, *, current: str = "", taken: Collection[tuple[str, str]] = ()) -> Diagram:
    """The drawing of a flow; of a case too, with its `current` state and the steps `taken` (state, step)."""
    drawing = lay_out(spec)
    now = f" It is now at “{spec.state(current).label}”." if current else ""
    return Diagram(
        title=f"Diagram of the flow “{spec.title}”. The tables say the same in words.{now}",
        width=drawing.width,
        height=drawing.height,
        box_width=BOX_WIDTH,
        box_height=BOX_HEIGHT,
        shapes=tuple(_shape(box, current) for box in drawing.boxes),
        arrows=tuple(_arrow(line, (line.step.source, line.step.key) in taken) for line in drawing.lines),
    )


def _shape(box: Box, current: str) -> Shape:
    rows = textwrap.wrap(box.state.label, _ROW_LENGTH, max_lines=_ROWS, placeholder=" …")
    return Shape(
        box.x, box.y, tuple(rows), _kind(box.state), box.state.kind is StateKind.FINAL, box.state.key == current
    )


def _kind(state: State) -> str:
    return _KINDS.get(state.kind) or f"end: {state.outcome}"


def _arrow(line: Line, taken: bool) -> Arrow:
    (x1, y1), (x2, y2) = line.points[0], line.points[-1]
    if line.straight:
        middle = (y1 + y2) / 2
        path = f"M {x1:g} {y1:g} C {x1:g} {middle + 8:g} {x2:g} {middle - 8:g} {x2:g} {y2 - 6:g}"
    else:
        path = "M " + " L ".join(f"{x:g} {y:g}" for x, y in (*line.points[:-1], (x2, y2 - 6)))
    head = f"{x2 - 6:g},{y2 - 10:g} {x2 + 6:g},{y2 - 10:g} {x2:g},{y2:g}"
    return Arrow(path, head, line.number, *line.mark, taken)


def svg(spec: Spec) -> str:
    """The drawing as a file of its own."""
    return render_to_string("workflows/_diagram.jinja", {"diagram": diagram(spec)}).strip() + "\n"
