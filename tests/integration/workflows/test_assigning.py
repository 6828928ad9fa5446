"""Putting tasks in people's hands: whose may, into whose, and what the page says."""

import datetime

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import Absent, Conflict, Refused
from governance.models import AuditEvent, Notification, StaffListEntry
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.presenters.assigning import person
from workflows.selectors import assigning as assignable
from workflows.selectors.able import Hindrance
from workflows.services import assigning, tasks


@pytest.fixture
def task(waiting):
    return waiting.tasks.get()


@shared
def lead(practice):
    return people.staff(practice, role="org_lead")


def give(by, task, to):
    return assigning.assign(by=by, task=task, to=StaffListEntry.objects.get(pk=to.entry_id), now=clock.now())


def test_the_lead_puts_a_task_in_somebodys_hands_and_they_are_told(task, lead, doctor):
    row = give(lead, task, doctor)
    assert (row.claimed_by_id, row.assigned_by_id) == (doctor.user_id, lead.user_id)
    told = Notification.objects.filter(topic="flow.assigned").values_list("user_id", "text")
    assert set(told) == {(doctor.user_id, "A task was put in your hands: Waiting for a doctor")}
    assert AuditEvent.objects.get(action="task.assigned").detail["role"] == "doctor"


def test_whoever_has_it_hands_it_on(task, doctor, other_doctor):
    tasks.claim(by=doctor, task=task, now=clock.now())
    task.refresh_from_db()
    assert give(doctor, task, other_doctor).claimed_by_id == other_doctor.user_id


def test_nobody_else_gives_it_away(task, nurse, doctor, other_doctor):
    stranger = people.staff(people.organisation(), role="org_lead")
    for by in (nurse, doctor, stranger):
        with pytest.raises(Absent):
            give(by, task, other_doctor)


def test_only_who_holds_the_role_there_gets_it(task, lead, nurse):
    elsewhere = people.staff(people.organisation(), role="doctor")
    for to in (nurse, elsewhere):
        with pytest.raises(Refused):
            give(lead, task, to)


def test_who_has_decided_their_part_does_not_get_it_again(letters, letter, nurse, doctor, lead):
    flows.live_flow(flows.spec(quorum={"people": 2}))
    case = flows.open_case(letter, nurse)
    flows.fire(case, "approve", doctor)
    with pytest.raises(Refused):
        give(lead, case.tasks.get(), doctor)


def test_who_wrote_it_neither_gets_it_nor_stands_on_the_page(letters, practice, nurse, doctor, other_doctor, lead):
    flows.live_flow()
    task = flows.open_case(letters.write(practice, nurse, doctor), nurse).tasks.get()
    with pytest.raises(Refused, match="did not write it"):
        give(lead, task, doctor)
    page = people.client_of(lead).get(reverse("workflows:assign", args=[task.public_id])).content.decode()
    offered = [str(StaffListEntry.objects.get(pk=who.entry_id).public_id) in page for who in (doctor, other_doctor)]
    assert offered == [False, True]


def test_who_chooses_sees_what_else_keeps_somebody_from_deciding(task, doctor):
    [entry] = assignable.may_get(task)
    assert (entry.pk, person(entry, None)) == (doctor.entry_id, entry.user.display_name)
    assert person(entry, Hindrance.ROLE) == f"{entry.user.display_name} (their role is not enough for this step)"


def test_what_is_done_is_given_to_nobody(waiting, task, lead, doctor, other_doctor):
    flows.fire(waiting, "approve", doctor)
    with pytest.raises(Conflict):
        give(lead, task, other_doctor)


def test_a_task_of_somebody_who_left_is_given_to_another(task, lead, doctor, other_doctor):
    give(lead, task, doctor)
    StaffListEntry.objects.filter(pk=doctor.entry_id).update(ends_on=clock.today().replace(year=2020))
    task.refresh_from_db()
    assert give(lead, task, other_doctor).claimed_by_id == other_doctor.user_id


def test_what_is_returned_for_others_is_the_decision_not_the_task(waiting, task, lead, doctor, other_doctor):
    give(lead, task, doctor)
    assert flows.fire(waiting, "approve", other_doctor).completed


def test_the_lead_finds_every_task_and_chooses_a_person(task, lead, doctor, other_doctor):
    client = people.client_of(lead)
    listed = client.get(reverse("workflows:team"))
    address = reverse("workflows:assign", args=[task.public_id])
    assert address in listed.content.decode()
    page = client.get(address)
    assert "Waiting for a doctor" in page.content.decode() and "Letter" in page.content.decode()
    entry = StaffListEntry.objects.get(pk=other_doctor.entry_id)
    assert str(entry.public_id) in page.content.decode()
    assert "Choose who should do it" in client.post(address).content.decode()
    assert client.post(address, {"to": entry.public_id}).status_code == 302
    task.refresh_from_db()
    assert task.claimed_by_id == other_doctor.user_id


def test_what_is_overdue_is_said_in_words_and_not_in_markup(task, lead):
    type(task).objects.filter(pk=task.pk).update(due_at=clock.now() - datetime.timedelta(days=3))
    page = people.client_of(lead).get(reverse("workflows:assign", args=[task.public_id])).content.decode()
    assert "Overdue" in page and "&lt;" not in page


def test_a_nurse_finds_neither_the_list_nor_the_task(task, nurse):
    client = people.client_of(nurse)
    assert client.get(reverse("workflows:team")).status_code == 403
    assert client.get(reverse("workflows:assign", args=[task.public_id])).status_code == 404


def test_who_chooses_sees_whose_training_keeps_them_from_deciding(task, lead, practice, doctor):
    untrained = people.staff(practice, role="doctor", trained=False)
    page = people.client_of(lead).get(reverse("workflows:assign", args=[task.public_id])).content.decode()
    names = {who: StaffListEntry.objects.get(pk=who.entry_id).user.display_name for who in (untrained, doctor)}
    assert f"{names[untrained]} (has not taken the training)" in page
    assert f"{names[doctor]} (" not in page
