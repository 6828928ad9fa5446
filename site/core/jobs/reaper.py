"""Finds work whose worker died, and throws away what is long over."""

import datetime

import structlog

from core import clock
from core.jobs.registry import job
from core.models import JobRun

logger = structlog.get_logger("jobs")

#: The name under which a worker process keeps a run of itself, renewed by its heartbeat.
PRESENCE = "core.worker"
KEEP_DONE = datetime.timedelta(days=30)
KEEP_FAILED = datetime.timedelta(days=90)
KEEP_TASKS = datetime.timedelta(days=7)


def reap() -> int:
    """Put back in the queue every run whose lease ran out; gives how many.

    A worker that was killed renews nothing. A run that has had its last attempt is given up instead: something in it
    kills workers.
    """
    now = clock.now()
    expired = JobRun.objects.filter(state=JobRun.State.RUNNING, lease_until__lt=now)
    found = list(expired)
    for run in found:
        mine = expired.filter(pk=run.pk, attempts=run.attempts, worker=run.worker)
        if run.job == PRESENCE:
            mine.delete()
        elif run.attempts >= run.max_attempts:
            logger.error("job gave up", job=run.job, run=str(run.pk), error="its worker stopped each time")
            mine.update(
                state=JobRun.State.FAILED, lease_until=None, finished_at=now, error="its worker stopped each time"
            )
        else:
            logger.warning("job lost its worker", job=run.job, run=str(run.pk), attempt=run.attempts)
            mine.update(state=JobRun.State.QUEUED, lease_until=None, sent_at=None, run_after=None)
    return sum(run.job != PRESENCE for run in found)


@job()
def prune() -> None:
    """Throw away runs, task results and sessions that are over."""
    from django.contrib.sessions.backends.db import SessionStore
    from django_tasks_db.models import DBTaskResult

    now = clock.now()
    JobRun.objects.filter(state=JobRun.State.DONE, finished_at__lt=now - KEEP_DONE).delete()
    JobRun.objects.filter(state=JobRun.State.FAILED, finished_at__lt=now - KEEP_FAILED).delete()
    # Also those that say they are running: a killed worker leaves them so for ever. Our own runs do not need them.
    DBTaskResult.objects.exclude(status="READY").filter(enqueued_at__lt=now - KEEP_TASKS).delete()
    SessionStore.clear_expired()
