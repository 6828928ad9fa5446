"""Health checks: a registry that any layer may add to, read by `/readyz` and the operator's page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from core import clock, migration_state
from core.jobs.reaper import PRESENCE
from core.models import JobRun, OutboxEvent
from core.registry import Registry

#: Work that has been due for this long means that the worker does not keep up.
LATE = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    """What one check found; `message` is for an operator and names no person."""

    name: str
    ok: bool
    message: str


checks: Registry[Callable[[], Health]] = Registry("health checks")


@checks.register("database")
def database() -> Health:
    """One statement gets through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health("database", True, "answers")


@checks.register("migrations")
def migrations() -> Health:
    """The database has every migration this code brings."""
    missing = migration_state.pending()
    return Health("migrations", not missing, f"{len(missing)} not applied" if missing else "applied")


@checks.register("worker")
def worker() -> Health:
    """A worker renewed its lease lately."""
    alive = JobRun.objects.filter(job=PRESENCE, lease_until__gt=clock.now()).count()
    return Health("worker", alive > 0, f"{alive} running" if alive else "none is running")


@checks.register("queue")
def queue() -> Health:
    """No job has been due for long without being begun."""
    waiting = JobRun.objects.filter(state=JobRun.State.QUEUED)
    oldest = waiting.filter(run_after=None, enqueued_at__lt=clock.now() - LATE).count()
    oldest += waiting.filter(run_after__lt=clock.now() - LATE).count()
    return Health("queue", not oldest, f"{oldest} jobs are late" if oldest else "keeps up")


@checks.register("outbox")
def outbox() -> Health:
    """The relay numbers events soon after their commit."""
    late = OutboxEvent.objects.filter(sequence=None, created_at__lt=clock.now() - LATE).count()
    return Health("outbox", not late, f"{late} events are late" if late else "keeps up")


@checks.register("cache")
def cached() -> Health:
    """What is put in the cache comes out again."""
    key, value = f"readyz:{uuid4()}", uuid4().hex
    cache.set(key, value, 30)
    ok = cache.get(key) == value
    cache.delete(key)
    return Health("cache", ok, "answers" if ok else "forgets")


@checks.register("storage")
def storage() -> Health:
    """Files can be written and removed."""
    name = default_storage.save(f"readyz/{uuid4()}", ContentFile(b"ready"))
    default_storage.delete(name)
    return Health("storage", True, "writable")


def report() -> list[Health]:
    """Every check's answer; a check that raises is a check that failed."""
    results = []
    for name, check in checks.items():
        try:
            results.append(check())
        except Exception as error:
            results.append(Health(name, False, type(error).__name__))
    return results
