"""A second person confirms a move of cases, and thereby starts it; nothing moves on one person's word.

What is confirmed is the hash of the plan (both versions and the state map), with the counts that were shown. Another
map is counted, asked for and confirmed anew. No command can do any of this: it is done signed in.
"""

from django.db import transaction
from django.urls import reverse

from core import clock
from core.exceptions import Refused
from core.jobs import enqueue_on_commit
from core.moving import MigrationState
from governance.actors import Actor
from governance.models import User
from governance.services.notifications import tell
from workflows import move_policies, permissions
from workflows.models import FlowMigration
from workflows.selectors import migrations as read
from workflows.services import migration_running
from workflows.services.migrations import locked_migration, recorded

TOPIC = "flow.move"


@transaction.atomic
def ask(*, migration: FlowMigration, shown_sha256: str, reason: str, by: Actor) -> FlowMigration:
    """Ask a second person to confirm the move as it was counted; those who can are told.

    Raises Conflict when the map is not the one that was shown, Refused when it was not counted, gives no reason, or
    leads to a version no longer live.
    """
    permissions.check_user_can_shape_flows(by)
    locked = locked_migration(migration)
    move_policies.check_can_ask(locked, shown_sha256, by)
    locked.reason, locked.sent_back = move_policies.check_reason(reason), ""
    locked.state, locked.asked_at, locked.asked_by_id = MigrationState.WAITING, clock.now(), by.user_id
    locked.save(update_fields=["state", "reason", "sent_back", "asked_at", "asked_by"])
    recorded(by, "flow.migration_asked", locked)
    _tell(list(read.confirmers(locked)), locked, "waits for a second person", by)
    return locked


@transaction.atomic
def send_back(*, migration: FlowMigration, reason: str, by: Actor) -> None:
    """Do not confirm the move: whoever planned it is told why, and can change it and ask again."""
    permissions.check_user_can_confirm_moves(by)
    locked = locked_migration(migration)
    move_policies.check_waits(locked)
    move_policies.check_is_second_person(locked, by)
    asker = locked.asked_by
    locked.sent_back = move_policies.check_reason(reason)
    locked.state, locked.asked_at, locked.asked_by = MigrationState.READY, None, None
    locked.save(update_fields=["state", "sent_back", "asked_at", "asked_by"])
    recorded(by, "flow.migration_sent_back", locked)
    _tell([asker] if asker else [], locked, "was sent back", by)


@transaction.atomic
def confirm(*, migration: FlowMigration, shown_sha256: str, by: Actor, in_worker: bool = True) -> FlowMigration:
    """Confirm the move as somebody else, having read what it means; the cases are moved in the worker.

    `shown_sha256` is `move_policies.read_sha256` of what was shown. With `in_worker` false the caller runs
    `migration_running.carry_out` itself. Raises Conflict when something else stands there now, Refused for whoever
    planned it, NotAllowed for whoever is neither a clinical lead nor answers for clinical safety.
    """
    permissions.check_user_can_confirm_moves(by)
    locked = locked_migration(migration)
    move_policies.check_can_confirm(locked, shown_sha256, by)
    locked.state, locked.started_at, locked.started_by_id = MigrationState.RUNNING, clock.now(), by.user_id
    locked.cases_done, locked.cases_total = 0, read.open_cases(locked.from_version).count()
    locked.save()
    counts = {name: locked.counts[name] for name in ("total", "moves")}
    recorded(by, "flow.migration_confirmed", locked, read=shown_sha256, cases=locked.cases_total, **counts)
    _tell([locked.asked_by] if locked.asked_by else [], locked, "was confirmed and has begun", by)
    if in_worker:
        enqueue_on_commit(migration_running.carry_out_in_worker, migration=locked.pk)
    return locked


@transaction.atomic
def go_on(*, migration: FlowMigration, by: Actor) -> None:
    """Have the worker go on with a confirmed move that has stopped; harmless while it runs."""
    permissions.check_user_can_shape_flows(by)
    if locked_migration(migration).state != MigrationState.RUNNING:
        raise Refused("Nothing is being moved here: it waits for two people's word, or it is over")
    enqueue_on_commit(migration_running.carry_out_in_worker, migration=migration.pk)


def _tell(users: list[User], migration: FlowMigration, what: str, by: Actor) -> None:
    numbers = f"from version {migration.from_version.number} to {migration.to_version.number}"
    tell(
        users=users,
        topic=TOPIC,
        text=f"Moving the open cases of “{migration.definition.name}” {numbers} {what}",
        link=reverse("workflows:migration", args=[migration.definition.key, migration.public_id]),
        by=by,
    )
