"""The rows of a table question together, above the cards in which they are changed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items.base import blank_entry
from careplan_forms.schema.reading import display
from careplan_forms.schema.wording import NOT_RECORDED

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

MOST_COLUMNS = 6


def rows_table(form: "CompiledForm", item: CompiledItem, entries: Sequence[Mapping[str, Any]]) -> str:
    """The saved rows as a table that becomes cards on a narrow screen; nothing while there are none.

    A table with more columns than fit a page is not drawn: its cards say it all.
    """
    columns = list(answerables(item.children))
    filled = [entry for entry in entries if not blank_entry(entry)]
    if not filled or not columns or len(columns) > MOST_COLUMNS:
        return ""
    heads = "".join(f'<th role="columnheader" scope="col">{markup.esc(column.label)}</th>' for column in columns)
    body = "".join(_row(form, columns, entry) for entry in filled)
    caption = f'<caption class="nhsuk-table__caption nhsuk-u-visually-hidden">{markup.esc(item.label)}</caption>'
    return (
        f'<table role="table" class="nhsuk-table-responsive app-rows">{caption}'
        f'<thead role="rowgroup" class="nhsuk-table__head"><tr role="row">{heads}</tr></thead>'
        f'<tbody class="nhsuk-table__body">{body}</tbody></table>'
    )


def _row(form: "CompiledForm", columns: Sequence[CompiledItem], entry: Mapping[str, Any]) -> str:
    cells = []
    for column in columns:
        text = display(form, column, entry.get(column.uid)) or NOT_RECORDED
        heading = f'<span class="nhsuk-table-responsive__heading" aria-hidden="true">{markup.esc(column.label)} </span>'
        said = markup.esc(text).replace("\n", "<br>")
        cells.append(f'<td role="cell" class="nhsuk-table__cell">{heading}{said}</td>')
    return f'<tr role="row" class="nhsuk-table__row">{"".join(cells)}</tr>'
