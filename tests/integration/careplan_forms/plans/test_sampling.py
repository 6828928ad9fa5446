"""The monthly sample of what one doctor wrote and approved: drawn by lot, once, looked at by somebody else."""

import datetime

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, CarePlanVersion
from careplan_forms.services import plans, sampling
from core import clock
from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.models import AuditEvent, StaffListEntry, User
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories.workflows import fire
from tests.worlds import shared
from workflows.models import FlowCase
from workflows.selectors import inbox
from workflows.selectors.chains import verify_case_chain
from workflows.services import cases
from workflows.services.stuck import stuck

pytestmark = pytest.mark.django_db


@shared
def lead(flows):
    host = people.Organisation.objects.get(care_setting="host")
    return people.staff(host, role="clinical_lead")


@shared
def alone(form, flows, doctor):
    """A version its doctor wrote and approved."""
    return make.approved_plan(doctor, doctor).current_version


def month():
    return sampling.month_of(clock.now())


def draw(job_actor, now=None):
    return sampling.draw(by=job_actor, month=month(), now=now or clock.now())


def case_of(version):
    return FlowCase.objects.get(subject_id=version.public_id)


@shared
def sampled(alone, lead):
    assert draw(Actor.job("test")) == 1
    return alone


def test_what_one_wrote_and_approved_is_drawn_once_and_audited(alone, lead, nurse, doctor, job_actor):
    make.approved_plan(nurse, doctor)
    assert draw(job_actor) == 1 and draw(job_actor) == 0
    assert [task.case.subject_id for task in inbox.tasks(lead)] == [alone.public_id]
    first = AuditEvent.objects.filter(action="plan.sampled").order_by("at").first()
    assert first.detail == {"percent": 10, "at_least": 5, "population": 1, "drawn": 1, "opened": 1}
    assert first.target_ref == f"{month():%Y-%m}"


def test_the_month_before_is_drawn_on_the_first(alone, lead, job_actor):
    assert sampling.draw_last_month(by=job_actor, now=clock.now()) == 0
    next_month = (month() + datetime.timedelta(days=32)).replace(day=1)
    then = datetime.datetime.combine(next_month, datetime.time(6), clock.LONDON)
    assert sampling.draw_last_month(by=job_actor, now=then) == 1


def test_the_lot_is_the_same_whoever_draws_it_and_as_large_as_the_flow_says(form, flows, doctor):
    versions = [make.approved_plan(doctor, doctor).current_version for _ in range(7)]
    first = sampling.drawn(month=month(), percent=10, at_least=5)
    assert len(first) == 5 and first == sampling.drawn(month=month(), percent=10, at_least=5)
    assert len(sampling.drawn(month=month(), percent=50, at_least=1)) == 4
    assert sampling.drawn(month=month(), percent=50, at_least=1) == first[:4]
    assert set(sampling.drawn(month=month(), percent=0, at_least=9)) == set(versions)
    left = next(version for version in versions if version not in first)
    with pytest.raises(NotAllowed) as refusal:
        cases.open_case(by=doctor, subject_kind="plan_version_sample", subject_id=left.public_id, now=clock.now())
    assert refusal.value.decision.reasons[0].code == "not-drawn"


def test_the_clinical_lead_reads_it_without_who_it_is_and_only_while_it_is_open(sampled, lead):
    browser = people.client_of(lead)
    url = reverse("careplan_forms:sample", args=[sampled.public_id])
    page = browser.get(url).content.decode()
    assert "Attempt CPR" in page and "In order" in page and "Ask the doctor" in page
    person = sampled.plan.patient
    for said in (person.family_name, person.given_names, person.nhs_number, person.postcode):
        assert said.upper() not in page.replace("Mrs Zephyrine and her son", "").upper()
    assert browser.get(reverse("careplan_forms:plan", args=[sampled.plan.public_id])).status_code in (403, 404)
    read = AuditEvent.objects.filter(action="plan.read", detail__page="sample")
    assert read.count() == 1
    fire(case_of(sampled), "in_order", lead)
    assert browser.get(url).status_code == 404
    assert case_of(sampled).outcome == "in_order" and verify_case_chain(case_of(sampled)) == []


def test_a_version_that_was_not_drawn_is_not_there_for_the_clinical_lead(alone, lead, outsider, nurse):
    url = reverse("careplan_forms:sample", args=[alone.public_id])
    absent = people.client_of(lead).get(reverse("careplan_forms:sample", args=[alone.plan.public_id])).content
    assert people.client_of(lead).get(url).content == absent
    for actor in (outsider, nurse):
        assert people.client_of(actor).get(url).status_code == 404


def test_a_lead_elsewhere_does_not_look_at_it(sampled):
    other = people.organisation(name="Other host", care_setting="host")
    stranger = people.staff(people.organisation(name="Elsewhere"), role="doctor")
    with pytest.raises(NotAllowed):
        fire(case_of(sampled), "in_order", stranger)
    people.Organisation.objects.filter(pk=other.pk).update(care_setting="gp_practice")
    gone = people.staff(people.Organisation.objects.get(pk=other.pk), role="clinical_lead")
    with pytest.raises(NotAllowed):
        fire(case_of(sampled), "in_order", gone)
    assert people.client_of(gone).get(reverse("careplan_forms:sample", args=[sampled.public_id])).status_code != 200


def test_nobody_looks_at_their_own(sampled, lead, doctor):
    """Whoever wrote it may be the clinical lead at the host as well."""
    same = StaffListEntry.objects.get(pk=lead.entry_id)
    entry = people.entry(same.organisation, role="clinical_lead", user=User.objects.get(pk=doctor.user_id))
    with pytest.raises(NotAllowed) as refusal:
        fire(case_of(sampled), "in_order", people.actor(entry))
    assert "author" in {reason.code for reason in refusal.value.decision.reasons}


def test_the_doctor_is_asked_with_a_reason_answers_and_it_comes_back(sampled, lead, doctor, other_doctor, outsider):
    with pytest.raises(Refused, match="reason"):
        fire(case_of(sampled), "ask", lead)
    fire(case_of(sampled), "ask", lead, reason="With whom was the limit discussed?")
    assert [task.case.subject_id for task in inbox.tasks(doctor)] == [sampled.public_id]
    page = people.client_of(doctor).get(reverse("careplan_forms:sample", args=[sampled.public_id])).content.decode()
    assert "With whom was the limit discussed?" in page and "Answer" in page
    with pytest.raises(NotAllowed):
        fire(case_of(sampled), "answer", outsider, reason="x")
    fire(case_of(sampled), "answer", other_doctor, reason="With her daughter, on the phone")
    case = case_of(sampled)
    assert case.state == "looking"
    fire(case, "take_up", lead, reason="Incident 12")
    assert case_of(sampled).outcome == "taken_up" and list(stuck(clock.now())) == []


def test_a_plan_withdrawn_meanwhile_stays_in_the_sample(sampled, lead, doctor):
    plan = CarePlan.objects.get(pk=sampled.plan_id)
    plans.withdraw_plan(by=doctor, plan=plan, reason="Recovered", now=clock.now())
    assert case_of(sampled).closed_at is None and list(stuck(clock.now())) == []
    assert people.client_of(lead).get(reverse("careplan_forms:sample", args=[sampled.public_id])).status_code == 200
    fire(case_of(sampled), "in_order", lead)
    assert CarePlanVersion.objects.count() == 1
