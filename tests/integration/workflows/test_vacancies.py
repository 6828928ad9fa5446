"""A role nobody holds: its lead is told, its page says so, and the work falls to nobody else, not even the sender."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.exceptions import Absent, NotAllowed
from governance.enums import RoleKey
from governance.models import Notification, StaffListEntry, User
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from tests.worlds import shared
from workflows.models import FlowCase
from workflows.selectors import inbox
from workflows.selectors.able import Hindrance
from workflows.services import cases, tasks, vacancies
from workflows.tasks import report_vacancies

DAY = datetime.timedelta(days=1)
EVERY_OTHER_ROLE = [role for role in RoleKey if role not in (RoleKey.DOCTOR, RoleKey.PATIENT, RoleKey.DELEGATE)]


def told(user_id=None):
    rows = Notification.objects.filter(topic="flow.vacancy", channel=Notification.Channel.IN_APP)
    return list(rows.filter(user_id=user_id) if user_id else rows)


@shared
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
    by = people.actor(StaffListEntry.objects.get(pk=lead.entry_id))
    tomorrow = clock.now().astimezone(clock.LONDON) + DAY
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
    assert "<strong>Doctor: 2 cases wait.</strong> Nobody on the staff list has this role." in page
    elsewhere = people.organisation()
    other = client_of(people.staff(elsewhere, role="org_lead"))
    shown = other.get(reverse("governance:organisation", args=[elsewhere.public_id])).content.decode()
    assert "Work that nobody here can do" not in shown


def lines(client, address):
    """What the panel says, as (role and how many, links)."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    items = page.select("[aria-labelledby=vacancies] li")
    return [(" ".join(item.get_text(" ", strip=True).split()), [link["href"] for link in item("a")]) for item in items]


def barred(letters, practice, nurse):
    """A case whose only doctor wrote what it decides on."""
    author = people.staff(practice, role="doctor")
    return flows.open_case(letters.write(practice, author), nurse), author


def test_a_role_only_the_author_holds_is_told_once_for_each_task(letters, practice, nurse, lead):
    flows.live_flow()
    case, author = barred(letters, practice, nurse)
    (notice,) = told(lead.user_id)
    assert notice.text.startswith("A task needs another doctor, because those you have wrote it or have decided on it")
    assert (notice.about_kind, notice.about_ref) == ("flow_case", str(case.public_id))
    by, now = people.actor(StaffListEntry.objects.get(pk=lead.entry_id)), clock.now()
    assert [vacancies.report_all(by=by, now=now + days * DAY) for days in range(3)] == [0, 0, 0], "it was said"
    flows.open_case(letters.write(practice, author), nurse)
    assert len(told(lead.user_id)) == 2, "another task is another matter"


def test_with_a_doctor_more_there_is_no_need(letters, practice, nurse, lead, doctor):
    flows.live_flow()
    case, _ = barred(letters, practice, nurse)
    assert told() == [] and vacancies_seen(lead) == []
    flows.fire(case, "approve", doctor)


def vacancies_seen(viewer):
    return lines(client_of(viewer), reverse("workflows:inbox"))


def test_who_decided_before_is_not_asked_again_and_the_lead_is_told(letters, practice, nurse, doctor, lead):
    """Two doctors have to pass it, and there is one."""
    flows.live_flow(flows.spec(quorum={"people": 2}))
    case = flows.open_case(letters.write(practice, nurse), nurse)
    assert told() == []
    flows.fire(case, "approve", doctor)
    (notice,) = told(lead.user_id)
    assert "another doctor" in notice.text
    ((text, links),) = vacancies_seen(lead)
    assert "Doctor: 1 case waits. Somebody else has to act" in text
    assert links[0].endswith("staff/new/?role=doctor") and links[1] == reverse("workflows:team")
    people.staff(practice, role="doctor")
    assert vacancies_seen(lead) == []


def test_doctors_who_cannot_act_yet_are_no_help_and_it_says_why(letters, practice, nurse, lead):
    flows.live_flow(flows.spec(guards=flows.guards("not_author", "training_valid")))
    people.entry(practice, role="doctor", trained=False)
    case = flows.open_case(letters.write(practice, nurse), nurse)
    (notice,) = told(lead.user_id)
    assert notice.text.endswith("Those who hold it cannot act: their training is not valid")
    ((text, links),) = vacancies_seen(lead)
    assert "their training is not valid" in text and links[0].endswith("#people")
    (found,) = cases.who_can(case, "approve")
    assert (found.able, found.kept) == (0, ((Hindrance.TRAINING, 1),)) and not found.needs_somebody
    people.staff(practice, role="doctor")
    (found,) = cases.who_can(case, "approve")
    assert (found.able, found.kept) == (1, ((Hindrance.TRAINING, 1),))
    assert vacancies_seen(lead) == []


def test_what_keeps_whom_is_counted_apart(letters, practice, nurse):
    guards = flows.guards("not_author", "role_registered", "agreement_in_force", "training_valid")
    flows.live_flow(flows.spec(guards=guards))
    author = people.staff(practice, role="doctor")
    people.staff(practice, role="doctor")
    for _ in range(2):
        people.entry(practice, role="doctor", trained=False)
    case = flows.open_case(letters.write(practice, author), nurse)
    (found,) = cases.who_can(case, "approve")
    assert found.able == 1
    assert dict(found.kept) == {Hindrance.TRAINING: 2, Hindrance.BARRED: 1}
    (must,) = cases.who_must_act(case)
    assert (must.able, must.kept) == (found.able, found.kept)


@pytest.mark.parametrize("state", ["lapsed", "unsigned", "none"])
def test_without_an_agreement_nobody_there_can_act(letters, nurse, state):
    flows.live_flow(flows.spec(guards=flows.guards("not_author", "agreement_in_force")))
    place = people.organisation(agreement=state)
    lead = people.staff(place, role="org_lead")
    people.staff(place, role="doctor")
    case = flows.open_case(letters.write(place, nurse), people.staff(place, role="clinician"))
    (found,) = cases.who_can(case, "approve")
    assert (found.able, found.kept) == (0, ((Hindrance.AGREEMENT, 1),))
    ((text, links),) = vacancies_seen(lead)
    assert "the organisation’s agreement is not in force" in text and links[0].endswith("#agreement")


def test_the_count_and_the_guards_agree(letters, practice, nurse):
    """Whoever is counted may act, and nobody else may."""
    guards = flows.guards("not_author", "not_earlier_decider", "role_registered", "training_valid")
    flows.live_flow(flows.spec(guards=guards))
    untrained = people.actor(people.entry(practice, role="doctor", trained=False))
    doctors = [untrained, *(people.staff(practice, role="doctor") for _ in range(3))]
    case = flows.open_case(letters.write(practice, doctors[1]), nurse)
    allowed = [each for each in doctors if cases.explain(case, each)[0].allowed]
    assert cases.who_can(case, "approve")[0].able == len(allowed) == 2


def test_nobody_s_inbox_but_the_lead_s_has_the_panel_and_only_that_of_their_place(letters, practice, nurse, lead):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    elsewhere = people.staff(people.organisation(), role="org_lead")
    assert len(vacancies_seen(lead)) == 1
    assert vacancies_seen(nurse) == vacancies_seen(elsewhere) == []


def test_the_lead_s_inbox_costs_the_same_with_three_tasks_and_sixty(letters, practice, nurse, lead):
    flows.live_flow()
    _, author = barred(letters, practice, nurse)
    client, address = client_of(lead), reverse("workflows:inbox")
    client.get(address)
    prices = []
    for number in (2, 57):
        for _ in range(number):
            flows.open_case(letters.write(practice, author), nurse)
        with CaptureQueriesContext(connection) as asked:
            assert "cases wait" in lines(client, address)[0][0]
        prices.append(len(asked))
    assert prices[0] == prices[1] <= 22, "\n".join(query["sql"][:300] for query in asked)


def test_the_form_for_somebody_new_begins_with_the_role(letters, practice, nurse, lead):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    ((_, (address,)),) = vacancies_seen(lead)
    page = BeautifulSoup(client_of(lead).get(address).content, "html.parser")
    assert page.select_one("[name=role] [selected], [name=role][checked]")["value"] == "doctor"


def test_notices_and_panel_name_nobody(letters, practice, nurse, lead):
    flows.live_flow()
    flows.open_case(letters.write(practice, nurse), nurse)
    names = User.objects.values_list("last_name", flat=True)
    assert not any(name and name in notice.text for name in names for notice in told())
