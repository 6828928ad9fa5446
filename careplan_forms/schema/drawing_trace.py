"""Forms that explain themselves: beside every question of a preview, why it is shown or hidden."""

import copy
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.markup import esc
from careplan_forms.schema.trace import Part, Trace, why

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm
    from careplan_forms.schema.drawing import Node, Page


def explaining(form: "CompiledForm") -> "CompiledForm":
    """The same form, drawn with an explanation under each question. For previews: it says what rules look at."""
    from careplan_forms.schema.drawing import section_nodes

    twin = copy.copy(form)
    twin.explains = True
    twin.nodes = cache(lambda key: section_nodes(twin, key))
    return twin


def explained_node(item: CompiledItem, inner: "Node") -> "Node":
    """An item with its explanation after it."""

    def node(page: "Page") -> None:
        trace = why(page.form, page.answers, item.uid, page.chain)
        if not trace.shown:
            page.out.append('<p><strong class="nhsuk-tag nhsuk-tag--grey">Hidden with these answers</strong></p>')
        inner(page)
        page.out.append(explanation(trace))

    return node


def explanation(trace: Trace) -> str:
    """A trace as HTML that opens without scripts."""
    asked = "Why is this shown?" if trace.shown else "Why is this hidden?"
    about = f'<span class="nhsuk-u-visually-hidden"> {esc(trace.label)}</span>' if trace.label else ""
    said = "".join(f"<p>{esc(each)}</p>" for each in (trace.sentence, *trace.further))
    parts = _parts(trace.parts) if any(part.parts for part in trace.parts) else ""
    return (
        '<details class="nhsuk-details app-why"><summary class="nhsuk-details__summary">'
        f'<span class="nhsuk-details__summary-text">{asked}{about}</span></summary>'
        f'<div class="nhsuk-details__text">{said}{parts}</div></details>'
    )


def _parts(parts: Iterable[Part]) -> str:
    rows = [f"<li>{esc(part.text)}: {'yes' if part.holds else 'no'}{_parts(part.parts)}</li>" for part in parts]
    return f'<ul class="nhsuk-list nhsuk-list--bullet">{"".join(rows)}</ul>' if rows else ""
