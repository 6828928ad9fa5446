"""What the person sees of their plan, and what nobody else does."""

import uuid

import pytest
from django.urls import reverse

from careplan_forms.enums import ConsentDecision, StopMark
from careplan_forms.models import CarePlan
from careplan_forms.services import plans, portal, stop_marks
from core import clock
from governance.models import AuditEvent, User
from governance.services import accounts
from tests.chance import without_ids
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal as given

pytestmark = pytest.mark.django_db


def address(plan):
    return reverse("careplan_forms:my-plan", args=[plan.public_id])


def page(browser, plan):
    answer = browser.get(address(plan))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_person_reads_the_approved_plan_in_their_own_words(patient, plan):
    text = page(patient, plan)
    for words in (
        "What matters most to you?",
        "Seeing the sea",
        "Attempt CPR",
        "can see your plan now",
        plan.owner.name,
    ):
        assert words in text
    assert "What matters most?" not in text


def test_the_key_safe_code_and_what_staff_keep_for_staff_are_not_in_the_page(patient, plan):
    text = without_ids(page(patient, plan))
    assert "Ring the neighbour" in text
    for words in ("4711", "Key safe code", "likely prognosis", "Weeks"):
        assert words not in text


def test_an_absent_answer_is_shown_without_the_note_beside_it(patient, plan, nurse, doctor):
    make.save(nurse, plan, "about", matters={"absent": "not-discussed", "reason": "It would upset her"})
    make.approve(doctor, make.submission(nurse, plan))
    text = page(patient, plan)
    assert "Not discussed" in text and "upset" not in text


def test_each_contact_stands_by_itself_without_staff_notes(patient, plan, nurse, doctor):
    entry = {"id": "a", "contact-name": "Joan", "contact-phone": {"absent": "not-known", "reason": "Will not say"}}
    make.save(nurse, plan, contacts=[entry, {"id": "b", "contact-name": "Night line"}])
    make.approve(doctor, make.submission(nurse, plan))
    text = page(patient, plan)
    assert "Name: Joan<br>Telephone: Not known<br><br>Name: Night line" in text
    assert "Will not say" not in text


def test_what_nobody_approved_is_never_shown_only_that_it_is_being_written(patient, plan, nurse):
    make.save(nurse, plan, "about", matters="Unapproved words")
    text = page(patient, plan)
    assert "Waiting: your nurse is writing a new version" in text
    make.submission(nurse, CarePlan.objects.get(pk=plan.pk))
    sent = page(patient, plan)
    assert "Waiting: a doctor is checking a new version" in sent
    assert "Unapproved" not in text + sent and "Seeing the sea" in sent


def test_a_plan_never_approved_says_that_ambulance_staff_cannot_see_it(nurse, flows):
    plan = make.plan(nurse)
    make.save(nurse, plan, "about", matters="Unapproved words")
    text = page(given.browser_of(given.account(nurse, plan).user), plan)
    assert "Not approved yet" in text and "staff cannot see your plan" in text
    assert "Unapproved" not in text


def test_another_person_s_plan_is_absent_to_the_byte(patient, plan, stranger_plan):
    real, made_up = (patient.get(f"/my-plan/{each}/") for each in (stranger_plan.public_id, uuid.uuid4()))
    assert real.status_code == made_up.status_code == 404
    assert real.content == made_up.content


def test_no_staff_page_opens_to_the_person_or_a_delegate(patient, plan, nurse):
    delegate = given.browser_of(given.delegation(nurse, plan).user)
    for browser in (patient, delegate):
        for name in ("plan", "plan-tasks", "plan-versions", "plan-viewers", "plan-access"):
            real, made_up = (
                browser.get(reverse(f"careplan_forms:{name}", args=[each])) for each in (plan.public_id, uuid.uuid4())
            )
            assert real.status_code == made_up.status_code == 403
            assert b"Seeing the sea" not in real.content


def test_no_second_factor_is_asked_of_the_person(patient):
    assert patient.get("/my-plan/").status_code == 200


def test_the_list_leads_to_the_plan_and_the_menu_to_the_list(patient, plan):
    text = patient.get("/my-plan/").content.decode()
    assert address(plan) in text and 'href="/my-plan/"' in text


def test_an_account_that_ended_is_shut_at_the_next_request(patient, plan, nurse):
    page(patient, plan)
    portal.end_account(by=nurse, plan=plan, now=clock.now())
    assert patient.get(address(plan)).status_code == 404
    assert "no plan you can see" in patient.get("/my-plan/").content.decode()


def test_a_closed_account_is_signed_out(patient, plan, account):
    officer = people.staff(people.organisation(care_setting="host", agreement="none"), "ig_officer")
    accounts.close(user=account.user, reason="Misused", by=officer)
    answer = patient.get(address(plan))
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]


@pytest.mark.parametrize("change", [{"verified_at": None, "verified_by": None}, {"identity_level": "P5"}])
def test_an_account_that_is_not_proved_shows_nothing(patient, plan, account, change):
    type(account).objects.filter(pk=account.pk).update(**change)
    assert patient.get(address(plan)).status_code == 404


def test_the_person_reads_on_after_refusing_to_share(patient, plan, nurse):
    make.consent(nurse, plan.patient, ConsentDecision.REFUSED)
    text = page(patient, plan)
    assert "Seeing the sea" in text and "did not agree to share it" in text


def test_after_a_death_nobody_reads_as_the_person_or_for_them(patient, plan, nurse):
    delegate = given.browser_of(given.delegation(nurse, plan).user)
    type(plan.patient).objects.filter(pk=plan.patient_id).update(died_on=clock.today())
    assert patient.get(address(plan)).status_code == delegate.get(address(plan)).status_code == 404


def test_a_withdrawn_plan_says_so_and_shows_nothing_of_it(patient, plan, nurse):
    plans.withdraw_plan(by=nurse, plan=plan, reason="Asked for it", now=clock.now())
    text = page(patient, plan)
    assert "was withdrawn on" in text and "Seeing the sea" not in text


def test_a_plan_that_may_be_somebody_else_s_is_not_shown(patient, plan, nurse):
    stop_marks.set_mark(by=nurse, plan=plan, mark=StopMark.WRONG_PERSON, now=clock.now())
    text = page(patient, plan)
    assert "belongs to the right person" in text and "Seeing the sea" not in text


def test_the_look_is_recorded_and_shown_without_names_of_staff(patient, plan, nurse, account):
    people.client_of(nurse).get(reverse("careplan_forms:plan", args=[plan.public_id]))
    text = page(patient, plan)
    event = AuditEvent.objects.get(action="my_plan.read")
    assert event.actor_kind == "person" and event.actor_id == str(account.user_id)
    assert event.target_ref == str(plan.public_id) and event.actor_label.startswith("patient ")
    assert f"A nurse or other clinician at {plan.owner.name} looked at your plan" in text
    assert "You looked at your plan" in page(patient, plan)
    name = User.objects.get(pk=nurse.user_id).display_name
    assert name not in text
    staff = people.client_of(nurse).get(reverse("careplan_forms:plan-viewers", args=[plan.public_id]))
    assert "Looked at the plan in their own account" in staff.content.decode()


def test_nothing_is_shown_when_the_look_cannot_be_recorded(patient, plan, monkeypatch):
    def refuse(**fields):
        raise RuntimeError("no trail")

    monkeypatch.setattr("careplan_forms.services.reading.record_read", refuse)
    patient.raise_request_exception = False
    answer = patient.get(address(plan))
    assert answer.status_code == 500 and b"Seeing the sea" not in answer.content


def test_a_person_who_is_also_staff_chooses(nurse, plan, doctor):
    user = User.objects.get(pk=doctor.user_id)
    account = given.account(nurse, plan, email=user.email)
    browser = people.client_of(doctor)
    assert browser.get(address(plan)).status_code == 403
    chooser = browser.get("/organisations/acting-for/").content.decode()
    assert f"person:{account.public_id}" in chooser
    browser.post("/organisations/acting-for/", {"key": f"person:{account.public_id}"})
    assert "Seeing the sea" in page(browser, plan)
    assert browser.get(reverse("careplan_forms:plan", args=[plan.public_id])).status_code == 403


def test_staff_pages_ask_no_more_of_the_database_than_before(nurse, plan, account, django_assert_num_queries):
    from governance.selectors.capacities import capacities_of

    user = User.objects.get(pk=nurse.user_id)
    capacities_of(user)
    with django_assert_num_queries(1):
        capacities_of(user)
