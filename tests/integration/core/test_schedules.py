"""Jobs by the clock: London time, no tick twice, a missed one made up for once."""

import datetime
import threading

import pytest
from django.db import connection

from core import clock
from core.jobs import clockwork, schedules
from core.jobs.registry import Schedule
from core.models import JobRun
from core.models import Schedule as Row
from tests.integration.core import example_jobs


@pytest.fixture
def minutely(db, monkeypatch, tmp_path):
    declared = Schedule("minutely", "* * * * *", example_jobs.add)
    monkeypatch.setattr(schedules, "_entries", {"minutely": declared})
    clockwork.keep_in_step()
    return Row.objects.get(name="minutely")


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("30 1 * * *", "2026-03-28T12:00+00:00", "2026-03-29T01:00+00:00"),
        ("30 1 * * *", "2026-10-24T12:00+00:00", "2026-10-25T00:30+00:00"),
        ("30 1 * * *", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),
        ("0 7 * * *", "2026-07-01T12:00+00:00", "2026-07-02T06:00+00:00"),
    ],
)
def test_a_cron_line_means_london_time_on_the_days_the_clocks_change(cron, after, expected):
    moment = clockwork.next_run(cron, datetime.datetime.fromisoformat(after))
    assert moment == datetime.datetime.fromisoformat(expected)


def test_a_due_schedule_starts_its_job_and_moves_on(minutely):
    later = minutely.next_run_at + datetime.timedelta(seconds=1)
    assert clockwork.tick(later) == 1
    assert clockwork.tick(later) == 0
    assert JobRun.objects.get().job == example_jobs.add.path


def test_ticks_missed_while_nobody_ran_are_made_up_for_once(minutely):
    tomorrow = minutely.next_run_at + datetime.timedelta(days=1)
    assert clockwork.tick(tomorrow) == 1
    assert clockwork.tick(tomorrow) == 0


def test_a_schedule_the_code_forgot_is_switched_off(minutely, monkeypatch):
    monkeypatch.setattr(schedules, "_entries", {})
    clockwork.keep_in_step()
    minutely.refresh_from_db()
    assert not minutely.enabled
    assert clockwork.tick(minutely.next_run_at) == 0


def test_a_schedule_that_is_declared_again_goes_on_from_now(minutely):
    long_ago = clock.now() - datetime.timedelta(days=1)
    Row.objects.filter(pk=minutely.pk).update(enabled=False, next_run_at=long_ago)
    clockwork.keep_in_step()
    minutely.refresh_from_db()
    assert minutely.enabled
    assert minutely.next_run_at > clock.now()


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_schedulers_racing_never_double_a_tick(minutely, rounds):
    start = minutely.next_run_at
    slots = [start + datetime.timedelta(minutes=number) for number in range(rounds * 6)]
    barrier = threading.Barrier(3)
    started = []

    def race() -> None:
        for slot in slots:
            barrier.wait()
            started.append(clockwork.tick(slot))
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(started) == len(slots)
    assert JobRun.objects.count() == len(slots)
    assert Row.objects.get(pk=minutely.pk).next_run_at > slots[-1] > clock.now() - datetime.timedelta(days=1)
