"""Handing work to the task queue, and running it when the queue says so."""

import datetime
import json
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from core import clock
from core.jobs import runs
from core.jobs.registry import Job, jobs
from core.models import JobRun

#: A run handed over this long ago and not begun is handed over again: the queue lost it, or is behind. A run handed
#: over twice is claimed once.
RESEND_AFTER = datetime.timedelta(minutes=5)
BATCH = 500


def enqueue_on_commit(
    job: Job, key: str | None = None, *, run_after: datetime.datetime | None = None, **arguments: Any
) -> JobRun:
    """Ask for `job` to run with `arguments` once the caller's transaction commits, and never if it does not.

    `key` makes asking again harmless: the run first asked for under it is returned (for the 30 days runs are kept).
    `run_after` is the earliest moment. Arguments are JSON values; raises TypeError for others.
    """
    json.dumps(arguments)
    fields = {
        "job": job.path,
        "arguments": arguments,
        "queue": job.queue,
        "max_attempts": job.max_attempts,
        "run_after": run_after,
    }
    if key is None:
        run, created = JobRun.objects.create(**fields), True
    else:
        run, created = JobRun.objects.get_or_create(idempotency_key=key, defaults=fields)
    if created and run_after is None:
        transaction.on_commit(partial(send, run.pk), robust=True)
    return run


def send(run_id: Any) -> bool:
    """Hand one waiting run to the task queue; False when somebody else did."""
    waiting = JobRun.objects.filter(pk=run_id, state=JobRun.State.QUEUED, sent_at=None)
    if not waiting.update(sent_at=clock.now()):
        return False
    queue = JobRun.objects.values_list("queue", flat=True).get(pk=run_id)
    execute.using(queue_name=queue).enqueue(str(run_id))
    return True


def send_due() -> int:
    """Hand over every run that is due and that nobody handed over: after a crash, a pause, or a failed attempt."""
    now = clock.now()
    queued = JobRun.objects.filter(state=JobRun.State.QUEUED)
    lost = queued.filter(sent_at__lt=now - RESEND_AFTER).values_list("pk", flat=True)[:BATCH]
    if stale := list(lost):
        queued.filter(pk__in=stale).update(sent_at=None)
    due = queued.filter(Q(run_after=None) | Q(run_after__lte=now), sent_at=None)
    return sum(send(pk) for pk in list(due.order_by("enqueued_at").values_list("pk", flat=True)[:BATCH]))


@task()
def execute(run_id: str) -> None:
    """Run one JobRun here: claims it, keeps its lease alive, and writes down what became of it."""
    run = runs.claim(run_id)
    if run is None:
        return
    with runs.held(run):
        try:
            result = jobs.get(run.job)(**run.arguments)
            json.dumps(result)
        except Exception as error:
            runs.fail(run, error)
        except BaseException:
            runs.release(run)
            raise
        else:
            runs.succeed(run, result)
