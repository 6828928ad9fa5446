"""How many plans: by organisation and by board."""

from collections.abc import Hashable
from typing import Any

from governance.actors import Actor
from governance.selectors import areas
from reporting import selectors
from reporting.figures import RULE, Sum, publish
from reporting.reports.base import Period, Report, Table

DEFINITION = (
    "Current: plans with an approved version that is not withdrawn, today. Created and approved: in the period. "
    "Review overdue: current plans whose review date lies before the end of the period.",
    "Boards are those of the last day of the period.",
    RULE,
)
FIGURES = ("current", "created", "approved", "overdue")
HEADINGS = ("Current", "Created", "Approved versions", "Review overdue")


def tables(viewer: Actor, period: Period) -> list[Table]:
    """Two tables of the same plans."""
    counted = selectors.plan_counts(viewer=viewer, start=period.start, end=period.end)
    boards = areas.boards(period.end)
    by_board: dict[str, list[str]] = {}
    figures: dict[str, dict[str, int]] = {}
    for row in counted:
        name = f"{row['name']} ({row['ods_code']})"
        figures[name] = row
        by_board.setdefault(boards.get(row["pk"], ("", "Board not recorded"))[1], []).append(name)
    columns = [_column(figure, figures, by_board) for figure in FIGURES]
    return [
        _table("Plans by organisation", "Organisation", list(figures), [own for own, _ in columns]),
        _table("Plans by board", "Board", sorted(by_board), [all_ for _, all_ in columns]),
    ]


def _column(
    figure: str, figures: dict[str, dict[str, int]], by_board: dict[str, list[str]]
) -> tuple[dict[Any, str], dict[Any, str]]:
    """One figure of the organisations and of their boards; a board is the sum of its organisations."""
    counts: dict[Hashable, int] = {("own", name): row[figure] for name, row in figures.items()}
    sums = [Sum(("board", name), tuple(("own", each) for each in inside)) for name, inside in by_board.items()]
    counts |= {each.whole: sum(counts[part] for part in each.parts) for each in sums}
    texts = publish(counts, sums)
    return {name: texts["own", name] for name in figures}, {name: texts["board", name] for name in by_board}


def _table(caption: str, first: str, names: list[str], columns: list[dict[Any, str]]) -> Table:
    return Table(caption, (first, *HEADINGS), tuple((name, *(column[name] for column in columns)) for name in names))


REPORT = Report("plans", "Plans by organisation and board", DEFINITION, tables)
