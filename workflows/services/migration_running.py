"""Moving cases to another version of their flow: in batches, in the worker, again where it stopped.

A batch is one transaction under the migration's lock and those of its cases, and the last case found in it is where
the next one begins: a worker that is killed leaves whole batches behind, and two workers take turns. A decision that
is taken meanwhile comes before the move of its case or after it, never into it.
"""

import datetime

from django.db import transaction
from django.db.models import F, Max

from core import clock
from core.jobs import job
from core.moving import MigrationState, Progress, carry_on
from governance.actors import Actor
from governance.services import audit
from workflows import move_policies, policies
from workflows.models import FlowCase, FlowCaseMove, FlowMigration, FlowTask
from workflows.selectors import migrations as read
from workflows.services import clocks, history, tasks
from workflows.services.migration_judging import Judge, Judged, Outcome

#: Cases in one transaction: a decision on one of them waits no longer than the batch takes.
BATCH = 50


@job(queue="reports", max_attempts=20)
def carry_out_in_worker(migration: int) -> int:
    """The move, in the worker."""
    return carry_out(migration=read.by_pk(migration))


def carry_out(*, migration: FlowMigration, batch: int = BATCH, progress: Progress | None = None) -> int:
    """Move the cases that are still to be moved; returns how many were looked at here."""
    rows = FlowMigration.objects.filter(pk=migration.pk)
    return carry_on(
        one_batch=lambda: _one_batch(migration.pk, batch),
        standing=lambda: rows.values_list("cases_done", "cases_total").get(),
        progress=progress,
    )


@transaction.atomic
def _one_batch(migration_id: int, size: int) -> int | None:
    """Judge and move the next cases as they are now; None when there are none, or the migration is not under way."""
    FlowMigration.objects.select_for_update(of=("self",)).get(pk=migration_id)
    migration = read.by_pk(migration_id)
    if migration.state != MigrationState.RUNNING:
        return None
    move_policies.check_map_is_as_hashed(migration)
    last = FlowCaseMove.objects.filter(migration=migration).aggregate(last=Max("case"))["last"] or 0
    due = read.open_cases(migration.from_version).filter(pk__gt=last)
    # Held until the batch is written: whoever decides on one of them meanwhile finds it on the new version.
    cases = list(due.select_for_update(of=("self",))[:size])
    if not cases:
        _finish(migration)
        return None
    _write(migration, list(Judge(migration, clock.now()).judge(cases)), clock.now())
    FlowMigration.objects.filter(pk=migration.pk).update(cases_done=F("cases_done") + len(cases))
    return len(cases)


def _write(migration: FlowMigration, batch: list[Judged], now: datetime.datetime) -> None:
    for judged in batch:
        if judged.outcome is Outcome.MOVED:
            _move(migration, judged, now)
    FlowCaseMove.objects.bulk_create(
        FlowCaseMove(
            migration=migration,
            case=judged.case,
            outcome=judged.outcome,
            from_state=judged.source,
            to_state=judged.target,
            at=now,
        )
        for judged in batch
    )


def _move(migration: FlowMigration, judged: Judged, now: datetime.datetime) -> None:
    """The case on the new version, with the tasks and timers of its new state, and the event that tells of it."""
    case, old, new = judged.case, migration.from_version, migration.to_version
    taken = list(case.tasks.filter(closed_at=None, claimed_by__isnull=False))
    source, target = policies.spec_of(old).state(judged.source), policies.spec_of(new).state(judged.target)
    if source.pauses:
        clocks.rename_kept(case=case, state_map=migration.state_map)
    kept = tasks.leave_state(case=case, state=source, target=target, now=now)
    case.version = new
    case.enter(judged.target)
    tasks.enter_state(case=case, state=target, now=now, kept=kept)
    case.save(update_fields=["version", "state", "visit", "due_at"])
    _hand_on(case, taken)
    detail = {
        "from_version": old.number,
        "to_version": new.number,
        "version_sha256": new.sha256,
        "from_state": judged.source,
        "to_state": judged.target,
        "migration": str(migration.public_id),
    }
    by = Actor.job("flow migrations")
    history.append(by=by, case=case, kind="migrated", detail=detail, now=now)
    audit.record(by=by, action="flow.migrated", target=case, detail=detail)


def _hand_on(case: FlowCase, taken: list[FlowTask]) -> None:
    """Whoever had taken a task keeps it where the new state asks the same role at the same place."""
    for task in taken:
        same = FlowTask.objects.filter(case=case, closed_at=None, role=task.role, organisation=task.organisation_id)
        same.update(claimed_by=task.claimed_by_id, claimed_at=task.claimed_at, assigned_by=task.assigned_by_id)


def _finish(migration: FlowMigration) -> None:
    migration.state, migration.finished_at = MigrationState.DONE, clock.now()
    migration.save(update_fields=["state", "finished_at"])
    detail = {"cases": migration.cases_done, "sha256": migration.sha256}
    audit.record(by=Actor.job("flow migrations"), action="flow.migration_done", target=migration, detail=detail)
