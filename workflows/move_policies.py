"""When cases may be moved to another version: counted, asked for by one person, read and confirmed by another."""

from core.exceptions import Conflict, Refused
from core.moving import MigrationState, check_as_counted
from governance.actors import Actor
from workflows.engine import state_map as maps
from workflows.engine.loading import sha256_of
from workflows.models import FlowMigration

CHANGED = "Somebody changed where the cases go while you were reading. Look at it again before you go on."
RECOUNTED = (
    "This is not what you were shown: it was changed or counted again meanwhile. Read it again before you go on."
)
UNCOUNTED = "Count the cases first: nobody knows yet what this means for them"
SECOND_PERSON = "You planned this move or asked for it, so somebody else has to confirm it"
NOT_ASKED = "Nobody has asked for this move to be confirmed, so it cannot be"
MAX_REASON = 500


def read_sha256(migration: FlowMigration) -> str:
    """The hash of all that a second person reads before they confirm: the plan, why, and what was counted."""
    return sha256_of({"plan": migration.sha256, "reason": migration.reason, "counts": migration.counts})


def check_can_ask(migration: FlowMigration, shown_sha256: str, by: Actor) -> None:
    """The map is the one that was shown, and counted. Raises Conflict when it is not, Refused for the rest."""
    if by.user_id is None:
        raise Refused("Somebody has to ask for this in their own name, on the page of the move")
    if migration.state == MigrationState.WAITING:
        raise Refused("This waits for a second person already")
    _check_counted(migration, shown_sha256)
    if migration.state != MigrationState.READY:
        raise Refused("This is under way or over, so there is nothing to ask for")


def check_can_confirm(migration: FlowMigration, shown_sha256: str, by: Actor) -> None:
    """What the second person has read is what would be carried out. Raises Conflict when it is not, Refused for
    whoever planned it and for what is not asked for.
    """
    check_waits(migration)
    check_is_second_person(migration, by)
    if read_sha256(migration) != shown_sha256:
        raise Conflict(RECOUNTED)
    check_map_is_as_hashed(migration)
    _check_counted(migration, migration.sha256)


def check_waits(migration: FlowMigration) -> None:
    """Raises Refused unless somebody has asked for the move and nobody has confirmed it."""
    if migration.state != MigrationState.WAITING:
        raise Refused(NOT_ASKED if migration.state in (MigrationState.DRAFT, MigrationState.READY) else _OVER)


def check_is_second_person(migration: FlowMigration, by: Actor) -> None:
    """Raises Refused for whoever prepared the move, wrote its map or asked for it, in person or through a colleague."""
    people = {str(by.user_id), by.on_behalf_of}
    if by.user_id is None or people & {str(planner) for planner in planners(migration)}:
        raise Refused(SECOND_PERSON)


def check_map_is_as_hashed(migration: FlowMigration) -> None:
    """Raises Refused when where the cases go is not what the two people put their names to."""
    ends = migration.from_version.sha256, migration.to_version.sha256
    if maps.map_sha256(migration.state_map, *ends) != migration.sha256:
        raise Refused("Where the cases go is not what was confirmed, so none is moved. Cancel this, and plan it anew.")


def check_reason(reason: str) -> str:
    """The reason tidied up; Refused when there is none, or it is too long."""
    tidy = reason.strip()
    if not 0 < len(tidy) <= MAX_REASON:
        raise Refused(f"Enter the reason, in {MAX_REASON} characters or fewer", field="reason")
    return tidy


def planners(migration: FlowMigration) -> set[int]:
    """Those who prepared the move, wrote its map or asked for it."""
    return {pk for pk in (migration.created_by_id, migration.edited_by_id, migration.asked_by_id) if pk is not None}


def _check_counted(migration: FlowMigration, shown_sha256: str) -> None:
    check_as_counted(migration, shown_sha256, changed=CHANGED, uncounted=UNCOUNTED)


_OVER = "Somebody has decided on this already: the cases are being moved, or it is over"
