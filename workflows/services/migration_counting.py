"""Counting what moving cases to another version of their flow means for each of them. No case is touched."""

from collections import Counter
from typing import Any

from core import clock
from core.jobs import job
from core.moving import EDITABLE, MigrationState, Progress
from workflows.models import FlowMigration
from workflows.selectors import migrations as read
from workflows.services.migration_judging import Judge, Judged, Outcome

#: References listed in what a count found.
MOST_LISTED = 5_000


@job(queue="reports")
def count_cases(migration: int) -> dict[str, int]:
    """The count, in the worker."""
    counts = dry_run(migration=read.by_pk(migration))
    return {key: counts[key] for key in ("total", "moves")}


def dry_run(*, migration: FlowMigration, progress: Progress | None = None) -> dict[str, Any]:
    """What would become of every open case: by state, by reason and by organisation, with opaque references.

    Nothing is written but these counts and how far it has come. The migration is ready when its map is still the one
    that was counted; one that waits for a second person goes on waiting, with the new counts.
    """
    judge, rows = Judge(migration, clock.now()), FlowMigration.objects.filter(pk=migration.pk)
    total, done, counting = read.open_cases(migration.from_version).count(), 0, _Counting()
    rows.update(cases_done=0, cases_total=total)
    for chunk in read.in_chunks(migration.from_version):
        for judged in judge.judge(chunk):
            counting.add(judged)
        done += len(chunk)
        rows.update(cases_done=done)
        if progress:
            progress(done, max(total, done))
    found = counting.result()
    rows.update(counting=False)
    same = rows.filter(sha256=migration.sha256, state__in=EDITABLE)
    same.update(counts=found, counted_sha256=migration.sha256, counted_at=clock.now())
    same.filter(state=MigrationState.DRAFT).update(state=MigrationState.READY)
    return found


class _Counting:
    """Adds up what becomes of cases."""

    def __init__(self) -> None:
        self._outcomes = Counter[str]()
        self._states = Counter[tuple[str, str, str]]()
        self._organisations: dict[int, Counter[str]] = {}
        self._stay: dict[int, dict[str, list[str]]] = {}
        self._left = MOST_LISTED

    def add(self, judged: Judged) -> None:
        """Count one case."""
        owner, outcome = judged.case.owner_id, str(judged.outcome)
        self._outcomes[outcome] += 1
        self._states[(judged.source, judged.target, outcome)] += 1
        self._organisations.setdefault(owner, Counter())[outcome] += 1
        if judged.outcome is not Outcome.MOVED and self._left:
            self._left -= 1
            self._stay.setdefault(owner, {}).setdefault(outcome, []).append(str(judged.case.public_id))

    def result(self) -> dict[str, Any]:
        """As it is kept: plain values."""
        return {
            "total": self._outcomes.total(),
            "moves": self._outcomes[Outcome.MOVED],
            "reasons": {outcome: n for outcome, n in sorted(self._outcomes.items()) if outcome != Outcome.MOVED},
            "states": [
                {"from": source, "to": target, "outcome": outcome, "cases": n}
                for (source, target, outcome), n in sorted(self._states.items())
            ],
            "organisations": [
                {"organisation": pk, "counts": dict(counts), "cases": self._stay.get(pk, {})}
                for pk, counts in sorted(self._organisations.items())
            ],
        }
