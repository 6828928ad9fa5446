"""What stays empty: how often each question was shown and nobody answered it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from careplan_forms.models import FormVersion
from careplan_forms.schema.compiler import compile_form
from careplan_forms.selectors.audience import kept_from_reports
from governance.actors import Actor
from governance.enums import RoleKey
from reporting import selectors
from reporting.figures import HIDDEN, RULE, WITHHELD, Proportion, Sum, is_small, publish
from reporting.reports.base import Period, Report, Table

DEFINITION = (
    "Counts plans whose current version was approved in the period, each question once for each plan.",
    "Shown: the question was asked in that plan. A question that was hidden because of another answer is not counted.",
    "Not answered: it was shown and left blank. “Not known” and “Not discussed” are answers and counted apart; other "
    "reasons are those such as “The person did not want to say”.",
    "Questions that a form keeps from your role are left out, and are in no total.",
    "The role is that of whoever sent the plan for approval, the organisation the one that owns the plan. The CSV file "
    "has every question by organisation and role.",
    RULE,
)
FIGURES = ("shown", "empty", "not_known", "not_discussed", "other")
HEADINGS = ("Shown", "Not answered", "Not known", "Not discussed", "Other reason")
SHARE = "Share not answered"

Counts = Counter[str]
Rows = list[dict[str, Any]]
Key = tuple[Any, ...]
ALL = ("all",)


def tables(viewer: Actor, period: Period) -> list[Table]:
    """For each form version its questions, then its organisations and roles."""
    return [table for three, _ in _all_tables(viewer, period) for table in three]


def detail(viewer: Actor, period: Period) -> list[Table]:
    """The same, and every question by organisation and role."""
    found = _all_tables(viewer, period)
    return [*(table for three, _ in found for table in three), *(apart for _, apart in found)]


def _all_tables(viewer: Actor, period: Period) -> list[tuple[list[Table], Table]]:
    """(the page's three tables, the file's long one) of each version: one set of counts, so protected together."""
    found = []
    for version, rows in _by_version(viewer, period):
        title, counts = _title(version), _Counts(rows)
        three = [
            _questions(f"{title}: questions", version, counts),
            _groups(f"{title}: organisations", "Organisation", 1, counts),
            _groups(f"{title}: roles", "Sent by", 2, counts),
        ]
        found.append((three, _everything(version, counts)))
    return found


class _Counts:
    """The figures of one version by (question, organisation, role), their totals by each of the three, and of all.

    A total's key is (which of the three, its name).
    """

    def __init__(self, rows: Rows) -> None:
        self.figures: dict[Key, Counts] = defaultdict(Counter)
        parts: dict[Key, dict[Key, None]] = defaultdict(dict)
        for row in rows:
            key = (row["item_uid"], _owner(row), _role(row))
            for whole in (key, *enumerate(key), ALL):
                self.figures[whole].update({figure: row[figure] for figure in FIGURES})
            for total in enumerate(key):
                parts[total][key] = parts[ALL, total[0]][total] = None
        self.parts = {whole: list(inside) for whole, inside in parts.items()}
        sums = [Sum(ALL if whole[0] == ALL else whole, tuple(inside)) for whole, inside in self.parts.items()]
        self.texts = {figure: publish({k: c[figure] for k, c in self.figures.items()}, sums) for figure in FIGURES}

    def row(self, key: Key) -> tuple[str, ...]:
        """The figures of one key as they may be published."""
        return tuple(self.texts[figure][key] for figure in FIGURES)

    def share(self, key: Key) -> str:
        """The share not answered, where both its counts may be seen."""
        seen = [self.texts[figure][key] for figure in ("empty", "shown")]
        kept_back = [text for text in seen if text in (HIDDEN, WITHHELD)]
        figures = self.figures[key]
        return kept_back[0] if kept_back else Proportion(figures["empty"], figures["shown"]).percent


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


def _questions(caption: str, version: FormVersion, counts: _Counts) -> Table:
    """One row a question, the most often empty first; of fewer than five plans nothing is said but that."""
    labels = _labels(version)
    found = {uid: counts.figures[0, uid] for uid in [*labels, *_uids(counts)] if (0, uid) in counts.figures}
    asked = [uid for uid in found if found[uid]["shown"]]
    asked.sort(key=lambda uid: -found[uid]["empty"] / found[uid]["shown"])
    body = tuple((labels.get(uid, uid), *_said(counts, (0, uid))) for uid in asked)
    return Table(caption, ("Question", *HEADINGS, SHARE), body)


def _said(counts: _Counts, key: Key) -> tuple[str, ...]:
    if is_small(counts.figures[key]["shown"]):
        return (HIDDEN, *("–" for _ in FIGURES))
    return (*counts.row(key), counts.share(key))


def _uids(counts: _Counts) -> list[str]:
    return [uid for _, uid in counts.parts[ALL, 0]]


def _groups(caption: str, first: str, which: int, counts: _Counts) -> Table:
    """All questions together by organisation or role."""
    body = tuple((key[1], *counts.row(key), counts.share(key)) for key in sorted(counts.parts[ALL, which]))
    return Table(caption, (first, *HEADINGS, SHARE), body)


def _everything(version: FormVersion, counts: _Counts) -> Table:
    """Every question by organisation and role."""
    labels = _labels(version)
    uids = dict.fromkeys([*(uid for uid in labels if (0, uid) in counts.parts), *_uids(counts)])
    body = tuple((labels.get(uid, uid), *key[1:], *counts.row(key)) for uid in uids for key in counts.parts[0, uid])
    columns_named = ("Question", "Organisation", "Sent by", *HEADINGS)
    return Table(f"{_title(version)}: questions by organisation and role", columns_named, body, numeric_from=3)


REPORT = Report("empty-questions", "What stays empty", DEFINITION, tables, detail)
