"""The chores of every worker: due schedules, work nobody handed over, work whose worker died, and events to tell."""

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from core import outbox
from core.jobs import clockwork, queue, reaper
from core.jobs.registry import every, schedule


@every(seconds=1, name="send due work")
def send_due() -> None:
    queue.send_due()


@every(seconds=1, name="start what the clock says")
def tick() -> None:
    clockwork.tick()


@every(seconds=2, name="reap")
def reap() -> None:
    reaper.reap()


@every(seconds=0.2, name="relay")
def relay() -> None:
    while outbox.relay():
        pass


schedule("prune", "17 3 * * *", reaper.prune)


@receiver(pre_save, sender="django_tasks_database.DBTaskResult")
def keep_no_traceback(sender: Any, instance: Any, **kwargs: Any) -> None:
    """The task queue keeps whole tracebacks, texts of exceptions included: keep the frames alone."""
    frames = [line for line in instance.traceback.splitlines() if line.startswith("  File ")]
    instance.traceback = "\n".join(frames)
