"""The promise of the job layer: asked for in a transaction, done at least once after it, never without it."""

import datetime

import pytest
from django.db import transaction

from core import clock
from core.jobs import enqueue_on_commit, queue, reaper, runs
from core.models import JobRun
from tests.integration.core import example_jobs
from tests.worlds import shared

STATE = JobRun.State


@shared
def long_ago():
    return clock.now() - datetime.timedelta(hours=1)


def test_a_job_runs_after_the_commit_and_keeps_its_result(db, run_on_commit):
    with run_on_commit():
        run = enqueue_on_commit(example_jobs.add, a=2, b=3)
        assert JobRun.objects.get().state == STATE.QUEUED
    run.refresh_from_db()
    assert (run.state, run.result, run.attempts) == (STATE.DONE, 5, 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_is_never_run():
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue_on_commit(example_jobs.add, a=2, b=3)
        raise RuntimeError
    assert not JobRun.objects.exists()


def test_asking_again_under_the_same_key_gives_the_same_run(db, run_on_commit):
    with run_on_commit():
        first = enqueue_on_commit(example_jobs.add, key="once", a=1, b=1)
        second = enqueue_on_commit(example_jobs.add, key="once", a=9, b=9)
    assert first.pk == second.pk
    assert JobRun.objects.get().result == 2


def test_arguments_that_are_not_json_are_refused_at_once(db):
    with pytest.raises(TypeError):
        enqueue_on_commit(example_jobs.add, a=object(), b=1)


def test_a_run_nobody_handed_over_is_found_and_run(db):
    """The process died between its commit and the queue."""
    enqueue_on_commit(example_jobs.add, a=2, b=3)
    assert queue.send_due() == 1
    assert JobRun.objects.get().state == STATE.DONE


def test_a_run_handed_over_and_never_begun_is_handed_over_again(db, long_ago):
    run = enqueue_on_commit(example_jobs.add, a=2, b=3)
    JobRun.objects.update(sent_at=clock.now())
    assert queue.send_due() == 0
    JobRun.objects.update(sent_at=long_ago)
    assert queue.send_due() == 1
    run.refresh_from_db()
    assert run.state == STATE.DONE


def test_a_run_handed_over_twice_runs_once(db):
    run = enqueue_on_commit(example_jobs.add, a=2, b=3)
    queue.execute.call(str(run.pk))
    queue.execute.call(str(run.pk))
    run.refresh_from_db()
    assert run.attempts == 1


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(db, run_on_commit):
    with run_on_commit():
        run = enqueue_on_commit(example_jobs.refuse, words="Siân Wójcik 943 476 5919")
    run.refresh_from_db()
    assert (run.state, run.attempts) == (STATE.QUEUED, 1)
    assert run.run_after > clock.now()
    assert queue.send_due() == 0
    JobRun.objects.update(run_after=clock.now())
    assert queue.send_due() == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == (STATE.FAILED, 2)


def test_the_record_of_a_failure_says_where_and_never_what(db, run_on_commit):
    with run_on_commit():
        run = enqueue_on_commit(example_jobs.refuse, words="Siân Wójcik 943 476 5919")
    run.refresh_from_db()
    assert run.error.startswith("builtins.ValueError at example_jobs.py:")
    assert "Siân" not in run.error
    assert "943" not in run.error


def test_pauses_double_up_to_an_hour():
    pauses = [runs.pause_before(attempt).total_seconds() for attempt in range(1, 30)]
    assert 8 <= pauses[0] <= 12
    assert all(pause <= 3600 * 1.2 for pause in pauses)
    assert pauses[-1] >= 3600 * 0.8


def test_a_job_that_was_renamed_fails_in_words(db):
    run = JobRun.objects.create(job="core.gone", max_attempts=1)
    queue.execute.call(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.error.split()[0]) == (STATE.FAILED, "builtins.KeyError")


def test_work_of_a_silent_worker_goes_back_to_the_queue(db, long_ago):
    run = enqueue_on_commit(example_jobs.add, a=2, b=3)
    mine = runs.claim(str(run.pk))
    assert reaper.reap() == 0
    JobRun.objects.update(lease_until=long_ago)
    assert reaper.reap() == 1
    assert queue.send_due() == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == (STATE.DONE, 2)
    assert not runs.succeed(mine, "too late")
    run.refresh_from_db()
    assert run.result == 5


def test_work_that_kills_every_worker_is_given_up(db, long_ago):
    run = enqueue_on_commit(example_jobs.add, a=2, b=3)
    runs.claim(str(run.pk))
    JobRun.objects.update(lease_until=long_ago, attempts=run.max_attempts)
    reaper.reap()
    run.refresh_from_db()
    assert run.state == STATE.FAILED


def test_work_given_back_does_not_count_as_an_attempt(db):
    run = enqueue_on_commit(example_jobs.add, a=2, b=3)
    runs.release(runs.claim(str(run.pk)))
    run.refresh_from_db()
    assert (run.state, run.attempts, run.sent_at) == (STATE.QUEUED, 0, None)


def test_what_is_long_over_is_thrown_away(db):
    now = clock.now()
    for days, state in ((31, STATE.DONE), (29, STATE.DONE), (89, STATE.FAILED), (91, STATE.FAILED)):
        JobRun.objects.create(job="x", state=state, finished_at=now - datetime.timedelta(days=days))
    waiting = JobRun.objects.create(job="x")
    reaper.prune()
    assert JobRun.objects.count() == 3
    assert JobRun.objects.filter(pk=waiting.pk).exists()
