"""A timer belongs to one visit of its case to a state: once the case goes on, it never fires and is cleared away."""

import datetime
import functools

import pytest

from core import clock
from governance.models import Notification
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.models import FlowCase, FlowTimer
from workflows.services import clocks, timers
from workflows.services.stuck import stuck


@functools.cache
def start():
    """When the first test of this module began: the moment all its cases are opened at."""
    return clock.now()


def later(hours):
    return start() + datetime.timedelta(hours=hours)


@pytest.fixture
def case(letter, nurse):
    flows.live_flow(flows.looping())
    return flows.open_case(letter, nurse, start())


def told():
    return sorted(Notification.objects.filter(channel="in_app").values_list("topic", flat=True))


def there_and_back(case, doctor, asked, answered):
    flows.fire(case, "ask", doctor, now=later(asked))
    flows.fire(case, "answered", doctor, now=later(answered))


def test_going_on_writes_nothing_to_the_timers(case, doctor):
    before = list(FlowTimer.objects.order_by("pk").values())
    flows.fire(case, "approve", doctor)
    assert list(FlowTimer.objects.order_by("pk").values()) == before
    assert not clocks.live().exists()


def test_of_two_visits_to_a_state_only_the_clock_of_the_last_fires(case, doctor, job_actor):
    there_and_back(case, doctor, 10, 20)
    assert timers.fire_due(by=job_actor, now=later(67)) == 0
    assert timers.fire_due(by=job_actor, now=later(68)) == 1
    assert told() == ["flow.reminder"]


def test_a_state_left_and_entered_at_one_moment_reminds_once(case, doctor, job_actor):
    there_and_back(case, doctor, 0, 0)
    assert FlowTimer.objects.filter(kind="reminder", due_at=later(48)).count() == 3
    assert timers.fire_due(by=job_actor, now=later(48)) == 1
    assert told() == ["flow.reminder"]
    assert list(FlowTimer.objects.filter(due_at=later(48)).values_list("visit", flat=True)) == [case.visit]


def test_a_timer_that_fired_is_no_reason_for_silence_at_the_next_visit(case, doctor, practice, job_actor):
    people.staff(practice, role="org_lead")
    assert timers.fire_due(by=job_actor, now=later(73)) == 2
    there_and_back(case, doctor, 74, 75)
    assert timers.fire_due(by=job_actor, now=later(75 + 72)) == 2
    assert told() == ["flow.escalation", "flow.escalation", "flow.reminder", "flow.reminder"]


def test_what_is_over_is_cleared_away_when_its_moment_has_come(case, doctor, job_actor):
    timers.fire_due(by=job_actor, now=later(49))
    flows.fire(case, "ask", doctor, now=later(50))
    timers.fire_due(by=job_actor, now=later(71))
    assert FlowTimer.objects.filter(visit=2).count() == 2
    timers.fire_due(by=job_actor, now=later(72))
    left = FlowTimer.objects.order_by("pk").values_list("kind", "visit")
    assert list(left) == [("reminder", 2), ("reminder", 3), ("escalation", 3)]


def test_clearing_away_takes_as_many_statements_for_many_as_for_one(
    letters, practice, nurse, doctor, job_actor, django_assert_num_queries
):
    flows.live_flow()
    for number in range(4):
        letter = letters.write(practice, nurse, text=f"Letter {number}")
        flows.fire(flows.open_case(letter, nurse, start()), "approve", doctor, now=start())
    assert FlowTimer.objects.count() == 8
    with django_assert_num_queries(2):
        assert timers.fire_due(by=job_actor, now=later(100)) == 0
    assert not FlowTimer.objects.exists()


def test_a_case_is_not_called_stuck_for_timers_of_states_it_has_left(case, doctor):
    there_and_back(case, doctor, 10, 60)
    assert list(stuck(later(90))) == []
    assert [problem.code for problem in stuck(later(60 + 50))] == ["missed_timer"]


def test_a_case_that_went_on_after_a_worker_read_its_timer_does_not_fire_it(case, doctor, job_actor, monkeypatch):
    """Between the worker's look at what is due and its hold on the case, the case goes on."""
    lock = timers.lock_case

    def and_it_goes_on(pk):
        if not FlowCase.objects.get(pk=pk).decisions.filter(transition="ask").exists():
            flows.fire(case, "ask", doctor, now=later(50))
        return lock(pk)

    monkeypatch.setattr(timers, "lock_case", and_it_goes_on)
    assert timers.fire_due(by=job_actor, now=later(50)) == 0
    assert told() == []
