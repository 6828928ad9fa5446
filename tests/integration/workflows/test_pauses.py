"""The clock of a case: working days of the place, and what is left of the time after a pause."""

import datetime

import pytest

from core.clock import LONDON
from governance.models import Notification
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.engine.spec import State, StateKind
from workflows.models import FlowPause
from workflows.presenters.cases import case_panel
from workflows.presenters.inbox import task_rows
from workflows.selectors.inbox import inbox_of, with_cases
from workflows.services import clocks, timers


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def flow(**waiting):
    """The letters' flow, in which the doctor may ask a question and has the rest of the time when it is answered."""
    document = flows.spec()
    document["states"][1].update(waiting)
    for key in ("asking", "chasing"):
        pause = {"key": key, "label": key, "kind": "wait", "pauses": True, "waits_for": [flows.DOCTOR]}
        document["states"].append(pause | {"reminder_hours": 240})
    for key, source, target in (
        ("ask", "waiting", "asking"),
        ("chase", "asking", "chasing"),
        ("answered", "asking", "waiting"),
        ("heard", "chasing", "waiting"),
        ("give_up", "asking", "returned"),
    ):
        step = {"key": key, "label": key, "from": source, "to": target, "actors": [flows.DOCTOR]}
        document["transitions"].append(step)
    return document


@pytest.fixture
def begin(letter, nurse):
    def begin(start, **waiting):
        flows.live_flow(flow(**waiting))
        return flows.open_case(letter, nurse, at(start))

    return begin


def waiting_timers(case):
    return dict(clocks.live().filter(case=case).values_list("kind", "due_at"))


def test_a_deadline_in_working_days_passes_over_the_weekend(begin):
    case = begin("2026-11-06 17:00", counts="working_days", due_hours=48, reminder_hours=24)
    assert case.due_at == at("2026-11-10 17:00")
    assert waiting_timers(case) == {"reminder": at("2026-11-09 17:00"), "escalation": at("2026-11-10 17:00")}
    assert case.tasks.get().due_at == case.due_at


@pytest.mark.parametrize(("postcode", "due"), [("EH1 1AA", "2026-12-01 12:00"), ("SE1 1AA", "2026-11-30 12:00")])
def test_the_holidays_are_those_of_the_owners_place(begin, practice, postcode, due):
    practice.postcode = postcode
    practice.save()
    case = begin("2026-11-27 12:00", counts="working_days", due_hours=24, reminder_hours=12)
    assert case.due_at == at(due)


def test_a_pause_keeps_what_is_left_and_gives_it_back(begin, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    assert case.due_at is None
    assert waiting_timers(case) == {"reminder": at("2026-11-13 09:00")}
    flows.fire(case, "answered", doctor, now=at("2026-11-20 09:00"))
    assert case.due_at == at("2026-11-22 09:00")
    assert waiting_timers(case) == {"reminder": at("2026-11-21 09:00"), "escalation": at("2026-11-22 09:00")}
    assert case.tasks.get(closed_at=None).due_at == case.due_at
    assert FlowPause.objects.get().resumed


def test_what_is_left_is_left_in_working_days(begin, doctor):
    case = begin("2026-11-05 12:00", counts="working_days", due_hours=48, reminder_hours=24)
    flows.fire(case, "ask", doctor, now=at("2026-11-07 12:00"))
    flows.fire(case, "answered", doctor, now=at("2026-11-15 12:00"))
    assert FlowPause.objects.get().due_left == datetime.timedelta(hours=12)
    assert case.due_at == at("2026-11-16 12:00")


def test_one_pause_after_another_is_one_pause(begin, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    flows.fire(case, "chase", doctor, now=at("2026-11-05 09:00"))
    assert waiting_timers(case) == {"reminder": at("2026-11-15 09:00")}
    flows.fire(case, "heard", doctor, now=at("2026-11-09 09:00"))
    assert case.due_at == at("2026-11-11 09:00")
    assert FlowPause.objects.count() == 1


def test_pausing_again_and_again_wins_no_time(begin, doctor):
    case = begin("2026-11-02 09:00")
    for day in (3, 4):
        flows.fire(case, "ask", doctor, now=at(f"2026-11-0{day} 09:00"))
        flows.fire(case, "answered", doctor, now=at(f"2026-11-0{day} 09:00"))
    assert case.due_at == at("2026-11-05 09:00")


def test_who_was_told_before_the_pause_is_not_told_again(begin, doctor, practice, job_actor):
    people.staff(practice, role="org_lead")
    case = begin("2026-11-02 09:00")
    assert timers.fire_due(by=job_actor, now=at("2026-11-06 09:00")) == 2
    flows.fire(case, "ask", doctor, now=at("2026-11-06 10:00"))
    flows.fire(case, "answered", doctor, now=at("2026-11-07 10:00"))
    assert case.due_at == at("2026-11-07 10:00")
    assert waiting_timers(case) == {}
    assert timers.fire_due(by=job_actor, now=at("2026-12-06 09:00")) == 0


def test_nothing_of_the_stopped_clock_fires_while_it_stands_still(begin, doctor, job_actor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    assert timers.fire_due(by=job_actor, now=at("2026-11-12 09:00")) == 0
    assert not Notification.objects.exists()
    assert timers.fire_due(by=job_actor, now=at("2026-11-14 09:00")) == 1


def test_what_was_kept_lapses_when_the_case_goes_elsewhere(begin, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    flows.fire(case, "give_up", doctor, now=at("2026-11-04 09:00"))
    pause = FlowPause.objects.get()
    assert case.outcome == "returned"
    assert pause.ended_at == at("2026-11-04 09:00")
    assert not pause.resumed
    assert waiting_timers(case) == {}


def test_a_clock_set_back_gives_no_more_time_than_the_flow_does(begin, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-10-01 09:00"))
    flows.fire(case, "answered", doctor, now=at("2026-10-02 09:00"))
    assert case.due_at == at("2026-10-05 09:00")


def test_a_case_moved_to_another_version_keeps_what_was_left_under_the_new_name(begin, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    clocks.rename_kept(case=case, state_map={"waiting": "with_a_doctor", "asking": "asking"})
    states = {key: State(key, key, StateKind.WAIT, pauses=key == "asking") for key in ("asking", "with_a_doctor")}
    kept = clocks.leave(case=case, state=states["asking"], target=states["with_a_doctor"], now=at("2026-11-09 09:00"))
    assert kept.due == datetime.timedelta(hours=48)
    assert FlowPause.objects.get().resumed


def test_the_page_of_a_paused_case_and_the_inbox_say_that_the_clock_stands_still(begin, letter, doctor):
    case = begin("2026-11-02 09:00")
    flows.fire(case, "ask", doctor, now=at("2026-11-03 09:00"))
    said = case_panel(doctor, flows.KIND, letter.id, at("2026-11-05 09:00")).stopped
    assert said.startswith("The clock stands still since 03-Nov-2026")
    assert said.endswith("When this is back at “Waiting for a doctor”, it is due after another 2 days")
    mine = inbox_of(doctor)
    [row] = task_rows(doctor, mine, list(with_cases(mine.rows)), at("2026-11-05 09:00"))
    assert row.due.words == "The clock stands still"
    flows.fire(case, "answered", doctor, now=at("2026-11-20 09:00"))
    assert case_panel(doctor, flows.KIND, letter.id, at("2026-11-20 09:00")).stopped == ""


def test_a_paused_case_whose_time_had_run_out_says_that_it_is_overdue_when_it_goes_on(begin, letter, doctor):
    case = begin("2026-11-02 09:00", counts="working_days")
    flows.fire(case, "ask", doctor, now=at("2026-11-12 09:00"))
    said = case_panel(doctor, flows.KIND, letter.id, at("2026-11-12 09:00")).stopped
    assert said.endswith("it is overdue: its time had run out")


def test_what_is_left_of_working_days_is_said_in_working_days(begin, letter, doctor):
    case = begin("2026-11-05 12:00", counts="working_days", due_hours=48, reminder_hours=24)
    flows.fire(case, "ask", doctor, now=at("2026-11-05 12:00"))
    assert case_panel(doctor, flows.KIND, letter.id, at("2026-11-05 12:00")).stopped.endswith("another 2 working days")
