"""What can run: jobs by their dotted path, schedules by name, and the worker's chores."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.registry import Registry

QUEUES = ("clinical", "default", "reports")


@dataclass(frozen=True)
class Job:
    """A function that may run in the worker; calling it runs it here and now.

    `queue` is one of QUEUES; after `max_attempts` failures it is left alone, in view of the operator.
    """

    path: str
    function: Callable[..., Any]
    queue: str
    max_attempts: int

    def __call__(self, **arguments: Any) -> Any:
        return self.function(**arguments)


@dataclass(frozen=True)
class Schedule:
    """A job that runs by the clock: five-field cron in London time."""

    name: str
    cron: str
    job: Job


@dataclass(frozen=True)
class Chore:
    """Something the worker does every few seconds, one process at a time: sealing, relaying, looking for due work."""

    name: str
    seconds: float
    run: Callable[[], Any]


jobs: Registry[Job] = Registry("jobs")
schedules: Registry[Schedule] = Registry("schedules")
chores: Registry[Chore] = Registry("chores of the worker")


def job(*, queue: str = "default", max_attempts: int = 5) -> Callable[[Callable[..., Any]], Job]:
    """Make a module-level function a job. Its arguments and its result must be JSON values: references, not text."""
    if queue not in QUEUES:
        raise ValueError(f"{queue} is no queue: one of {', '.join(QUEUES)}")

    def register(function: Callable[..., Any]) -> Job:
        path = f"{function.__module__}.{function.__qualname__}"
        return jobs.add(path, Job(path, function, queue, max_attempts))

    return register


def schedule(name: str, cron: str, job: Job) -> Schedule:
    """Run `job` (without arguments) by the clock; the worker keeps the row of that name in step with the code."""
    if name in schedules and schedules.get(name) == Schedule(name, cron, job):
        return schedules.get(name)
    return schedules.add(name, Schedule(name, cron, job))


def every(seconds: float, name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Have the worker call the function every `seconds`, in one process at a time; an error is logged, not fatal."""

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        chores.add(name, Chore(name, seconds, function))
        return function

    return register
