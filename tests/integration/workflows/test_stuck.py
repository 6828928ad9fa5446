"""What keeps a case where it is, is found; and what can go on, is not named."""

import datetime
import io
import json

import pytest
from django.core.management import call_command

from core import clock
from core.exceptions import Absent
from governance.models import Notification, StaffListEntry
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.models import FlowTask, FlowTimer
from workflows.policies import spec_of
from workflows.presenters.flows import step_rows
from workflows.selectors import inbox
from workflows.services import tasks, timers
from workflows.services.explanations import explain, who_can
from workflows.services.stuck import stuck


def codes(now=None):
    return {problem.code for problem in stuck(now or clock.now())}


def leave(actor):
    """The person is taken off the list, as of yesterday."""
    StaffListEntry.objects.filter(user_id=actor.user_id).update(ends_on=clock.today() - datetime.timedelta(days=1))


def printed(*arguments):
    out = io.StringIO()
    try:
        call_command("stuck_cases", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_a_case_somebody_can_decide_is_not_named(waiting, doctor):
    assert codes() == set()
    assert printed() == (0, "0 cases cannot go on.\n")


def test_a_closed_case_is_not_looked_at(waiting, doctor, letters, letter):
    flows.fire(waiting, "return", doctor, reason="Sign it")
    del letters.letters[letter.id]
    assert codes() == set()


def test_a_subject_that_is_gone_is_named(waiting, doctor, letters, letter):
    del letters.letters[letter.id]
    assert codes() == {"subject_gone"}


def test_a_role_nobody_holds_is_named_and_falls_to_nobody_else(letters, practice, nurse):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, nurse), nurse)
    assert codes() == {"nobody_holds_the_role"}
    assert case.tasks.get().role == "doctor"


def test_a_role_the_service_no_longer_has_is_named_and_its_pages_still_answer(letters, practice, nurse, doctor):
    document = flows.spec(actors=[{"role": "ward_sister", "scope": "owner_org"}], quorum={"people": 2})
    document["states"][1]["waits_for"] = [{"role": "ward_sister", "scope": "owner_org"}]
    flows.live_flow(document)
    case = flows.open_case(letters.write(practice, nurse), nurse)
    assert codes() == {"nobody_holds_the_role"}
    approve = explain(case, doctor)[0]
    assert approve.reasons[0].text == f"Only a ward sister at {practice.name} can do this"
    assert who_can(case, "approve")[0].is_vacant
    assert step_rows(spec_of(case.version))[1].who == "2 ward sisters at the organisation that owns it"
    assert flows.fire(case, "return", doctor, reason="Nobody can pass it").completed


def test_a_subject_deleted_under_its_case_is_decided_by_nobody(waiting, doctor, letters, letter):
    del letters.letters[letter.id]
    shown = {"shown_sha256": letter.content_sha256}
    with pytest.raises(Absent):
        flows.fire(waiting, "approve", doctor, **shown)
    waiting.refresh_from_db()
    assert waiting.state == "waiting" and letters.sent == []


def test_a_role_only_the_author_holds_is_named_unless_authors_may(letters, practice, doctor):
    flows.live_flow()
    flows.open_case(letters.write(practice, doctor), doctor)
    assert codes() == {"only_its_authors"}


def test_with_a_signed_exemption_the_author_can_decide(letters, practice, doctor):
    flows.live_flow(flows.spec(guards=flows.guards("author_only_if_exempt"), exemption=flows.EXEMPTION))
    flows.open_case(letters.write(practice, doctor), doctor)
    assert codes() == set()


def test_a_task_held_by_somebody_who_left_is_named_and_a_colleague_can_take_it(waiting, doctor, other_doctor):
    task = waiting.tasks.get()
    tasks.claim(by=doctor, task=task, now=clock.now())
    leave(doctor)
    assert codes() == {"holder_left"}
    tasks.claim(by=other_doctor, task=task, now=clock.now())
    assert list(inbox.inbox_of(other_doctor).listed("mine")) == [task]
    assert codes() == set()


def test_all_are_reminded_when_whoever_took_the_task_has_left(waiting, doctor, other_doctor, job_actor):
    tasks.claim(by=doctor, task=waiting.tasks.get(), now=clock.now())
    leave(doctor)
    timers.fire_due(by=job_actor, now=clock.now() + datetime.timedelta(hours=49))
    told = Notification.objects.filter(channel="in_app", topic="flow.reminder").values_list("user_id", flat=True)
    assert list(told) == [other_doctor.user_id]


def test_a_lost_task_and_a_missed_timer_are_named(waiting, doctor):
    FlowTask.objects.all().delete()
    FlowTimer.objects.update(due_at=clock.now() - datetime.timedelta(hours=2))
    assert codes() == {"no_task", "missed_timer"}


def test_a_state_the_flow_does_not_have_is_named(waiting, doctor):
    waiting.state = "elsewhere"
    waiting.save()
    assert codes() == {"unknown_state"}


def test_the_command_names_cases_and_reasons_but_no_person(waiting, doctor, letters, letter):
    del letters.letters[letter.id]
    status, text = printed()
    assert status == 1 and str(waiting.public_id) in text and "1 cases cannot go on." in text
    status, text = printed("--format", "json")
    (row,) = json.loads(text)
    assert status == 1 and row["code"] == "subject_gone" and row["organisation"] == waiting.owner.ods_code


def test_many_cases_cost_no_more_queries_than_few(
    waiting, doctor, letters, practice, nurse, django_assert_max_num_queries
):
    for number in range(5):
        flows.open_case(letters.write(practice, nurse, text=f"Letter {number}"), nurse)
    with django_assert_max_num_queries(6):
        assert codes() == set()


@pytest.mark.parametrize("again", [0, 3])
def test_the_command_sends_what_is_due_once(waiting, doctor, again):
    FlowTimer.objects.update(due_at=clock.now() - datetime.timedelta(minutes=1))
    out = io.StringIO()
    call_command("fire_timers", stdout=out)
    assert "2 reminders and escalations were sent." in out.getvalue()
    for _ in range(again):
        call_command("fire_timers", stdout=out)
    assert Notification.objects.filter(channel="in_app", topic="flow.reminder", user_id=doctor.user_id).count() == 1


def test_a_role_held_elsewhere_only_does_not_help(letters, practice, nurse):
    flows.live_flow()
    people.staff(people.organisation(), role="doctor")
    flows.open_case(letters.write(practice, nurse), nurse)
    assert codes() == {"nobody_holds_the_role"}
