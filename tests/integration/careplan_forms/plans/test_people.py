"""Finding a person: by what is posted, with the national service up, down, or of another opinion."""

import datetime
import logging

import httpx
import pytest
from django.urls import reverse

from careplan_forms.models import Consent, Patient, PatientLink, PlanSummary
from careplan_forms.services import plans
from core import clock
from core.exceptions import Refused
from governance.models import AuditEvent
from interop.demographics.simulator import Simulator
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db

SEARCH = "/people/"
KNOWN = "9990000018"
DETAILS = {
    "given_names": "Quentina",
    "family_name": "Zephyrine",
    "date_of_birth_day": "12",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1938",
    "sex": "female",
}


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


@pytest.fixture
def up(national_service):
    return national_service(httpx.WSGITransport(app=Simulator()))


@pytest.fixture
def down(national_service):
    def fail(request):
        raise httpx.ConnectError("nobody there")

    return national_service(httpx.MockTransport(fail))


def follow(browser, answer):
    assert answer.status_code == 302
    return browser.get(answer["Location"]), answer["Location"]


def test_a_person_found_nationally_is_shown_before_they_are_taken_in(browser, up, practice):
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": "999 000 0018"}))
    assert "Ashdown" in page.content.decode() and "12-Mar-1938" in page.content.decode()
    assert not Patient.objects.exists()
    shown, url = follow(browser, browser.post(url))
    patient = Patient.objects.get()
    assert (patient.nhs_number, patient.verification, patient.demographics_version) == (KNOWN, "01", "3")
    assert patient.preferred_name == "Peggy" and "Peggy" in page.content.decode()
    assert url == reverse("careplan_forms:person", args=[patient.public_id])
    assert "999 000 0018" in shown.content.decode()


def test_no_address_or_log_line_on_the_way_holds_the_number_or_the_name(browser, up, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = browser.post(SEARCH, {"nhs_number": KNOWN})
        second = browser.post(answer["Location"])
    for text in (answer["Location"], second["Location"], caplog.text):
        assert KNOWN not in text and "999 000" not in text and "Ashdown" not in text
    assert KNOWN not in str(list(AuditEvent.objects.values()))


def test_somebody_known_and_unchanged_is_opened_at_once(browser, up, practice):
    patient = make.patient(practice, nhs_number=KNOWN, demographics_version="3")
    answer = browser.post(SEARCH, {"nhs_number": KNOWN})
    assert answer["Location"] == reverse("careplan_forms:person", args=[patient.public_id])


def test_a_known_person_with_other_details_is_shown_side_by_side(browser, up, practice):
    patient = make.patient(practice, nhs_number=KNOWN, family_name="Ashton", demographics_version="2")
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    text = page.content.decode()
    assert "Ashton" in text and "Ashdown" in text and "Different" in text
    browser.post(url)
    patient.refresh_from_db()
    assert (patient.family_name, patient.demographics_version) == ("Ashdown", "3")


def test_a_known_person_of_another_organisation_is_found_like_anybody_else(browser, up):
    make.patient(people.organisation(), nhs_number=KNOWN, family_name="Ashdown", demographics_version="3")
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    assert "Our record" not in page.content.decode()
    browser.post(url)
    assert Patient.objects.count() == 1
    assert PatientLink.objects.count() == 2


def test_a_replaced_number_leads_to_the_person_under_the_new_one(browser, up, practice):
    patient = make.patient(practice, nhs_number="9990000050", demographics_version="3")
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000050"}))
    assert "has been replaced" in page.content.decode()
    browser.post(url)
    patient.refresh_from_db()
    assert patient.nhs_number == KNOWN


def test_a_number_out_of_use_takes_nobody_in(browser, up):
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000069"}))
    assert "no longer in use" in page.content.decode()
    browser.post(url, DETAILS)
    assert not Patient.objects.exists()


def test_of_a_restricted_person_no_address_is_kept_or_shown(browser, up):
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000034"}))
    assert "restricted" in page.content.decode()
    browser.post(url)
    patient = Patient.objects.get()
    assert patient.restricted and not (patient.address_lines or patient.postcode or patient.phone)


def test_a_birth_date_known_in_part_is_asked_for(browser, up):
    _, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000026"}))
    wrong = {"date_of_birth_day": "3", "date_of_birth_month": "12", "date_of_birth_year": "1951"}
    assert "must agree" in browser.post(url, wrong).content.decode()
    assert browser.post(url, wrong | {"date_of_birth_month": "11"}).status_code == 302
    assert Patient.objects.get().date_of_birth == datetime.date(1951, 11, 3)


def test_a_birth_date_that_the_national_service_contradicts_is_said_not_taken_over(browser, up, practice):
    born = datetime.date(1900, 1, 1)
    ours = make.patient(practice, nhs_number="9990000026", date_of_birth=born, demographics_version="0")
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000026"}))
    assert "Date of birth" in page.content.decode()
    answer = browser.post(url)
    assert answer.status_code == 200
    assert "must agree with what the national service has" in answer.content.decode()
    ours.refresh_from_db()
    assert ours.date_of_birth == born


def test_with_the_service_down_a_person_is_taken_in_unverified(browser, down):
    page, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    assert "cannot be reached" in page.content.decode()
    shown, _ = follow(browser, browser.post(url, DETAILS))
    assert Patient.objects.get().verification == "03"
    assert "Not verified" in shown.content.decode()


def test_a_number_nobody_has_is_taken_in_as_not_traced(browser, up):
    _, url = follow(browser, browser.post(SEARCH, {"nhs_number": "9990000077"}))
    browser.post(url, DETAILS)
    assert Patient.objects.get().verification == "02"


def test_a_mistyped_form_keeps_what_was_typed(browser, down):
    _, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    page = browser.post(url, DETAILS | {"date_of_birth_month": "13", "postcode": "ZZ99"}).content.decode()
    assert "month" in page and 'value="13"' in page and 'value="ZZ99"' in page
    assert not Patient.objects.exists()


def test_a_known_number_opens_for_the_same_name_and_birth_only(browser, down):
    make.patient(people.organisation(), nhs_number=KNOWN)
    _, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    refused = browser.post(url, DETAILS | {"family_name": "Somebody-Else"}).content.decode()
    assert "another surname or date of birth" in refused and "Quentina" in refused
    assert browser.post(url, DETAILS).status_code == 302
    assert Patient.objects.count() == 1


def test_a_namesake_is_asked_about(browser, down, practice):
    make.patient(practice)
    _, url = follow(browser, browser.post(SEARCH, {"nhs_number": KNOWN}))
    page = browser.post(url, DETAILS).content.decode()
    assert "Somebody of this name and birth is known already" in page
    assert browser.post(url, DETAILS | {"namesake_checked": "on"}).status_code == 302
    assert Patient.objects.count() == 2


@pytest.mark.parametrize("number", ["", "123", "9990000019", "4857773456", "abc", "9" * 500, "<script>"])
def test_a_wrong_number_is_said_at_its_field(browser, up, number):
    page = browser.post(SEARCH, {"nhs_number": number})
    text = page.content.decode()
    assert page.status_code == 200 and "There is a problem" in text and "<script>alert" not in text


def test_details_find_people_the_organisation_knows(browser, down, practice):
    make.patient(practice)
    make.patient(practice, given_names="Another")
    query = {key: value for key, value in DETAILS.items() if key.startswith(("family", "date"))}
    page = browser.post(SEARCH, query).content.decode()
    assert "Quentina" in page and "Another" in page
    assert "Quentina" not in browser.post(SEARCH, query | {"postcode": "AB1 2CD"}).content.decode()


def test_details_of_another_organisation_s_patient_find_nobody(browser, down):
    make.patient(people.organisation())
    query = {key: value for key, value in DETAILS.items() if key.startswith(("family", "date"))}
    page = browser.post(SEARCH, query).content.decode()
    assert "Nobody found" in page and "born 12-Mar-1938" in page


def test_a_lost_search_is_started_again(browser, up):
    answer = browser.get(reverse("careplan_forms:person-match", args=["nonsense"]))
    assert answer["Location"] == SEARCH


def test_consent_is_recorded_with_its_ground(browser, practice, nurse):
    patient = make.patient(practice)
    url = reverse("careplan_forms:consent", args=[patient.public_id])
    decided = {"decided_on_day": "1", "decided_on_month": "2", "decided_on_year": "2026"}
    page = browser.post(url, decided | {"decision": "given", "basis": "best_interests"}).content.decode()
    assert "Enter who was consulted" in page
    given = decided | {"decision": "given", "basis": "best_interests", "explanation": "Her son was asked"}
    for _ in range(2):
        assert browser.post(url, given).status_code == 302
    assert Consent.objects.count() == 1


def test_a_refusal_hides_the_plan_from_readers_at_once(browser, plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    assert PlanSummary.objects.get().readable
    url = reverse("careplan_forms:consent", args=[plan.patient.public_id])
    decided = {"decided_on_day": "1", "decided_on_month": "2", "decided_on_year": "2026"}
    page, _ = follow(browser, browser.post(url, decided | {"decision": "refused", "basis": "person"}))
    assert "not shared with anybody else" in page.content.decode()
    assert not PlanSummary.objects.get().readable


def test_starting_twice_starts_one_plan(browser, practice, form):
    patient = make.patient(practice)
    url = reverse("careplan_forms:plan-start", args=[patient.public_id])
    assert browser.post(url)["Location"] == browser.post(url)["Location"]
    assert patient.plans.count() == 1


@shared
def two_forms(form):
    """The urgent care plan and a frailty care plan, both in use."""
    frailty = make.form_version(make.document() | {"key": "frailty", "title": "Frailty plan", "purpose": "Falls"})
    return form, frailty


def test_with_one_form_in_use_nobody_is_asked_which(browser, practice, form):
    patient = make.patient(practice)
    page = browser.get(reverse("careplan_forms:person", args=[patient.public_id])).content.decode()
    assert page.count("Start a plan") == 1 and "<button" in page
    url = reverse("careplan_forms:plan-start", args=[patient.public_id])
    assert browser.get(url)["Location"] == reverse("careplan_forms:person", args=[patient.public_id])


def test_with_several_forms_in_use_the_plan_is_chosen(browser, practice, two_forms):
    patient = make.patient(practice)
    url = reverse("careplan_forms:plan-start", args=[patient.public_id])
    assert f'href="{url}"' in browser.get(reverse("careplan_forms:person", args=[patient.public_id])).content.decode()
    page = browser.get(url).content.decode()
    assert all(version.definition.title in page for version in two_forms) and "Falls" in page
    for nonsense in ({}, {"form": "winter-plan"}):
        assert "Select" in browser.post(url, nonsense).content.decode()
    assert not patient.plans.exists()
    tasks, _ = follow(browser, browser.post(url, {"form": "frailty"}))
    assert "Frailty plan: 0 of" in tasks.content.decode()
    assert patient.plans.get().form_version == two_forms[1]


def test_whoever_has_a_plan_by_one_form_is_not_given_another(browser, practice, two_forms):
    patient = make.patient(practice)
    url = reverse("careplan_forms:plan-start", args=[patient.public_id])
    browser.post(url, {"form": "frailty"})
    page, _ = follow(browser, browser.post(url, {"form": two_forms[0].definition.key}))
    assert "The person has a plan already (Frailty plan)" in page.content.decode()
    assert patient.plans.get().form_version == two_forms[1]
    page = browser.get(reverse("careplan_forms:worklist") + "?show=all").content.decode()
    assert "Frailty plan" in page


def test_a_form_taken_out_of_use_starts_no_plan(nurse, practice, two_forms):
    frailty = two_forms[1]
    type(frailty.definition).objects.filter(pk=frailty.definition_id).update(live_version=None)
    with pytest.raises(Refused, match="Select which plan to start"):
        plans.start_plan(by=nurse, patient=make.patient(practice), now=clock.now(), form_key="frailty")


def test_a_person_with_a_plan_elsewhere_cannot_be_given_a_second_one(browser, practice, form):
    other = people.staff(people.organisation())
    plan = make.plan(other)
    PatientLink.objects.create(patient=plan.patient, organisation=practice, made_at=plan.created_at)
    page, _ = follow(browser, browser.post(reverse("careplan_forms:plan-start", args=[plan.patient.public_id])))
    assert "A plan cannot be started for this person here" in page.content.decode()


def test_a_death_is_recorded_and_told_to_readers(browser, plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    url = reverse("careplan_forms:person-death", args=[plan.patient.public_id])
    page = browser.post(url, {"died_on_day": "1", "died_on_month": "1", "died_on_year": "1900"}).content.decode()
    assert "after the date of birth" in page
    sent = {"died_on_day": "1", "died_on_month": "2", "died_on_year": "2026", "place": ""}
    assert browser.post(url, sent).status_code == 302
    assert PlanSummary.objects.get().died_on == datetime.date(2026, 2, 1)
