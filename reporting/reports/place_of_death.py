"""Were wishes met: preferred against actual place of death."""

from collections import Counter

from governance.actors import Actor
from reporting import places, selectors
from reporting.figures import HIDDEN, Proportion, shown, suppress
from reporting.reports.base import Bar, Period, Report, Table

DEFINITION = (
    "Counts people with an approved plan who died in the period.",
    "Achieved means that the place of death is the first choice recorded in the plan's last approved version.",
    "The denominator is deaths with both places recorded. Deaths with one of them missing are shown as not known and "
    "never counted as achieved. People who had no preference or could not be asked are shown apart.",
    "Where a form keeps the preferred place from your role, it counts as not known.",
    "A count from 1 to 4 is shown as “under 5”.",
)


def tables(viewer: Actor, period: Period) -> list[Table]:
    """Achievement by board, and where people died."""
    counted = selectors.deaths(viewer=viewer, start=period.start, end=period.end)
    boards = selectors.boards(period.end)
    return [_achieved(counted, boards), _where(counted)]


def judge(counted: Counter[tuple[int, str, str, str]]) -> tuple[Proportion, int, int]:
    """(achieved of known, achieved with first or second choice, without a preference)."""
    known = achieved = either = unknown = without = 0
    for (_, first, second, actual), count in counted.items():
        if places.wanted(first) == "none":
            without += count
        elif not places.wanted(first) or not actual:
            unknown += count
        else:
            known += count
            achieved += count * places.met(first, actual)
            either += count * (places.met(first, actual) or places.met(second, actual))
    return Proportion(achieved, known, unknown), either, without


def _achieved(counted: Counter, boards: dict[int, tuple[str, str]]) -> Table:
    by_board: dict[str, Counter] = {}
    for key, count in counted.items():
        name = boards.get(key[0], ("", "Board not recorded"))[1]
        by_board.setdefault(name, Counter())[key] = count
    judged = {name: judge(group) for name, group in sorted(by_board.items())} | {"All": judge(counted)}
    rows = tuple(_row(name, *figures) for name, figures in judged.items())
    bars = tuple(
        Bar(name, None if p.percent in (HIDDEN, "–") else int(p.percent[:-1]), p.percent)
        for name, (p, _, _) in judged.items()
    )
    columns = (
        "Board",
        "Achieved (numerator)",
        "Both places recorded (denominator)",
        "Achieved",
        "First or second choice",
        "Not known",
        "No preference",
    )
    return Table("Preferred place of death achieved, by board", columns, rows, bars=bars)


def _row(name: str, proportion: Proportion, either: int, without: int) -> tuple[str, ...]:
    return (
        name,
        shown(proportion.numerator),
        shown(proportion.denominator),
        proportion.percent,
        shown(either),
        shown(proportion.unknown),
        shown(without),
    )


def _where(counted: Counter) -> Table:
    by_place: Counter[str] = Counter()
    for (_, _, _, actual), count in counted.items():
        by_place[places.actual_label(actual) or "Not recorded"] += count
    recorded = sorted(name for name in by_place if name != "Not recorded")
    names = [*recorded, *(["Not recorded"] if by_place["Not recorded"] else [])]
    texts = suppress([by_place[name] for name in names])
    rows = tuple(zip(names, texts, strict=True))
    return Table("Where people died", ("Place", "Deaths"), (*rows, ("All", shown(sum(by_place.values())))))


REPORT = Report("place-of-death", "Preferred and actual place of death", DEFINITION, tables)
