"""What stays empty: how often each question was shown and nobody answered it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from careplan_forms.models import FormVersion
from careplan_forms.schema.compiler import compile_form
from careplan_forms.selectors.audience import kept_from_reports
from governance.actors import Actor
from governance.enums import RoleKey
from reporting import selectors
from reporting.figures import HIDDEN, Proportion, is_small, shown, suppress
from reporting.reports.base import Period, Report, Table

DEFINITION = (
    "Counts plans whose current version was approved in the period, each question once for each plan.",
    "Shown: the question was asked in that plan. A question that was hidden because of another answer is not counted.",
    "Not answered: it was shown and left blank. “Not known” and “Not discussed” are answers and counted apart; other "
    "reasons are those such as “The person did not want to say”.",
    "Questions that a form keeps from your role are left out, and are in no total.",
    "The role is that of whoever sent the plan for approval, the organisation the one that owns the plan. The CSV file "
    "has every question by organisation and role.",
    "A count from 1 to 4 is shown as “under 5”; where it stands alone beside its total, the next smallest is hidden "
    "too.",
)
FIGURES = ("shown", "empty", "not_known", "not_discussed", "other")
HEADINGS = ("Shown", "Not answered", "Not known", "Not discussed", "Other reason")
SHARE = "Share not answered"

Counts = Counter[str]
Rows = list[dict[str, Any]]


def tables(viewer: Actor, period: Period) -> list[Table]:
    """For each form version its questions, then its organisations and roles."""
    found = []
    for version, rows in _by_version(viewer, period):
        title = _title(version)
        found.append(_questions(f"{title}: questions", version, rows))
        found.append(_groups(f"{title}: organisations", "Organisation", rows, _owner))
        found.append(_groups(f"{title}: roles", "Sent by", rows, _role))
    return found


def detail(viewer: Actor, period: Period) -> list[Table]:
    """The same, and every question by organisation and role."""
    apart = [_everything(version, rows) for version, rows in _by_version(viewer, period)]
    return [*tables(viewer, period), *apart]


def _by_version(viewer: Actor, period: Period) -> list[tuple[FormVersion, Rows]]:
    rows = selectors.shown_and_answered(viewer=viewer, start=period.start, end=period.end)
    by_version: dict[int, Rows] = defaultdict(list)
    for row in rows:
        by_version[row["form_version"]].append(row | {"other": row["absent"] - row["not_known"] - row["not_discussed"]})
    versions = selectors.form_versions(set(by_version))
    return [
        (version, seen)
        for key, version in sorted(versions.items(), key=lambda each: str(each[1]))
        if (seen := _seen(viewer, version, by_version[key]))
    ]


def _seen(viewer: Actor, version: FormVersion, rows: Rows) -> Rows:
    """The rows of the questions that the form does not keep from the viewer's role."""
    gone = kept_from_reports(viewer, version)
    return [row for row in rows if row["item_uid"] not in gone]


def _title(version: FormVersion) -> str:
    return f"{version.definition.title}, version {version.number}"


def _owner(row: Mapping[str, Any]) -> str:
    return f"{row['owner']} ({row['ods']})"


def _role(row: Mapping[str, Any]) -> str:
    return RoleKey(row["role"]).label if row["role"] in RoleKey.values else "Role not recorded"


def _labels(version: FormVersion) -> dict[str, str]:
    """The wording of every question, in the order of the form."""
    compiled = compile_form(version.document, sha256=version.sha256)
    return {item.uid: item.label for item in compiled.asked(None)}


def _questions(caption: str, version: FormVersion, rows: Rows) -> Table:
    """One row a question, the most often empty first."""
    labels = _labels(version)
    counted: dict[str, Counts] = {uid: Counter() for uid in labels}
    for row in rows:
        counted.setdefault(row["item_uid"], Counter()).update(_figures(row))
    asked = [(labels.get(uid, uid), counts) for uid, counts in counted.items() if counts["shown"]]
    asked.sort(key=lambda each: -each[1]["empty"] / each[1]["shown"])
    body = tuple((label, *_texts(counts)) for label, counts in asked)
    return Table(caption, ("Question", *HEADINGS, SHARE), body)


def _groups(caption: str, first: str, rows: Rows, name_of: Callable[[Mapping[str, Any]], str]) -> Table:
    """All questions together by organisation or role."""
    grouped: dict[str, Counts] = defaultdict(Counter)
    for row in rows:
        grouped[name_of(row)].update(_figures(row))
    names = sorted(grouped)
    columns = _columns([grouped[name] for name in names])
    shares = [_share(grouped[name], columns[1][index]) for index, name in enumerate(names)]
    body = tuple((name, *(column[index] for column in columns), shares[index]) for index, name in enumerate(names))
    return Table(caption, (first, *HEADINGS, SHARE), body)


def _everything(version: FormVersion, rows: Rows) -> Table:
    """Every question by organisation and role, small counts hidden within each question."""
    labels = _labels(version)
    by_item: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_item[row["item_uid"]].append(row)
    body: list[tuple[str, ...]] = []
    for uid in [*(uid for uid in labels if uid in by_item), *(uid for uid in by_item if uid not in labels)]:
        columns = _columns([_figures(row) for row in by_item[uid]])
        for index, row in enumerate(by_item[uid]):
            body.append((labels.get(uid, uid), _owner(row), _role(row), *(column[index] for column in columns)))
    columns_named = ("Question", "Organisation", "Sent by", *HEADINGS)
    return Table(f"{_title(version)}: questions by organisation and role", columns_named, tuple(body), numeric_from=3)


def _figures(row: Mapping[str, Any]) -> dict[str, int]:
    return {figure: row[figure] for figure in FIGURES}


def _columns(counts: Iterable[Mapping[str, int]]) -> list[list[str]]:
    listed = list(counts)
    return [suppress([each[figure] for each in listed]) for figure in FIGURES]


def _texts(counts: Counts) -> tuple[str, ...]:
    """The figures of one question; of fewer than five plans nothing is said but that."""
    if is_small(counts["shown"]):
        return (HIDDEN, *("–" for _ in FIGURES[1:]), "–")
    return (*(shown(counts[figure]) for figure in FIGURES), Proportion(counts["empty"], counts["shown"]).percent)


def _share(counts: Counts, empty: str) -> str:
    return HIDDEN if empty == HIDDEN else Proportion(counts["empty"], counts["shown"]).percent


REPORT = Report("empty-questions", "What stays empty", DEFINITION, tables, detail)
