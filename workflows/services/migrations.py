"""Preparing the move of open cases to another version of their flow: proposed, edited, counted, cancelled.

A second person confirms it in `migration_confirming`; what happens to the cases is in `migration_running`.
"""

from collections.abc import Mapping

from django.db import transaction

from core import clock
from core.exceptions import Conflict, Refused
from core.jobs import enqueue_on_commit
from core.moving import EDITABLE, OPEN, MigrationState
from governance.actors import Actor
from governance.services import audit
from workflows import move_policies, permissions, policies
from workflows.engine import state_map as maps
from workflows.models import FlowMigration, FlowVersion
from workflows.selectors import migrations as read
from workflows.services import migration_counting


@transaction.atomic
def propose_migration(*, old: FlowVersion, by: Actor) -> FlowMigration:
    """The open migration from a version to the live one of its flow, made by equal states when there is none.

    Raises Refused when no version is live, or this one is.
    """
    permissions.check_user_can_shape_flows(by)
    live = old.definition.live_version
    if live is None or live.pk == old.pk:
        raise Refused("Cases can only move to a version that is live, from another one")
    found = FlowMigration.objects.filter(from_version=old, to_version=live, state__in=OPEN).first()
    if found is not None:
        return read.by_pk(found.pk)
    before, after, now = policies.spec_of(old), policies.spec_of(live), clock.now()
    proposed = maps.propose(before, after)
    made = FlowMigration.objects.create(
        definition=old.definition,
        from_version=old,
        to_version=live,
        state_map=proposed,
        sha256=maps.map_sha256(proposed, old.sha256, live.sha256),
        created_at=now,
        created_by_id=by.user_id,
        edited_at=now,
        edited_by_id=by.user_id,
    )
    recorded(by, "flow.migration_proposed", made)
    return read.by_pk(made.pk)


@transaction.atomic
def edit_map(*, migration: FlowMigration, state_map: Mapping[str, str], shown_sha256: str, by: Actor) -> FlowMigration:
    """Say where the cases go; what was counted, and asked for, before no longer holds.

    Raises Refused with the first thing that is wrong in words, Conflict when another map stands there now.
    """
    permissions.check_user_can_shape_flows(by)
    locked = locked_migration(migration)
    if locked.state not in EDITABLE:
        raise Refused("The cases are being moved, or have been, so where they go can no longer change")
    if locked.sha256 != shown_sha256:
        raise Conflict(move_policies.CHANGED)
    old, new = locked.from_version, locked.to_version
    faults = maps.faults(state_map, policies.spec_of(old), policies.spec_of(new))
    if faults:
        raise Refused(faults[0])
    digest = maps.map_sha256(state_map, old.sha256, new.sha256)
    if digest == locked.sha256:
        return locked
    locked.state_map, locked.sha256 = dict(state_map), digest
    locked.forget_count()
    locked.edited_at, locked.edited_by_id = clock.now(), by.user_id
    locked.asked_at, locked.asked_by = None, None
    locked.save()
    recorded(by, "flow.migration_edited", locked)
    return locked


@transaction.atomic
def start_count(*, migration: FlowMigration, by: Actor) -> None:
    """Have it counted what the migration would mean, in the worker. No case is touched."""
    permissions.check_user_can_shape_flows(by)
    locked = locked_migration(migration)
    if locked.state not in EDITABLE:
        raise Refused("The cases are being moved, or have been, so there is nothing to count")
    FlowMigration.objects.filter(pk=locked.pk).update(counting=True, cases_done=0, cases_total=0)
    enqueue_on_commit(migration_counting.count_cases, migration=locked.pk)
    recorded(by, "flow.migration_counted", locked)


@transaction.atomic
def cancel(*, migration: FlowMigration, by: Actor) -> None:
    """End a migration: cases it has moved stay where they are now, the others stay where they were."""
    permissions.check_user_can_shape_flows(by)
    locked = locked_migration(migration)
    if locked.state == MigrationState.CANCELLED:
        return
    if locked.state == MigrationState.DONE:
        raise Refused("Every case has been looked at, so there is nothing to cancel")
    locked.state, locked.counting, locked.finished_at = MigrationState.CANCELLED, False, clock.now()
    locked.save(update_fields=["state", "counting", "finished_at"])
    recorded(by, "flow.migration_cancelled", locked)


def locked_migration(migration: FlowMigration) -> FlowMigration:
    """The migration as it is now, held until the transaction ends."""
    FlowMigration.objects.select_for_update(of=("self",)).get(pk=migration.pk)
    return read.by_pk(migration.pk)


def recorded(by: Actor, action: str, migration: FlowMigration, **detail: str | int) -> None:
    """Leave the trail of what was done to a migration: always with the hash of its plan."""
    versions = {"from": migration.from_version.number, "to": migration.to_version.number}
    audit.record(by=by, action=action, target=migration, detail={"sha256": migration.sha256, **versions, **detail})
