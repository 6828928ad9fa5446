"""Contrary decisions at one moment: exactly one wins, the other is told."""

from functools import partial

import pytest

from core.exceptions import Conflict, NotAllowed
from governance.models import Notification
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.factories.races import lost, race, won
from tests.worlds import shared
from workflows.models import FlowCase, FlowTimer
from workflows.selectors.chains import verify_case_chain
from workflows.services import clocks, tasks, timers

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@shared
def crowd(practice):
    return [people.staff(practice, role="doctor") for _ in range(20)]


def test_approving_and_returning_at_once_has_exactly_one_winner(letters, practice, nurse, crowd, rounds):
    flows.live_flow()
    for _ in range(rounds):
        letters.sent.clear()
        letter = letters.write(practice, nurse)
        case = flows.open_case(letter, nurse)

        def deed(number, actor, case=case):
            step = "return" if number % 2 else "approve"
            mine = FlowCase.objects.get(pk=case.pk)
            return lambda: flows.fire(mine, step, actor, reason="So", expected_state="waiting")

        results = race(*[deed(number, actor) for number, actor in enumerate(crowd)])
        winners = [result for result in results if not isinstance(result, Exception)]
        assert len(winners) == 1, results
        assert all(isinstance(result, Conflict) for result in results if result is not winners[0]), results
        case = FlowCase.objects.get(pk=case.pk)
        assert case.state == winners[0].to_state
        assert case.decisions.exclude(transition="submit").count() == 1
        assert len(letters.sent) == (winners[0].transition == "approve")
        assert verify_case_chain(case) == []


def test_of_twenty_who_decide_at_once_as_many_are_counted_as_it_takes(letters, practice, nurse, crowd, rounds):
    flows.live_flow(flows.spec(quorum={"people": 3}))
    for _ in range(rounds):
        letters.sent.clear()
        case = flows.open_case(letters.write(practice, nurse), nurse)
        copies = [FlowCase.objects.get(pk=case.pk) for _ in crowd]
        deeds = [partial(flows.fire, mine, "approve", by) for mine, by in zip(copies, crowd, strict=True)]
        results = race(*deeds)
        assert sorted(decision.awaits for decision in won(results)) == [0, 1, 2], results
        assert set(lost(results)) == {Conflict}, results
        assert len(letters.sent) == 1
        assert verify_case_chain(FlowCase.objects.get(pk=case.pk)) == []


def test_a_decision_posted_twice_at_once_is_one(letters, practice, nurse, crowd, rounds):
    flows.live_flow(flows.spec(quorum={"people": 2}))
    for _ in range(rounds):
        case = flows.open_case(letters.write(practice, nurse), nurse)
        copies = [FlowCase.objects.get(pk=case.pk) for _ in range(3)]
        results = race(*[partial(flows.fire, mine, "approve", crowd[0]) for mine in copies])
        assert len(won(results)) == 1 and set(lost(results)) == {NotAllowed}, results


def test_a_subject_sent_in_twice_at_once_has_one_case(letters, practice, nurse, rounds):
    flows.live_flow()
    for _ in range(rounds):
        letter = letters.write(practice, nurse)
        results = race(*[lambda letter=letter: flows.open_case(letter, nurse)] * 3)
        assert sum(isinstance(result, FlowCase) for result in results) == 1, results
        assert sum(isinstance(result, Conflict) for result in results) == 2, results
        assert FlowCase.objects.filter(subject_id=letter.id).count() == 1


def test_a_task_taken_at_once_is_one_persons(letters, practice, nurse, crowd, rounds):
    flows.live_flow()
    for _ in range(rounds):
        case = flows.open_case(letters.write(practice, nurse), nurse)
        task = case.tasks.get()
        results = race(*[lambda a=actor, t=task: tasks.claim(by=a, task=t, now=t.opened_at) for actor in crowd])
        assert sum(isinstance(result, Conflict) for result in results) == len(crowd) - 1, results


def test_two_workers_fire_a_timer_once(letters, practice, nurse, crowd, job_actor, rounds):
    flows.live_flow()
    for _ in range(rounds):
        case = flows.open_case(letters.write(practice, nurse), nurse)
        due = FlowTimer.objects.filter(case=case).latest("due_at").due_at
        fired = race(*[partial(timers.fire_due, by=job_actor, now=due)] * 3)
        assert sum(fired) == 2, fired
        told = Notification.objects.filter(about_ref=str(case.public_id)).values_list("user_id", "channel")
        assert sorted(told) == sorted((doctor.user_id, way) for doctor in crowd for way in ("email", "in_app"))
        assert verify_case_chain(FlowCase.objects.get(pk=case.pk)) == []


def test_of_a_decision_and_a_timer_that_is_due_at_once_either_comes_first(letters, practice, nurse, crowd, job_actor):
    """A timer that fires, fires of the state it was set in; what workers clear away at once, none of them misses."""
    flows.live_flow(flows.looping())
    for _ in range(5):
        case = flows.open_case(letters.write(practice, nurse), nurse)
        due = FlowTimer.objects.filter(case=case).latest("due_at").due_at
        work = [partial(timers.fire_due, by=job_actor, now=due)] * 3
        results = race(partial(flows.fire, FlowCase.objects.get(pk=case.pk), "ask", crowd[0], now=due), *work)
        assert lost(results) == [], results
        told = case.events.filter(kind="timer").values_list("detail__state", flat=True)
        assert len(told) == sum(won(results)[1:]) and set(told) <= {"waiting"}, results
        timers.fire_due(by=job_actor, now=due)
        assert case.events.filter(kind="timer").count() == len(told)
        assert (
            FlowTimer.objects.filter(case=case, fired_at=None).count() == clocks.live().filter(case=case).count() == 2
        )
        assert FlowTimer.objects.filter(case=case).count() == 2 + len(told)
        assert verify_case_chain(FlowCase.objects.get(pk=case.pk)) == []
