"""Reports as files."""

from core.exports import csv_bytes
from reporting.reports.base import Period, Report, Table


def to_csv(report: Report, period: Period, tables: list[Table]) -> bytes:
    """All tables of a report in one CSV, with their captions and the definition."""
    rows: list[tuple[str, ...]] = [(report.title, str(period))]
    for table in tables:
        rows += [(), (table.caption,), table.columns, *table.rows]
    rows += [(), *((line,) for line in report.definition)]
    return csv_bytes(rows)
