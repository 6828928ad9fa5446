"""Schedules: which jobs are due by the clock, told apart by compare-and-swap so that no tick runs twice."""

import datetime

import structlog
from cronsim import CronSim
from django.db import transaction

from core import clock
from core.jobs.queue import enqueue_on_commit
from core.jobs.registry import jobs, schedules
from core.models import Schedule

logger = structlog.get_logger("jobs")


def next_run(cron: str, after: datetime.datetime) -> datetime.datetime:
    """The first moment after `after` that the five-field `cron` line names in London time.

    Where the clocks go forward a time that does not exist runs at the end of the gap; where they go back a time that
    comes twice runs once (cronsim follows Debian's cron).
    """
    return next(CronSim(cron, after.astimezone(clock.LONDON))).astimezone(datetime.UTC)


def keep_in_step() -> None:
    """Bring the rows to what the code declares: new ones added, changed ones moved, forgotten ones switched off.

    Every worker does so when it starts. One that was forgotten and is declared again, as by a release that is taken
    back, goes on from now.
    """
    now = clock.now()
    for declared in schedules:
        wanted = {"cron": declared.cron, "job": declared.job.path, "enabled": True}
        row, created = Schedule.objects.get_or_create(
            name=declared.name, defaults=wanted | {"next_run_at": next_run(declared.cron, now)}
        )
        if not created and any(getattr(row, field) != value for field, value in wanted.items()):
            Schedule.objects.filter(pk=row.pk).update(**wanted, next_run_at=next_run(declared.cron, now))
    Schedule.objects.exclude(name__in=schedules.keys()).filter(enabled=True).update(enabled=False)


def tick(now: datetime.datetime | None = None) -> int:
    """Start every job that is due; gives how many. A tick missed while nobody ran is made up for once."""
    now = now or clock.now()
    due = Schedule.objects.filter(enabled=True, next_run_at__lte=now)
    return sum(_start(row, now) for row in list(due))


def _start(row: Schedule, now: datetime.datetime) -> bool:
    """Claim one slot and enqueue its job in the same transaction; False when another process claimed it."""
    if row.job not in jobs:
        logger.error("schedule names a job that does not exist", schedule=row.name)
        return False
    with transaction.atomic():
        claimed = Schedule.objects.filter(pk=row.pk, enabled=True, next_run_at=row.next_run_at)
        if not claimed.update(next_run_at=next_run(row.cron, now)):
            return False
        slot = row.next_run_at.astimezone(datetime.UTC).isoformat()
        enqueue_on_commit(jobs.get(row.job), key=f"schedule:{row.name[:80]}:{slot}")
    return True
