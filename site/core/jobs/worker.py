"""The worker process: task threads, the chores, and the heartbeat that tells the others it is alive."""

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from core import clock, supervision
from core.jobs import clockwork, reaper, runs
from core.jobs.registry import Chore, chores
from core.locks import only_one
from core.models import JobRun

logger = structlog.get_logger("worker")

#: Threads and the queues each serves. Reports wait for each other (one PDF at a time per process), never clinical work.
THREADS = {"tasks": ["clinical", "default"], "reports": ["reports"]}
LONGEST_PAUSE = 30.0


class WorkerProcess:
    """Runs until told to stop; a second signal, or the end of the grace, gives back what is still running."""

    def __init__(self, poll_seconds: float = 0.5) -> None:
        self.stopping = threading.Event()
        self.poll_seconds = poll_seconds
        self.task_workers: list[TaskWorker] = []
        self.threads: list[threading.Thread] = []
        self.presence: JobRun | None = None

    def run(self) -> int:
        """Serve; returns the exit status: 0 when asked to stop, 1 when one of the threads died."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        supervision.stop_with_parent()
        self._announce()
        clockwork.keep_in_step()
        for name, queues in THREADS.items():
            self._start(name, self._serve_queues, name, queues)
        for chore in chores:
            self._start(chore.name, self._do_chore, chore)
        status = self._watch()
        self._leave()
        return status

    def _announce(self) -> None:
        with runs._held_lock:
            self.presence = JobRun.objects.create(
                job=reaper.PRESENCE,
                idempotency_key=f"worker:{runs.WORKER}"[:120],
                state=JobRun.State.RUNNING,
                worker=runs.WORKER,
                started_at=clock.now(),
                lease_until=clock.now() + runs.lease(),
            )
            runs._held.add(self.presence.pk)

    def _start(self, name: str, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _serve_queues(self, name: str, queues: list[str]) -> None:
        worker = TaskWorker(
            queue_names=queues,
            interval=self.poll_seconds,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{runs.WORKER}:{name}"[:64],
            excluded_queue_names=[],
        )
        self.task_workers.append(worker)
        self._persist(name, worker.run)

    def _do_chore(self, chore: Chore) -> None:
        def repeat() -> None:
            while not self.stopping.is_set():
                close_old_connections()
                with only_one(chore.name) as mine:
                    if mine:
                        chore.run()
                self.stopping.wait(chore.seconds)

        self._persist(chore.name, repeat)

    def _persist(self, name: str, loop: Callable[[], None]) -> None:
        """Run `loop` again after an error (a database that is away, say), with growing pauses, until told to stop."""
        pause = 1.0
        while not self.stopping.is_set():
            started = time.monotonic()
            try:
                loop()
            except Exception:
                logger.exception("worker thread failed", thread=name)
                connection.close()
            if time.monotonic() - started > LONGEST_PAUSE:
                pause = 1.0
            self.stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        connection.close()

    def _watch(self) -> int:
        """The heartbeat, until told to stop or a thread is gone."""
        beat = settings.JOB_LEASE_SECONDS / 4
        next_beat = 0.0
        while not self.stopping.wait(0.2):
            if dead := [thread.name for thread in self.threads if not thread.is_alive()]:
                logger.error("worker thread died", threads=dead)
                return 1
            if time.monotonic() >= next_beat:
                self._beat()
                next_beat = time.monotonic() + beat
        return 0

    def _beat(self) -> None:
        try:
            close_old_connections()
            runs.renew_leases()
        except Exception:
            logger.exception("heartbeat failed")
            connection.close()

    def _leave(self) -> None:
        """Let running jobs end for as long as the grace lasts, then give them back and go."""
        self.stopping.set()
        for worker in self.task_workers:
            worker.running = False
        deadline = time.monotonic() + settings.STOP_GRACE_SECONDS
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self.presence:
            with runs._held_lock:
                runs._held.discard(self.presence.pk)
            JobRun.objects.filter(pk=self.presence.pk).delete()
        runs.release_held()
        if any(thread.is_alive() for thread in self.threads):
            logger.warning("worker leaves running jobs to others")
            os._exit(0)
