"""Fast drawing: the slow drawing of a type is run once with markers for the values and cut at the markers.

One routine draws, so the fast page cannot differ from the slow one; when a label is so odd that the cut does
not come out even, the slow routine stays in charge.
"""

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from careplan_forms.schema.markup import esc

if TYPE_CHECKING:
    from careplan_forms.schema.items.base import AnswerType, Draw, Field

_MARKS = ("\uf8f8", "\uf8f9", "\uf8fa", "\uf8fb", "\uf8fc", "\uf8fd")


def segmented(kind: "AnswerType", field: "Field") -> "Draw":
    """The drawing closure for a type whose controls are text inputs.

    Others are drawn by their own routine.
    """
    blank = kind.html(field, field.name, {}, None)
    parts = kind.text_parts

    def slow(value: Any) -> str:
        return kind.html(field, field.name, kind.raw_of(field, value), None) if value is not None else blank

    if not parts:
        return slow
    marks = _MARKS[: len(parts)]
    typed = {part: [Markup(mark)] for part, mark in zip(parts, marks, strict=True)}  # noqa: S704 - our own marks
    template = kind.html(field, field.name, typed, None)
    if any(template.count(mark) != 1 for mark in marks):
        return slow
    order = sorted(range(len(parts)), key=lambda index: template.index(marks[index]))
    return (
        _one(slow, blank, template, marks[0])
        if kind.stores_text
        else _several(slow, blank, template, kind, field, order)
    )


def _one(slow: "Draw", blank: str, template: str, mark: str) -> "Draw":
    head, tail = template.split(mark)

    def draw(value: Any) -> str:
        if value is None:
            return blank
        if type(value) is str:
            return head + esc(value) + tail
        return slow(value)

    return draw


def _several(slow: "Draw", blank: str, template: str, kind: "AnswerType", field: "Field", order: list[int]) -> "Draw":
    parts = [kind.text_parts[index] for index in order]
    pieces: list[str] = []
    rest = template
    for index in order:
        piece, rest = rest.split(_MARKS[index], 1)
        pieces.append(piece)
    spread = kind.spread
    cut = list(zip(pieces, parts, strict=True))

    def draw(value: Any) -> str:
        if value is None:
            return blank
        if type(value) is dict and "absent" in value:
            return slow(value)
        raw = spread(field, value)
        return "".join([piece + esc(raw[part][0] if part in raw else "") for piece, part in cut]) + rest

    return draw
