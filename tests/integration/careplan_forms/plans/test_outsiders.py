"""Another organisation's plan is not there: every address answers with the bytes of one that never was."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from careplan_forms import urls
from careplan_forms.enums import ConsentDecision
from careplan_forms.models import CarePlan
from careplan_forms.services import sharing
from core import clock
from governance.models import TemporaryGrant, User
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db

EXTRA = {
    "file_id": uuid.UUID("00000000-0000-4000-8000-000000000001"),
    "withheld_id": 1,
    "delegation_id": uuid.UUID("00000000-0000-4000-8000-000000000000"),
    "section": "emergency",
    "number": 1,
    "share_id": 1,
    "mark_id": 1,
}


@shared
def approved(plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_DO_NOT, **{"cpr-why": "Known to nobody else"})
    sent = make.submission(nurse, plan)
    make.approve(doctor, sent)
    plan.refresh_from_db()
    return plan, sent


def plan_addresses(plan_id, submission_id):
    for pattern in urls._plan:
        kwargs = {"plan_id": plan_id}
        for name in pattern.pattern.converters:
            kwargs[name] = submission_id if name == "submission_id" else EXTRA[name]
        yield pattern.name, reverse(f"careplan_forms:{pattern.name}", kwargs=kwargs)


def answers(browser, url):
    for method in (browser.get, browser.post):
        answer = method(url)
        yield answer.status_code, answer.content


@pytest.mark.parametrize("role", ["doctor", "clinician"])
def test_every_address_of_a_plan_is_absent_for_outsiders(approved, role):
    plan, sent = approved
    browser = people.client_of(people.staff(people.organisation(), role=role))
    unknown = uuid.uuid4()
    real = list(plan_addresses(plan.public_id, sent.public_id))
    made_up = list(plan_addresses(unknown, uuid.uuid4()))
    assert len(real) >= 20
    for (name, url), (_, absent) in zip(real, made_up, strict=True):
        for (status, body), (absent_status, absent_body) in zip(
            answers(browser, url), answers(browser, absent), strict=True
        ):
            assert status == absent_status, name
            assert body == absent_body, name
            assert status in (404, 405), name
            assert b"ZEPHYRINE" not in body.upper(), name


def test_every_address_of_a_person_is_absent_for_outsiders(approved, outsider):
    plan, _ = approved
    browser = people.client_of(outsider)
    for pattern in urls._people:
        if "person_id" not in pattern.pattern.converters:
            continue
        url, absent = (
            reverse(f"careplan_forms:{pattern.name}", args=[each]) for each in (plan.patient.public_id, uuid.uuid4())
        )
        assert list(answers(browser, url)) == list(answers(browser, absent)), pattern.name
        assert {status for status, _ in answers(browser, url)} <= {404, 405}, pattern.name


def test_a_submission_is_not_found_under_another_plan(approved, nurse):
    _, sent = approved
    own = make.plan(nurse)
    url = reverse("careplan_forms:approve", args=[own.public_id, sent.public_id])
    assert people.client_of(nurse).get(url).status_code == 404


def test_the_care_team_sees_the_plan_only_while_the_person_agrees(approved, nurse):
    plan, _ = approved
    hospice = people.organisation(care_setting="hospice")
    colleague = people.staff(hospice)
    browser = people.client_of(colleague)
    url = reverse("careplan_forms:plan", args=[plan.public_id])
    assert browser.get(url).status_code == 404
    share = sharing.add_organisation(by=nurse, plan=plan, organisation=hospice, now=clock.now())
    assert browser.get(url).status_code == 200
    assert "ZEPHYRINE" in browser.get(reverse("careplan_forms:worklist")).content.decode()
    make.consent(nurse, plan.patient, ConsentDecision.WITHDRAWN)
    assert browser.get(url).status_code == 404
    assert "ZEPHYRINE" not in browser.get(reverse("careplan_forms:worklist")).content.decode()
    make.consent(nurse, plan.patient, ConsentDecision.GIVEN)
    sharing.end_share(by=nurse, plan=plan, share=share, now=clock.now())
    assert browser.get(url).status_code == 404


def test_the_care_team_cannot_withdraw_or_invite(approved, nurse):
    plan, _ = approved
    hospice = people.organisation(care_setting="hospice")
    sharing.add_organisation(by=nurse, plan=plan, organisation=hospice, now=clock.now())
    browser = people.client_of(people.staff(hospice))
    for name in ("plan-withdraw", "plan-care-team"):
        answer = browser.post(reverse(f"careplan_forms:{name}", args=[plan.public_id]), {"reason": "x"})
        assert answer.status_code == 403
        assert "Only the organisation that holds the plan" in answer.content.decode()


def test_a_care_home_reads_and_does_not_write(approved, nurse):
    plan, _ = approved
    home = people.organisation(care_setting="care_home")
    sharing.add_organisation(by=nurse, plan=plan, organisation=home, now=clock.now())
    browser = people.client_of(people.staff(home, role="care_home"))
    assert browser.get(reverse("careplan_forms:plan", args=[plan.public_id])).status_code == 200
    assert browser.get(reverse("careplan_forms:plan-tasks", args=[plan.public_id])).status_code == 403


def test_an_exception_for_one_person_reads_until_it_ends_and_never_writes(approved, outsider):
    plan, _ = approved
    user = User.objects.get(pk=outsider.user_id)
    assign_perm("careplan_forms.view_careplan", user, CarePlan.objects.get(pk=plan.pk))
    browser = people.client_of(outsider)
    url = reverse("careplan_forms:plan", args=[plan.public_id])
    assert browser.get(url).status_code == 404
    grant = TemporaryGrant.objects.create(
        user=user,
        permission="careplan_forms.view_careplan",
        object_kind="careplan",
        object_ref=str(plan.pk),
        reason="Second opinion",
        granted_at=clock.now(),
        expires_at=clock.now() + datetime.timedelta(hours=1),
    )
    assert browser.get(url).status_code == 200
    assert browser.get(reverse("careplan_forms:plan-tasks", args=[plan.public_id])).status_code == 404
    assert "ZEPHYRINE" not in browser.get(reverse("careplan_forms:worklist")).content.decode()
    grant.expires_at = clock.now() - datetime.timedelta(seconds=1)
    grant.save()
    assert browser.get(url).status_code == 404


def test_an_organisation_whose_agreement_ended_is_told_so_for_plans_real_and_made_up(approved):
    plan, _ = approved
    late = people.client_of(people.staff(people.organisation(agreement="lapsed")))
    answers_of = [late.get(reverse("careplan_forms:plan", args=[each])) for each in (plan.public_id, uuid.uuid4())]
    assert [answer.status_code for answer in answers_of] == [403, 403]
    # Tokens, the clock and the address one came by differ from page to page, for the same page too.
    varying = rb'name="csrfmiddlewaretoken" value="[^"]*"|data-left="[^"]*"|next=[^"]*'
    bodies = {re.sub(varying, b"", answer.content) for answer in answers_of}
    assert len(bodies) == 1


def test_strangers_are_sent_to_sign_in(client, plan):
    answer = client.get(reverse("careplan_forms:plan", args=[plan.public_id]))
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]
