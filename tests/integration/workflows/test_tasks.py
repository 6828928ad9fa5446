"""Tasks in inboxes: taking, giving back, and what time does to them."""

import datetime

import pytest

from core import clock
from core.exceptions import Absent, Conflict, Refused
from governance.models import AuditEvent, Notification, StaffListEntry
from governance.services import notifications
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.models import FlowTimer
from workflows.selectors import inbox
from workflows.selectors.chains import verify_case_chain
from workflows.services import tasks, timers
from workflows.tasks import fire_flow_timers


def later(hours):
    return clock.now() + datetime.timedelta(hours=hours)


@pytest.fixture
def task(waiting):
    return waiting.tasks.get()


@shared
def lead(practice):
    return people.staff(practice, role="org_lead")


def test_the_inbox_is_that_of_the_role_at_the_organisation(task, doctor, other_doctor, nurse, paramedic):
    assert list(inbox.tasks(doctor)) == list(inbox.tasks(other_doctor)) == [task]
    assert not inbox.tasks(nurse).exists()
    assert not inbox.tasks(paramedic).exists()


def test_a_doctor_elsewhere_has_another_inbox(task):
    stranger = people.staff(people.organisation(), role="doctor")
    assert not inbox.tasks(stranger).exists()
    with pytest.raises(Absent):
        inbox.task(stranger, task.public_id)
    with pytest.raises(Absent):
        tasks.claim(by=stranger, task=task, now=clock.now())


def test_a_task_is_taken_once_and_given_back_by_who_took_it(task, doctor, other_doctor):
    tasks.claim(by=doctor, task=task, now=clock.now())
    tasks.claim(by=doctor, task=task, now=clock.now())
    assert list(inbox.inbox_of(doctor).listed("mine")) == [task]
    assert not inbox.inbox_of(other_doctor).listed("free").exists()
    with pytest.raises(Conflict):
        tasks.claim(by=other_doctor, task=task, now=clock.now())
    with pytest.raises(Refused):
        tasks.release(by=other_doctor, task=task, now=clock.now())
    tasks.release(by=doctor, task=task, now=clock.now())
    tasks.release(by=doctor, task=task, now=clock.now())
    tasks.claim(by=other_doctor, task=task, now=clock.now())
    actions = AuditEvent.objects.filter(action__startswith="task.").values_list("action", flat=True)
    assert list(actions.order_by("at")) == ["task.claimed", "task.released", "task.claimed"]


def test_a_task_that_is_done_is_nobodys_any_more(waiting, task, doctor, other_doctor):
    flows.fire(waiting, "approve", doctor)
    assert not inbox.tasks(doctor).exists()
    with pytest.raises(Conflict):
        tasks.claim(by=other_doctor, task=task, now=clock.now())


def test_taking_a_task_does_not_keep_a_colleague_from_deciding(waiting, task, doctor, other_doctor):
    tasks.claim(by=doctor, task=task, now=clock.now())
    assert flows.fire(waiting, "approve", other_doctor).to_state == "approved"


@pytest.mark.parametrize(("hours", "doctors_told", "leads_told"), [(47, 0, 0), (49, 2, 0), (73, 2, 1)])
def test_reminder_and_escalation_come_when_they_are_due(
    waiting, doctor, other_doctor, lead, job_actor, hours, doctors_told, leads_told
):
    timers.fire_due(by=job_actor, now=later(hours))
    assert Notification.objects.filter(channel="in_app", topic="flow.reminder").count() == doctors_told
    assert (
        Notification.objects.filter(channel="in_app", topic="flow.escalation", user_id=lead.user_id).count()
        == leads_told
    )
    assert verify_case_chain(waiting) == []


def test_only_who_took_the_task_is_reminded(waiting, task, doctor, other_doctor, job_actor):
    tasks.claim(by=doctor, task=task, now=clock.now())
    timers.fire_due(by=job_actor, now=later(49))
    assert list(Notification.objects.filter(channel="in_app").values_list("user_id", flat=True)) == [doctor.user_id]


def test_a_timer_fires_once(waiting, doctor, job_actor):
    assert timers.fire_due(by=job_actor, now=later(49)) == 1
    assert timers.fire_due(by=job_actor, now=later(49)) == 0
    assert Notification.objects.filter(channel="in_app").count() == 1


def test_a_decision_stops_the_timers(waiting, doctor, job_actor):
    flows.fire(waiting, "approve", doctor)
    assert timers.fire_due(by=job_actor, now=later(100)) == 0
    assert not Notification.objects.exists()


def test_a_deadline_at_a_place_where_nobody_holds_the_role_still_passes(waiting, job_actor):
    assert timers.fire_due(by=job_actor, now=later(100)) == 2
    assert not Notification.objects.exists()
    assert waiting.events.filter(kind="timer", detail__told=0).count() == 2


def test_notices_name_no_person(waiting, doctor, lead, job_actor):
    timers.fire_due(by=job_actor, now=later(100))
    names = {entry.user.last_name for entry in StaffListEntry.objects.select_related("user")}
    for notice in Notification.objects.all():
        assert not any(name and name in notice.text for name in names)


def test_the_job_fires_what_is_due(waiting, doctor):
    FlowTimer.objects.filter(kind="reminder").update(due_at=later(-1))
    assert fire_flow_timers() == {"fired": 1}


def test_a_worker_killed_between_firing_and_telling_leaves_the_timer_to_the_next(
    waiting, doctor, job_actor, monkeypatch
):
    class Killed(BaseException):
        pass

    tell = notifications.tell

    def die(**fields):
        tell(**fields)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(notifications, "tell", die)
        timers.fire_due(by=job_actor, now=later(49))
    assert not Notification.objects.exists()
    assert FlowTimer.objects.get(kind="reminder").fired_at is None
    assert timers.fire_due(by=job_actor, now=later(49)) == 1
    assert Notification.objects.filter(channel="in_app").count() == 1


def test_after_days_without_a_worker_each_timer_fires_once_and_a_clock_set_back_fires_none(
    waiting, doctor, lead, job_actor
):
    assert [timers.fire_due(by=job_actor, now=later(hours)) for hours in (500, 1, 49, 500)] == [2, 0, 0, 0]
    assert Notification.objects.filter(channel="in_app").count() == 2


def test_a_timer_that_cannot_fire_keeps_no_other_waiting(waiting, letters, practice, nurse, doctor, job_actor):
    other = flows.open_case(letters.write(practice, nurse, text="Another"), nurse)
    waiting.state = "elsewhere"
    waiting.save()
    assert timers.fire_due(by=job_actor, now=later(49), limit=1) == 1
    assert FlowTimer.objects.get(case=other, kind="reminder").fired_at
    assert not FlowTimer.objects.filter(case=waiting, fired_at__isnull=False).exists()


def test_a_notice_of_a_timer_says_which_case_and_whose_it_is(waiting, doctor, job_actor):
    timers.fire_due(by=job_actor, now=later(49))
    for row in Notification.objects.all():
        assert (row.about_kind, row.about_ref) == ("flow_case", str(waiting.public_id))
        assert row.organisation_id == waiting.owner_id
