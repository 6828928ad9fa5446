"""Counting what a migration means, and carrying it out: in batches, in the worker, again where it stopped.

A batch is one transaction under the migration's lock, and the last plan that was found in it is where the next one
begins. A worker that is killed leaves whole batches behind, and two workers take turns.
"""

import datetime
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from careplan_forms.enums import MigrationOutcome
from careplan_forms.merging import Merged, fingerprint
from careplan_forms.models import CarePlan, FormMigration, FormMigrationDraft, FormMigrationPlan
from careplan_forms.schema.mapping import Moved, Mover
from careplan_forms.selectors import migrations as read
from core import clock
from core.events import publish
from core.jobs import job
from core.moving import EDITABLE, MigrationState, Progress, carry_on
from governance.actors import Actor
from governance.services import audit

#: Plans in one transaction: a save of one of them waits no longer than the batch takes.
BATCH = 100
#: References listed in the result of a dry run; the command's report has no such end.
MOST_LISTED = 20_000
MIGRATED = "form.migrated"


@job(queue="reports")
def count_plans(migration: int) -> dict[str, Any]:
    """The dry run, in the worker."""
    counts = dry_run(migration=FormMigration.objects.get(pk=migration))
    return {key: counts[key] for key in ("total", *MigrationOutcome.values)}


@job(queue="reports", max_attempts=20)
def carry_out_in_worker(migration: int) -> int:
    """The move, in the worker."""
    return carry_out(migration=FormMigration.objects.get(pk=migration))


def dry_run(*, migration: FormMigration, most: int = MOST_LISTED, progress: Progress | None = None) -> dict[str, Any]:
    """What the migration would do to every open plan, by organisation, in counts and opaque references.

    Nothing is written but these counts and how far it has come. The migration is ready when its mapping is still the
    one that was counted.
    """
    mover, plans = read.mover_of(migration), read.open_plans(migration.from_version)
    total, counting = plans.count(), _Counting(most)
    rows = FormMigration.objects.filter(pk=migration.pk)
    rows.update(plans_done=0, plans_total=total)
    done = 0
    for chunk in read.in_chunks(plans):
        found = read.standing(chunk)
        for plan in chunk:
            counting.add(plan, mover.move(found[plan.pk].answers))
        done += len(chunk)
        rows.update(plans_done=done)
        if progress:
            progress(done, total)
    result = {"counts": counting.result(), "counted_sha256": migration.sha256, "counted_at": clock.now()}
    rows.update(counting=False)
    same = rows.filter(sha256=migration.sha256, state__in=EDITABLE)
    same.update(state=MigrationState.READY, **result)
    return counting.result()


class _Counting:
    """Adds up outcomes: over all plans, by reason, and by organisation."""

    def __init__(self, most: int) -> None:
        self.outcomes, self.reasons, self.left = Counter[str](), Counter[tuple[str, str]](), most
        self.organisations: dict[int, dict[str, Any]] = {}

    def add(self, plan: CarePlan, moved: Moved) -> None:
        """Count one plan."""
        outcome = moved.outcome
        self.outcomes[outcome] += 1
        self.reasons.update({(reason.code, reason.uid) for reason in moved.to_look_at})
        row = self.organisations.setdefault(plan.owner_id, {"counts": Counter(), "plans": {}})
        row["counts"][outcome] += 1
        if outcome != MigrationOutcome.CARRIES_OVER and self.left:
            self.left -= 1
            row["plans"].setdefault(outcome, []).append(str(plan.public_id))

    def result(self) -> dict[str, Any]:
        """As it is kept: plain values."""
        return {
            "total": self.outcomes.total(),
            **{outcome: self.outcomes[outcome] for outcome in MigrationOutcome.values},
            "reasons": [
                {"code": code, "uid": uid, "plans": number} for (code, uid), number in self.reasons.most_common()
            ],
            "organisations": [
                {"organisation": pk, "counts": dict(row["counts"]), "plans": row["plans"]}
                for pk, row in sorted(self.organisations.items())
            ],
        }


def carry_out(*, migration: FormMigration, batch: int = BATCH, progress: Progress | None = None) -> int:
    """Make the drafts that are still to be made; returns how many plans were looked at here."""
    rows = FormMigration.objects.filter(pk=migration.pk)
    return carry_on(
        one_batch=lambda: _one_batch(migration.pk, batch),
        standing=lambda: rows.values_list("plans_done", "plans_total").get(),
        progress=progress,
    )


@transaction.atomic
def _one_batch(migration_id: int, size: int) -> int | None:
    """Judge the next plans as they are now; None when there are none, or the migration is not under way."""
    rows = FormMigration.objects.select_for_update(of=("self",))
    migration = rows.select_related("definition", "from_version", "to_version").get(pk=migration_id)
    if migration.state != MigrationState.RUNNING:
        return None
    last = FormMigrationPlan.objects.filter(migration=migration).aggregate(last=Max("plan"))["last"] or 0
    due = read.open_plans(migration.from_version).filter(pk__gt=last).order_by("pk")
    # Held until the batch is written, so that nobody saves in a plan between its judging and its draft.
    held = [plan.pk for plan in due.only("pk").select_for_update(of=("self",))[:size]]
    if not held:
        _finish(migration)
        return None
    plans = list(read.readable(CarePlan.objects.filter(pk__in=held)).order_by("pk"))
    _write(migration, plans, clock.now())
    FormMigration.objects.filter(pk=migration.pk).update(plans_done=F("plans_done") + len(plans))
    return len(plans)


def _write(migration: FormMigration, plans: list[CarePlan], now: datetime.datetime) -> None:
    mover, found = read.mover_of(migration), read.standing(plans)
    earlier = FormMigrationDraft.objects.filter(plan__in=plans, closed_at=None)
    earlier.update(closed_at=now, result=FormMigrationDraft.Result.REPLACED)
    judged = [(plan, *_judge(mover, found[plan.pk])) for plan in plans]
    drafts = FormMigrationDraft.objects.bulk_create(
        FormMigrationDraft(plan=plan, migration=migration, answers=moved.answers, base_sha256=base, made_at=now)
        for plan, moved, base in judged
    )
    FormMigrationPlan.objects.bulk_create(
        FormMigrationPlan(
            migration=migration,
            plan=plan,
            outcome=moved.outcome,
            reasons=[{"code": reason.code, "uid": reason.uid} for reason in moved.to_look_at],
            draft=draft,
            at=now,
        )
        for (plan, moved, _), draft in zip(judged, drafts, strict=True)
    )


def _judge(mover: Mover, merged: Merged) -> tuple[Moved, str]:
    return mover.move(merged.answers), fingerprint(merged.answers)


def _finish(migration: FormMigration) -> None:
    migration.state, migration.finished_at = MigrationState.DONE, clock.now()
    migration.save(update_fields=["state", "finished_at"])
    detail = {"plans": migration.plans_done, "sha256": migration.sha256}
    audit.record(by=Actor.job("forms"), action="form.migration_done", target=migration, detail=detail)
    payload = {"form": migration.definition.key, "from": migration.from_version.number}
    publish(MIGRATED, payload | {"to": migration.to_version.number}, key=migration.definition.key)
