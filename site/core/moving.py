"""What moving many records from one version of something to the next has in common, whatever they are.

The move is prepared, counted over everything it concerns, and carried out in batches that can stop anywhere. One that
changes the records themselves waits in between for a second person; plans are confirmed one by one instead.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

from core.exceptions import Conflict, Refused

#: Told how many records are done, of how many.
Progress = Callable[[int, int], None]


class MigrationState(models.TextChoices):
    """How far moving records to another version has come."""

    DRAFT = "draft", "Being prepared"
    READY = "ready", "Counted"
    WAITING = "waiting", "Waits for a second person"
    RUNNING = "running", "Being carried out"
    DONE = "done", "Carried out"
    CANCELLED = "cancelled", "Cancelled"


#: While a migration is in one of these, what it does can still be changed.
EDITABLE = (MigrationState.DRAFT, MigrationState.READY, MigrationState.WAITING)
#: While it is in one of these, there is something left to do.
OPEN = (*EDITABLE, MigrationState.RUNNING)


def check_as_counted(migration: Any, shown_sha256: str, *, changed: str, uncounted: str) -> None:
    """What would be carried out is what was shown and counted, towards a version that is live: `migration` is a
    `VersionMigration` of whatever moves.

    Raises Conflict with the words `changed` when something else stands there now, Refused with `uncounted`.
    """
    if migration.sha256 != shown_sha256:
        raise Conflict(changed)
    if migration.counted_sha256 != migration.sha256 or migration.state == MigrationState.DRAFT:
        raise Refused(uncounted)
    if migration.definition.live_version_id != migration.to_version_id:
        raise Refused("The version this leads to is no longer live")


def carry_on(
    *, one_batch: Callable[[], int | None], standing: Callable[[], tuple[int, int]], progress: Progress | None
) -> int:
    """Do batch after batch until one gives None; returns how many records were done here.

    `standing` reads how many are done of how many, whoever did them.
    """
    done = 0
    while (found := one_batch()) is not None:
        done += found
        if progress:
            so_far, total = standing()
            progress(so_far, max(total, so_far))
    return done


def every_tenth(write: Callable[[str], object], words: str) -> Progress:
    """Says "120 of 400 plans counted" at every tenth part; `words` is the end of that sentence."""
    said: set[int] = set()

    def progress(done: int, total: int) -> None:
        tenth = done * 10 // max(total, 1)
        if tenth not in said:
            said.add(tenth)
            write(f"{done} of {total} {words}")

    return progress
