"""The life of one JobRun: claimed under a lease, kept alive, done, tried again, or given up."""

import datetime
import os
import random
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F, Q

from core import clock
from core.models import JobRun

logger = structlog.get_logger("jobs")

#: Who holds a lease: this process, by a name no other process ever has.
WORKER = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"
_held: set[UUID] = set()
_held_lock = threading.Lock()

FIRST_PAUSE = datetime.timedelta(seconds=10)
LONGEST_PAUSE = datetime.timedelta(hours=1)


def lease() -> datetime.timedelta:
    """How long a silent worker is trusted to be alive."""
    return datetime.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def pause_before(attempt: int) -> datetime.timedelta:
    """How long to wait after the `attempt`-th failure: doubling, up to an hour, spread so that a crowd disperses."""
    pause = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311


def claim(run_id: str) -> JobRun | None:
    """Take the run for this process; None when it is not waiting any more, or not yet due."""
    now = clock.now()
    due = Q(run_after=None) | Q(run_after__lte=now)
    taken = JobRun.objects.filter(due, pk=run_id, state=JobRun.State.QUEUED).update(
        state=JobRun.State.RUNNING,
        attempts=F("attempts") + 1,
        worker=WORKER,
        started_at=now,
        lease_until=now + lease(),
    )
    return JobRun.objects.get(pk=run_id) if taken else None


@contextmanager
def held(run: JobRun) -> Iterator[None]:
    """While inside, the process's heartbeat renews the run's lease."""
    with _held_lock:
        _held.add(run.pk)
    try:
        yield
    finally:
        with _held_lock:
            _held.discard(run.pk)


def renew_leases() -> None:
    """The heartbeat: push out the lease of everything this process holds."""
    with _held_lock:
        held_now = list(_held)
    if held_now:
        mine = JobRun.objects.filter(pk__in=held_now, state=JobRun.State.RUNNING, worker=WORKER)
        mine.update(lease_until=clock.now() + lease())


def _finish(run: JobRun, **changes: Any) -> bool:
    """Write the outcome if this attempt still owns the run; a lease lost to another worker writes nothing."""
    still = JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, attempts=run.attempts, worker=run.worker)
    return bool(still.update(lease_until=None, **changes))


def succeed(run: JobRun, result: Any) -> bool:
    return _finish(run, state=JobRun.State.DONE, finished_at=clock.now(), result=result, error="")


def fail(run: JobRun, error: BaseException) -> bool:
    """Try again later, or give up after the last attempt."""
    now = clock.now()
    what = describe(error)
    if run.attempts >= run.max_attempts:
        logger.error("job gave up", job=run.job, run=str(run.pk), attempts=run.attempts, error=what)
        return _finish(run, state=JobRun.State.FAILED, finished_at=now, error=what)
    logger.warning("job failed", job=run.job, run=str(run.pk), attempt=run.attempts, error=what, exc_info=error)
    again = now + pause_before(run.attempts)
    return _finish(run, state=JobRun.State.QUEUED, run_after=again, sent_at=None, error=what)


def release(run: JobRun) -> bool:
    """Give the run back as if it had not been begun: this process is told to stop."""
    return _finish(run, state=JobRun.State.QUEUED, attempts=F("attempts") - 1, sent_at=None, run_after=None, worker="")


def release_held() -> None:
    """Give back everything this process still holds, before it goes."""
    with _held_lock:
        held_now = list(_held)
    for run in JobRun.objects.filter(pk__in=held_now, state=JobRun.State.RUNNING, worker=WORKER):
        release(run)


def describe(error: BaseException) -> str:
    """The kind of error and the line it came from. Never its message: that could name a person."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{where}"[:500]
