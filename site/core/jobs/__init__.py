"""Background work: jobs that survive a crash, schedules by the clock, and chores of the worker.

    @job(queue="reports", max_attempts=3)
    def draw_plan(version_id: str) -> dict: ...

    enqueue_on_commit(draw_plan, key=f"draw:{version.pk}", version_id=str(version.pk))
    schedule("remind of reviews", "0 7 * * *", remind_of_reviews)

Every job runs at least once and may run again: write it so that twice does no harm. The task queue is django-tasks;
`JobRun` rows are what the promise rests on.
"""

from core.jobs.queue import enqueue_on_commit
from core.jobs.registry import Chore, Job, chores, every, job, jobs, schedule, schedules

__all__ = [
    "Chore",
    "Job",
    "chores",
    "enqueue_on_commit",
    "every",
    "job",
    "jobs",
    "schedule",
    "schedules",
]
