"""Drawing an answer that may be read and not changed: the question and its answer as text, without any field."""

from typing import TYPE_CHECKING

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.drawing import Node, Page
from careplan_forms.schema.names import place
from careplan_forms.schema.reading import display
from careplan_forms.schema.roles import people
from careplan_forms.schema.wording import NOT_RECORDED

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


def read_only_node(form: "CompiledForm", item: CompiledItem) -> Node:
    """The closure that draws a question somebody may not change, saying who may."""
    label = f'<p class="nhsuk-u-margin-bottom-1"><strong>{markup.esc(item.label)}</strong></p>'
    note = f'<p class="nhsuk-hint">{markup.esc(_who(form, item))}</p>'

    def node(page: Page) -> None:
        said = display(form, item, page.get(item.uid)) or NOT_RECORDED
        start = place(f'<div class="app-read-only" id="{item.name}" tabindex="-1">', page.path)
        page.out.append(f"{start}{label}{markup.lines(said)}{note}</div>")

    return node


def _who(form: "CompiledForm", item: CompiledItem) -> str:
    """The nearest limit on changing it: its own, or that of what it stands in."""
    for uid in (item.uid, *reversed(form.around[item.uid])):
        limit = form.plain_items[uid].roles.edit
        if limit is not None:
            return f"Only {people(limit)} can change this." if limit else "Nobody can change this."
    return "You cannot change this."
