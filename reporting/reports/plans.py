"""How many plans: by organisation and by board."""

from collections import Counter
from typing import Any

from governance.actors import Actor
from reporting import selectors
from reporting.figures import suppress
from reporting.reports.base import Period, Report, Table

DEFINITION = (
    "Current: plans with an approved version that is not withdrawn, today. Created and approved: in the period. "
    "Review overdue: current plans whose review date lies before the end of the period.",
    "Boards are those of the last day of the period.",
    "A count from 1 to 4 is shown as “under 5”; where it stands alone, the next smallest is hidden too, so that it "
    "cannot be worked out from the total.",
)
FIGURES = ("current", "created", "approved", "overdue")
HEADINGS = ("Current", "Created", "Approved versions", "Review overdue")


def tables(viewer: Actor, period: Period) -> list[Table]:
    """Two tables of the same plans."""
    counted = selectors.plan_counts(viewer=viewer, start=period.start, end=period.end)
    boards = selectors.boards(period.end)
    by_board: dict[str, Counter] = {}
    for row in counted:
        name = boards.get(row["pk"], ("", "Board not recorded"))[1]
        by_board.setdefault(name, Counter()).update({figure: row[figure] for figure in FIGURES})
    organisations = [(f"{row['name']} ({row['ods_code']})", row) for row in counted]
    return [
        _table("Plans by organisation", "Organisation", organisations),
        _table("Plans by board", "Board", sorted(by_board.items())),
    ]


def _table(caption: str, first: str, rows: list[tuple[str, Any]]) -> Table:
    columns = [suppress([figures[figure] for _, figures in rows]) for figure in FIGURES]
    body = [(name, *(column[index] for column in columns)) for index, (name, _) in enumerate(rows)]
    return Table(caption, (first, *HEADINGS), tuple(body))


REPORT = Report("plans", "Plans by organisation and board", DEFINITION, tables)
