"""A role nobody holds: its lead is told, its page says so, and the work falls to nobody else, not even the sender."""

import datetime

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import Absent, NotAllowed
from governance.enums import RoleKey
from governance.models import Notification, StaffListEntry, User
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from workflows.models import FlowCase
from workflows.selectors import inbox
from workflows.services import tasks, vacancies
from workflows.tasks import report_vacancies

DAY = datetime.timedelta(days=1)
EVERY_OTHER_ROLE = [role for role in RoleKey if role not in (RoleKey.DOCTOR, RoleKey.PATIENT, RoleKey.DELEGATE)]


def told(user_id=None):
    rows = Notification.objects.filter(topic="flow.vacancy", channel=Notification.Channel.IN_APP)
    return list(rows.filter(user_id=user_id) if user_id else rows)


@pytest.fixture
def lead(practice):
    return people.staff(practice, role="org_lead")


def test_the_lead_is_told_once_a_day_for_each_role(letters, practice, nurse, lead):
    flows.live_flow()
    for _ in range(3):
        flows.open_case(letters.write(practice, nurse), nurse)
    (notice,) = told(lead.user_id)
    assert practice.name in notice.text and "doctor" in notice.text
    assert notice.link == reverse("governance:organisation", args=[practice.public_id])
    assert report_vacancies() == {"told": 0}, "today it was said"
    by, tomorrow = people.actor(StaffListEntry.objects.get(pk=lead.entry_id)), clock.now() + DAY
    assert vacancies.report_all(by=by, now=tomorrow) == 1
    assert vacancies.report_all(by=by, now=tomorrow) == 0
    people.staff(practice, role="doctor")
    assert vacancies.report_all(by=by, now=tomorrow + DAY) == 0


def test_nobody_is_told_while_somebody_holds_it(doctor, lead, letters, practice, nurse):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    assert report_vacancies() == {"told": 0} and told() == []


def test_where_the_last_holder_has_left_the_daily_look_finds_it(letters, practice, nurse, doctor, lead):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    assert told() == []
    StaffListEntry.objects.filter(pk=doctor.entry_id).update(ends_on=clock.today() - DAY)
    assert report_vacancies() == {"told": 1}


def test_an_organisation_without_a_lead_is_reported_to_the_host(letters, practice, nurse, ig_officer):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    assert [notice.user_id for notice in told()] == [ig_officer.user_id]


def test_it_never_falls_to_whoever_sent_it_whatever_else_they_are(letters, practice, nurse):
    """The sender holds every other role of the service there, and is the only person at the practice."""
    flows.live_flow()
    letter = letters.write(practice, people.staff(people.organisation()))
    case = flows.open_case(letter, nurse)
    account = User.objects.get(pk=nurse.user_id)
    places = [people.staff(practice, role=role, user=account) for role in EVERY_OTHER_ROLE if role != "clinician"]
    for sender in (nurse, *places):
        assert not inbox.tasks(sender).exists()
        for step in ("approve", "return"):
            with pytest.raises(NotAllowed):
                flows.fire(case, step, sender, reason="I am alone here")
    (task,) = case.tasks.all()
    assert (task.role, task.claimed_by_id) == ("doctor", None)
    assert FlowCase.objects.get().state == "waiting" and letters.sent == []


def test_nor_is_it_handed_to_somebody_without_the_role(letters, practice, nurse, lead):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, nurse), nurse)
    for somebody in (nurse, lead):
        with pytest.raises(Absent):
            tasks.claim(by=somebody, task=case.tasks.get(), now=clock.now())
    assert case.tasks.get().claimed_by_id is None


def test_the_organisations_page_lists_what_waits_for_nobody(letters, practice, nurse, lead):
    address = reverse("governance:organisation", args=[practice.public_id])
    client = client_of(lead)
    assert "Work that nobody here can do" not in client.get(address).content.decode()
    flows.live_flow()
    for _ in range(2):
        flows.open_case(letters.write(practice, nurse), nurse)
    page = client.get(address).content.decode()
    assert "<strong>Doctor</strong>: 2 cases wait" in page
    elsewhere = people.organisation()
    other = client_of(people.staff(elsewhere, role="org_lead"))
    shown = other.get(reverse("governance:organisation", args=[elsewhere.public_id])).content.decode()
    assert "Work that nobody here can do" not in shown


def test_notices_and_panel_name_nobody(letters, practice, nurse, lead):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    names = User.objects.values_list("last_name", flat=True)
    assert not any(name and name in notice.text for name in names for notice in told())
