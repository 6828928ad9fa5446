"""Were wishes met: preferred against actual place of death."""

from collections import Counter
from collections.abc import Hashable

from governance.actors import Actor
from governance.selectors import areas
from reporting import places, selectors
from reporting.figures import HIDDEN, RULE, WITHHELD, Proportion, Sum, publish
from reporting.reports.base import Bar, Period, Report, Table

DEFINITION = (
    "Counts people with an approved plan who died in the period.",
    "Achieved means that the place of death is the first choice recorded in the plan's last approved version.",
    "The denominator is deaths with both places recorded. Deaths with one of them missing are shown as not known and "
    "never counted as achieved. People who had no preference or could not be asked are shown apart.",
    "Where a form keeps the preferred place from your role, it counts as not known.",
    RULE,
)


ALL, NOT_RECORDED = "All", "Not recorded"
#: The parts of a row that are counted, and what they add up to. What is not among the columns is known by subtraction.
PARTS = ("achieved", "second", "neither", "unknown", "without")
SUMS = (("missed", ("second", "neither")), ("known", ("achieved", "missed")))
COLUMNS = {
    "achieved": "Achieved (numerator)",
    "known": "Both places recorded (denominator)",
    "percent": "Achieved",
    "second": "Second choice instead",
    "unknown": "Not known",
    "without": "No preference",
}

Deaths = Counter[tuple[int, str, str, str]]
Texts = dict[Hashable, str]


def tables(viewer: Actor, period: Period) -> list[Table]:
    """Achievement by board, and where people died: counts of the same deaths, so protected together."""
    counted = selectors.deaths(viewer=viewer, start=period.start, end=period.end)
    boards = areas.boards(period.end)
    by_board: dict[str, Deaths] = {}
    for key, count in counted.items():
        name = boards.get(key[0], ("", "Board not recorded"))[1]
        by_board.setdefault(name, Counter())[key] = count
    judged = {name: judge(group) for name, group in sorted(by_board.items())} | {ALL: judge(counted)}
    where = _by_place(counted)
    texts = publish(*_counts_and_sums(judged, where))
    return [_achieved(judged, texts), _where(where, texts)]


def judge(counted: Deaths) -> Counter[str]:
    """How many deaths are which of `PARTS`, with their sums.

    Achieved is the first choice; second, the second where the first was not met; without, no preference.
    """
    found = Counter(dict.fromkeys(PARTS, 0))
    for (_, first, second, actual), count in counted.items():
        found[_part(first, second, actual)] += count
    for whole, parts in SUMS:
        found[whole] = sum(found[part] for part in parts)
    return found


def _part(first: str, second: str, actual: str) -> str:
    if places.wanted(first) == "none":
        return "without"
    if not places.wanted(first) or not actual:
        return "unknown"
    if places.met(first, actual):
        return "achieved"
    return "second" if places.met(second, actual) else "neither"


def _counts_and_sums(judged: dict[str, Counter[str]], where: Counter[str]) -> tuple[dict[Hashable, int], list[Sum]]:
    """Every count of both tables, and how a reader can add them up."""
    counts: dict[Hashable, int] = {(name, part): count for name, row in judged.items() for part, count in row.items()}
    counts |= {("where", name): count for name, count in where.items()} | {ALL: where.total()}
    boards = [name for name in judged if name != ALL]
    sums = [Sum((name, whole), tuple((name, part) for part in parts)) for name in judged for whole, parts in SUMS]
    sums += [Sum((ALL, part), tuple((name, part) for name in boards)) for part in judged[ALL] if boards]
    sums.append(Sum(ALL, tuple((ALL, part) for part in ("known", "unknown", "without"))))
    sums.append(Sum(ALL, tuple(("where", name) for name in where)))
    return counts, sums


def _achieved(judged: dict[str, Counter[str]], texts: Texts) -> Table:
    percents = {name: _percent(name, row, texts) for name, row in judged.items()}
    rows = tuple(
        (name, *(percents[name] if part == "percent" else texts[name, part] for part in COLUMNS)) for name in judged
    )
    bars = tuple(Bar(name, int(text[:-1]) if text.endswith("%") else None, text) for name, text in percents.items())
    columns = ("Board", *COLUMNS.values())
    return Table("Preferred place of death achieved, by board", columns, rows, bars=bars)


def _percent(name: str, row: Counter[str], texts: Texts) -> str:
    """The share of those achieved, where both its counts may be seen."""
    kept_back = [text for part in ("achieved", "known") if (text := texts[name, part]) in (HIDDEN, WITHHELD)]
    return kept_back[0] if kept_back else Proportion(row["achieved"], row["known"]).percent


def _by_place(counted: Deaths) -> Counter[str]:
    """Deaths by place, in the order they are shown: what is not recorded comes last."""
    found: Counter[str] = Counter()
    for (_, _, _, actual), count in counted.items():
        found[places.actual_label(actual) or NOT_RECORDED] += count
    return Counter({name: found[name] for name in sorted(found, key=lambda name: (name == NOT_RECORDED, name))})


def _where(where: Counter[str], texts: Texts) -> Table:
    rows = tuple((name, texts["where", name]) for name in where)
    return Table("Where people died", ("Place", "Deaths"), (*rows, (ALL, texts[ALL])))


REPORT = Report("place-of-death", "Preferred and actual place of death", DEFINITION, tables)
