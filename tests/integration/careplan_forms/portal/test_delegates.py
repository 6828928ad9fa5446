"""Somebody who acts for the person: both halves, the named sections, until the last day, while the person agrees."""

import datetime

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm, remove_perm

from careplan_forms.enums import ConsentDecision
from careplan_forms.models import CarePlanUserPermission, Delegation
from careplan_forms.portal_permissions import DELEGATE_PERMISSION
from careplan_forms.services import portal
from core import clock
from governance.models import AuditEvent, TemporaryGrant, User
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal as given
from tests.worlds import shared

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@shared
def delegation(nurse, plan):
    return given.delegation(nurse, plan)


@shared
def carer(delegation):
    return given.browser_of(delegation.user)


def address(plan):
    return reverse("careplan_forms:my-plan", args=[plan.public_id])


def test_a_delegate_reads_the_whole_plan_when_nothing_is_named(carer, plan):
    text = carer.get(address(plan)).content.decode()
    assert "Seeing the sea" in text and "Attempt CPR" in text
    assert "What matters most?" in text and "What matters most to you?" not in text
    assert "Who has looked at it" in text
    assert AuditEvent.objects.get(action="my_plan.read").on_behalf_of == str(plan.patient.public_id)


def test_sections_not_named_are_nowhere_in_the_page(nurse, plan):
    browser = given.browser_of(given.delegation(nurse, plan, sections=["about"]).user)
    text = browser.get(address(plan)).content.decode()
    assert "Seeing the sea" in text and "the parts of the plan that were opened for you" in text
    for words in ("CPR", "Emergency facts", "section-emergency", "neighbour", "Who has looked"):
        assert words not in text


def without_guardian_row(delegation):
    remove_perm(DELEGATE_PERMISSION, delegation.user, delegation.plan)


def without_grant(delegation):
    TemporaryGrant.objects.filter(user=delegation.user).update(expires_at=clock.now() - DAY)


def revoked_grant(delegation):
    TemporaryGrant.objects.filter(user=delegation.user).update(revoked_at=clock.now())


def past_its_last_day(delegation):
    Delegation.objects.filter(pk=delegation.pk).update(until=clock.today() - DAY)


def revoked_alone(delegation):
    Delegation.objects.filter(pk=delegation.pk).update(revoked_at=clock.now(), revoked_by=delegation.given_by)


def gone(delegation):
    delegation.delete()


@pytest.mark.parametrize(
    "harm", [without_guardian_row, without_grant, revoked_grant, past_its_last_day, revoked_alone, gone]
)
def test_one_half_alone_opens_nothing(carer, plan, delegation, harm):
    assert carer.get(address(plan)).status_code == 200
    harm(delegation)
    answer = carer.get(address(plan))
    assert answer.status_code in (403, 404) and b"Seeing the sea" not in answer.content
    assert address(plan).encode() not in carer.get("/my-plan/").content


def test_a_guardian_row_given_by_hand_opens_nothing(plan):
    user = people.user()
    assign_perm(DELEGATE_PERMISSION, user, plan)
    TemporaryGrant.objects.create(
        user=user,
        permission=DELEGATE_PERMISSION,
        object_kind="careplan",
        object_ref=str(plan.pk),
        reason="By hand",
        granted_at=clock.now(),
        expires_at=clock.now() + DAY,
    )
    assert given.browser_of(user).get(address(plan)).status_code == 403


def test_a_refusal_to_share_ends_a_delegate_s_reading(carer, plan, nurse):
    make.consent(nurse, plan.patient, ConsentDecision.WITHDRAWN)
    assert carer.get(address(plan)).status_code == 404
    make.consent(nurse, plan.patient, ConsentDecision.GIVEN)
    assert carer.get(address(plan)).status_code == 200


def test_ending_it_removes_all_three_rows_at_once(carer, plan, nurse, delegation):
    portal.end_delegation(by=nurse, plan=plan, public_id=delegation.public_id, now=clock.now())
    assert carer.get(address(plan)).status_code == 404
    assert not CarePlanUserPermission.objects.exists()
    assert not TemporaryGrant.objects.filter(revoked_at=None).exists()
    portal.end_delegation(by=nurse, plan=plan, public_id=delegation.public_id, now=clock.now())
    assert AuditEvent.objects.filter(action="plan.delegation_ended").count() == 1


def test_given_again_the_new_one_replaces_the_old(nurse, plan, delegation, carer):
    given.delegation(nurse, plan, delegation.user.email, sections=["about"])
    assert Delegation.objects.filter(revoked_at=None).count() == 1
    assert "Attempt CPR" not in carer.get(address(plan)).content.decode()


def test_for_whom_one_acts_is_for_whom_one_reads(nurse, plan, delegation, carer):
    other = make.plan(nurse)
    given.delegation(nurse, other, delegation.user.email)
    assert carer.get("/my-plan/").content.decode().count("You can also see the plan of somebody else") == 1
    opened = {each: carer.get(address(each)).status_code for each in (plan, other)}
    assert sorted(opened.values()) == [200, 404]
    shut = next(each for each, status in opened.items() if status == 404)
    carer.post("/organisations/acting-for/", {"key": f"for:{shut.patient.public_id}"})
    assert carer.get(address(shut)).status_code == 200


def test_a_nurse_who_acts_for_the_person_gains_nothing_on_staff_pages(plan, nurse, outsider):
    user = User.objects.get(pk=outsider.user_id)
    given.delegation(nurse, plan, user.email)
    browser = people.client_of(outsider)
    assert browser.get(reverse("careplan_forms:plan", args=[plan.public_id])).status_code == 404
    assert browser.get(address(plan)).status_code == 403


def test_the_header_says_for_whom_one_acts(carer, plan):
    assert "Attorney for health and welfare, for Quentina Zephyrine" in carer.get("/my-plan/").content.decode()
