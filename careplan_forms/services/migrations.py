"""Preparing the move of living plans to another version of their form: proposed, edited, counted, started, cancelled.

What happens to the plans themselves is in `migration_running` (one draft beside each) and `migration_confirming` (a
clinician's confirmation).
"""

import datetime
from typing import Any

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.models import FormMigration, FormMigrationDraft, FormVersion
from careplan_forms.schema.mapping_check import mapping_faults
from careplan_forms.schema.mapping_proposal import propose_mapping
from careplan_forms.schema.mapping_shape import mapping_sha256
from careplan_forms.selectors import migrations as read
from careplan_forms.services import migration_running
from core import clock
from core.exceptions import Conflict, Refused
from core.jobs import enqueue_on_commit
from core.moving import EDITABLE, OPEN, MigrationState, check_as_counted
from governance.actors import Actor
from governance.services import audit

CHANGED = "Somebody changed this mapping while you were reading it. Look at it again before you go on."
UNCOUNTED = "Try the mapping first: nobody knows yet what it means for the plans"


@transaction.atomic
def propose_migrations(*, version: FormVersion, by: Actor) -> list[FormMigration]:
    """Prepare the move to a version that went live, one for each other version on which open plans stand.

    Those that were prepared for a version that is no longer live, and not started, are cancelled. Again, it changes
    nothing.
    """
    stale = FormMigration.objects.filter(definition=version.definition_id, state__in=EDITABLE)
    for migration in stale.exclude(to_version=version):
        _end(migration, MigrationState.CANCELLED, by)
    return [propose_migration(old=old, version=version, by=by) for old in read.versions_left_behind(version)]


@transaction.atomic
def propose_migration(*, old: FormVersion, version: FormVersion, by: Actor) -> FormMigration:
    """The open migration between two versions, made with the mapping they suggest when there is none."""
    if old.definition_id != version.definition_id or old.pk == version.pk:
        raise Refused("Choose two versions of one form")
    rows = FormMigration.objects.filter(from_version=old, to_version=version, state__in=OPEN)
    found = rows.first()
    if found is not None:
        return found
    mapping, now = propose_mapping(old.document, version.document), clock.now()
    made = FormMigration.objects.create(
        definition=version.definition,
        from_version=old,
        to_version=version,
        mapping=mapping,
        sha256=mapping_sha256(mapping),
        created_at=now,
        created_by_id=by.user_id,
        edited_at=now,
        edited_by_id=by.user_id,
    )
    detail = {"from": old.number, "to": version.number, "sha256": made.sha256}
    audit.record(by=by, action="form.migration_proposed", target=made, detail=detail)
    return made


@transaction.atomic
def edit_mapping(*, migration: FormMigration, mapping: dict[str, Any], shown_sha256: str, by: Actor) -> FormMigration:
    """Replace the mapping; what was counted with the old one no longer holds.

    Raises Refused with the first thing that is wrong in words, Conflict when another mapping stands there now.
    """
    design_permissions.check_user_can_edit(by, migration.definition)
    locked = _locked(migration)
    if locked.state not in EDITABLE:
        raise Refused("The plans are being moved, or have been, so the mapping can no longer change")
    if locked.sha256 != shown_sha256:
        raise Conflict(CHANGED)
    faults = mapping_faults(mapping, locked.from_version.document, locked.to_version.document)
    if faults:
        raise Refused(faults[0])
    if mapping_sha256(mapping) == locked.sha256:
        return locked
    locked.mapping, locked.sha256 = mapping, mapping_sha256(mapping)
    locked.forget_count()
    locked.edited_at, locked.edited_by_id = clock.now(), by.user_id
    locked.save()
    audit.record(by=by, action="form.migration_edited", target=locked, detail={"sha256": locked.sha256})
    return locked


@transaction.atomic
def start_dry_run(*, migration: FormMigration, by: Actor) -> None:
    """Have it counted what the migration would mean, in the worker. Nothing of any plan is written."""
    design_permissions.check_user_can_edit(by, migration.definition)
    locked = _locked(migration)
    if locked.state not in EDITABLE:
        raise Refused("The plans are being moved, or have been, so there is nothing to try")
    FormMigration.objects.filter(pk=locked.pk).update(counting=True, plans_done=0, plans_total=0)
    enqueue_on_commit(migration_running.count_plans, migration=locked.pk)
    audit.record(by=by, action="form.migration_counted", target=locked, detail={"sha256": locked.sha256})


@transaction.atomic
def start_execution(
    *, migration: FormMigration, shown_sha256: str, deadline: datetime.date, by: Actor, in_worker: bool = True
) -> FormMigration:
    """Carry the migration out as it was counted: a draft beside every open plan, in the worker.

    `deadline` is the last day on which drafts that are open finish on the old version. With `in_worker` false the
    caller runs `migration_running.carry_out` itself. Again, it goes on where it stopped.
    """
    design_permissions.check_user_can_shape_all(by)
    locked = _locked(migration)
    if locked.state in EDITABLE:
        _check_can_start(locked, shown_sha256, deadline, by)
        now = clock.now()
        locked.state, locked.deadline = MigrationState.RUNNING, deadline
        locked.started_at, locked.started_by_id = now, by.user_id
        locked.plans_done, locked.plans_total = 0, read.open_plans(locked.from_version).count()
        locked.save()
        detail = {"sha256": locked.sha256, "deadline": deadline.isoformat(), "plans": locked.plans_total}
        audit.record(by=by, action="form.migration_started", target=locked, detail=detail)
    elif locked.state != MigrationState.RUNNING:
        raise Refused("This is over: the plans were moved, or it was cancelled")
    if in_worker:
        enqueue_on_commit(migration_running.carry_out_in_worker, migration=locked.pk)
    return locked


@transaction.atomic
def cancel(*, migration: FormMigration, by: Actor) -> None:
    """End a migration. Drafts it has made and nobody has confirmed are taken away; confirmed ones stand."""
    design_permissions.check_user_can_shape_all(by)
    locked = _locked(migration)
    if locked.state == MigrationState.CANCELLED:
        return
    waiting = FormMigrationDraft.objects.filter(migration=locked, closed_at=None)
    if locked.state == MigrationState.DONE and not waiting.exists():
        raise Refused("Every plan has been confirmed, so there is nothing to cancel")
    waiting.update(closed_at=clock.now(), result=FormMigrationDraft.Result.REPLACED)
    _end(locked, MigrationState.CANCELLED, by)


def _check_can_start(migration: FormMigration, shown_sha256: str, deadline: datetime.date, by: Actor) -> None:
    if by.user_id is None:
        raise Refused("Somebody has to start this in their own name")
    check_as_counted(migration, shown_sha256, changed=CHANGED, uncounted=UNCOUNTED)
    if deadline <= clock.today():
        raise Refused("The last day for open drafts must be in the future", field="deadline")


def _end(migration: FormMigration, state: str, by: Actor) -> None:
    migration.state, migration.counting, migration.finished_at = state, False, clock.now()
    migration.save(update_fields=["state", "counting", "finished_at"])
    audit.record(by=by, action=f"form.migration_{state}", target=migration, detail={"sha256": migration.sha256})


def _locked(migration: FormMigration) -> FormMigration:
    rows = FormMigration.objects.select_related("definition", "from_version", "to_version")
    return rows.select_for_update(of=("self",)).get(pk=migration.pk)
