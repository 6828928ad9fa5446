"""Files people open in a spreadsheet: a cell must never be run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

#: What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
_STARTERS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """`value` as text that a spreadsheet shows and does not run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTERS) else text


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8 with a byte-order mark, so that a spreadsheet reads the accents."""
    out = io.StringIO()
    csv.writer(out).writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
