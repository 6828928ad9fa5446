"""The data dictionary of a form as a spreadsheet. No cell of it is ever run as a formula."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from careplan_forms.papers import Edition
from careplan_forms.schema.dictionary import Table, tables_of
from careplan_forms.schema.languages import name_of
from careplan_forms.schema.markup import UNSHOWABLE
from core.exports import safe_cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The most a cell may hold is 32,767.
_LONGEST_CELL = 32_000
_NARROWEST, _WIDEST = 10, 60
_CODES = (
    "Codes and their displays stand as the form has them. The code systems they are from (SNOMED CT, dm+d, LOINC and "
    "others) have licences of their own, which this file neither holds nor gives."
)


def dictionary_workbook(edition: Edition) -> bytes:
    """A workbook of four sheets: items, value sets, rules, and what it is about."""
    book = Workbook()
    book.remove(book.active)
    for table in (*tables_of(edition.document), _about(edition)):
        _written(book.create_sheet(table.title), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _about(edition: Edition) -> Table:
    document = edition.document
    rows: list[tuple[str, ...]] = [
        ("Form", document["title"]),
        ("Key", document["key"]),
        ("Canonical address", document["url"]),
        ("Edition", edition.name),
        ("Signed off on", edition.signed_off),
        ("Hash of its bytes (SHA-256)", edition.sha256),
        ("Purpose", document["purpose"]),
        ("Language", name_of(document["language"])),
        ("Paths", "FHIR R4: the same in the Questionnaire and in a QuestionnaireResponse"),
        ("Codes", _CODES),
    ]
    return Table("About", ("What", "Value"), rows)


def _written(sheet: Any, table: Table) -> None:
    for row in (table.columns, *table.rows):
        sheet.append([_cell(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in sheet.iter_rows():
        for cell in line:
            # What is text stays text, whatever it looks like.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(table.columns, *table.rows, strict=True), 1):
        longest = max(len(part) for text in column for part in text.split("\n"))
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    sheet.auto_filter.ref = sheet.dimensions


def _cell(value: str) -> str:
    return safe_cell(UNSHOWABLE.sub("", value)[:_LONGEST_CELL])
