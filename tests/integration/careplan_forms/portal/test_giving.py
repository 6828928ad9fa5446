"""Giving and ending access: who may, to whom, and every refusal in words at its field."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from careplan_forms.enums import ConsentDecision
from careplan_forms.models import Delegation, PatientAccount
from careplan_forms.services import plans, portal, sharing
from core import clock
from core.exceptions import Absent, NotAllowed, Refused
from governance.actors import Actor
from governance.models import AuditEvent, Notification, User
from governance.services import notice_mail
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal as given

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def refused(give, *args, **fields):
    with pytest.raises(Refused) as refusal:
        give(*args, **fields)
    return refusal.value.field, refusal.value.message


def test_an_account_is_given_with_its_evidence_history_trail_and_a_mail_without_health_in_it(nurse, plan, job_actor):
    row = given.account(nurse, plan, "Peggy@Example.org")
    assert row.user.email == "peggy@example.org" and row.user.get_full_name() == "Quentina Zephyrine"
    assert (row.identity_level, row.identity_check, row.verified_by_id) == ("P9", "documents", nurse.user_id)
    assert row.history.get().history_user_id == nurse.user_id
    event = AuditEvent.objects.get(action="patient_account.opened")
    assert event.target_ref == str(plan.patient.public_id)
    notice_mail.mail_waiting(by=job_actor)
    sent = mail.outbox[0]
    notice = Notification.objects.get(channel="in_app", user=row.user)
    assert sent.to == ["peggy@example.org"] and f"/notices/{notice.notice}/" in sent.body
    assert notice.link == "/my-plan/"
    for word in ("care plan", "Zephyrine", "Quentina"):
        assert word not in sent.subject + sent.body


def test_a_person_has_one_open_account_and_an_account_is_one_person_s(nurse, plan, account):
    field, words = refused(given.account, nurse, plan)
    assert field == "email" and "already" in words
    field, _ = refused(given.account, nurse, make.plan(nurse), account.user.email)
    assert field == "email"
    portal.end_account(by=nurse, plan=plan, now=clock.now())
    again = given.account(nurse, plan, account.user.email)
    assert PatientAccount.objects.filter(ended_at=None).get() == again


def test_nobody_gives_access_to_themselves(nurse, plan):
    own = User.objects.get(pk=nurse.user_id).email
    assert refused(given.account, nurse, plan, own)[0] == "email"
    assert refused(given.delegation, nurse, plan, own)[0] == "email"
    assert not PatientAccount.objects.exists() and not Delegation.objects.exists()


def test_the_person_is_not_their_own_delegate_nor_a_delegate_the_person(nurse, plan, account):
    assert refused(given.delegation, nurse, plan, account.user.email)[0] == "email"
    portal.end_account(by=nurse, plan=plan, now=clock.now())
    delegate = given.delegation(nurse, plan)
    assert refused(given.account, nurse, plan, delegate.user.email)[0] == "email"


def test_a_password_under_an_address_nobody_confirmed_is_void(nurse, plan):
    squatter, owner = people.user(), given.confirmed_user()
    given.account(nurse, plan, squatter.email)
    given.delegation(nurse, plan, owner.email)
    squatter.refresh_from_db()
    owner.refresh_from_db()
    assert not squatter.has_usable_password() and squatter.sessions_end_before is not None
    assert owner.has_usable_password()


@pytest.mark.parametrize(("field", "fields"), [
    ("capacity", {"capacity": "neighbour"}),
    ("evidence", {"evidence": "  "}),
    ("sections", {"sections": ["about", "nowhere"]}),
    ("email", {"email": "not an address"}),
])  # fmt: skip
def test_each_refusal_stands_at_its_field_and_leaves_nothing(nurse, plan, field, fields):
    assert refused(given.delegation, nurse, plan, **fields)[0] == field
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("days", [-1, 366])
def test_a_delegation_ends_neither_in_the_past_nor_after_more_than_a_year(nurse, plan, days):
    assert refused(given.delegation, nurse, plan, until=clock.today() + days * DAY)[0] == "until"
    assert not Delegation.objects.exists()


def test_the_longest_delegation_lasts_to_the_end_of_its_last_day(nurse, plan):
    row = given.delegation(nurse, plan, until=clock.today() + 365 * DAY)
    grant = row.user.temporary_grants.get()
    assert clock.today(grant.expires_at - datetime.timedelta(seconds=1)) == row.until


def test_nobody_acts_for_a_person_who_does_not_agree_to_share(nurse, plan):
    make.consent(nurse, plan.patient, ConsentDecision.REFUSED)
    assert "does not agree" in refused(given.delegation, nurse, plan)[1]


def test_no_access_is_given_to_a_plan_that_was_withdrawn(nurse, plan):
    plans.withdraw_plan(by=nurse, plan=plan, reason="Asked for it", now=clock.now())
    plan.refresh_from_db()
    for give in (given.account, given.delegation):
        assert "withdrawn" in refused(give, nurse, plan)[1]


def test_only_the_owner_s_clinicians_give_and_end_access(nurse, plan, outsider, account):
    hospice = people.organisation(care_setting="hospice")
    sharing.add_organisation(by=nurse, plan=plan, organisation=hospice, now=clock.now())
    colleague = people.staff(hospice)
    person = given.person_of(account.user)
    for who, error in ((colleague, NotAllowed), (outsider, Absent), (person, NotAllowed), (Actor.job("x"), NotAllowed)):
        with pytest.raises(error):
            given.delegation(who, plan)
        with pytest.raises(error):
            portal.end_account(by=who, plan=plan, now=clock.now())
    assert PatientAccount.objects.get().ended_at is None


def test_a_delegation_of_another_plan_cannot_be_ended_from_here(nurse, plan):
    row = given.delegation(nurse, make.plan(nurse))
    with pytest.raises(Absent):
        portal.end_delegation(by=nurse, plan=plan, public_id=row.public_id, now=clock.now())


def test_the_staff_s_page_lists_gives_and_ends(nurse, plan):
    browser = people.client_of(nurse)
    here = f"/plans/{plan.public_id}/access/"
    assert here in browser.get(f"/plans/{plan.public_id}/").content.decode()
    browser.post(f"{here}account/", {"email": "peggy@example.org", "identity_check": "vouched"})
    browser.post(f"{here}others/", form_of_a_delegate(extent="some", sections=["about"]))
    text = browser.get(here).content.decode()
    for words in ("peggy@example.org", "Delia Gate", "About the person", "Deputy for welfare"):
        assert words in text
    row = Delegation.objects.get()
    assert row.sections == ["about"]
    browser.post(f"{here}account/end/")
    browser.post(reverse("careplan_forms:plan-end-delegation", args=[plan.public_id, row.public_id]))
    text = browser.get(here).content.decode()
    assert "The person has no account" in text and "Nobody acts for the person" in text


def form_of_a_delegate(**fields):
    day = clock.today() + 30 * DAY
    return {
        "first_name": "Delia",
        "last_name": "Gate",
        "email": "delia@example.org",
        "capacity": "deputy",
        "evidence": "Court order seen",
        "until_day": day.day,
        "until_month": day.month,
        "until_year": day.year,
    } | fields


@pytest.mark.parametrize(("fields", "words"), [
    ({"extent": "some"}, "Select at least one section"),
    ({}, "Select what they may see"),
    ({"extent": "whole", "capacity": ""}, "Select in which capacity"),
])  # fmt: skip
def test_errors_stand_on_the_form(nurse, plan, fields, words):
    answer = people.client_of(nurse).post(f"/plans/{plan.public_id}/access/others/", form_of_a_delegate(**fields))
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Delegation.objects.exists()


def test_selecting_sections_and_the_whole_plan_gives_the_whole_plan(nurse, plan):
    fields = form_of_a_delegate(extent="whole", sections=["about"])
    people.client_of(nurse).post(f"/plans/{plan.public_id}/access/others/", fields)
    assert Delegation.objects.get().sections == []


def test_no_row_says_who_somebody_is(nurse, plan, account):
    row = given.delegation(nurse, plan)
    for words in (str(row), str(account), repr(given.delegate_of(row.user))):
        assert "Zephyrine" not in words and "@" not in words
