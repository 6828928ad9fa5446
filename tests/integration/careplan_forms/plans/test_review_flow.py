"""A plan that is due is asked about once; nothing changes, or changes follow; what is over ends the asking."""

import datetime

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, CarePlanVersion, PlanReview, PlanSummary
from careplan_forms.services import patients, plans, reviews
from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.actors import Actor
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories.workflows import fire
from tests.worlds import shared
from workflows.models import FlowCase, FlowTask
from workflows.selectors import inbox
from workflows.selectors.chains import verify_case_chain
from workflows.services import clocks
from workflows.services.stuck import stuck

pytestmark = pytest.mark.django_db


def upkeep(job_actor, now=None):
    return reviews.follow_dates(by=job_actor, now=now or clock.now())


def due_in(plan, days):
    CarePlan.objects.filter(pk=plan.pk).update(review_on=clock.today() + datetime.timedelta(days=days))
    return CarePlan.objects.get(pk=plan.pk)


def case_of(plan):
    return FlowCase.objects.filter(subject_id=plan.public_id).latest("opened_at")


@shared
def approved(nurse, doctor, form, flows):
    return make.approved_plan(nurse, doctor)


@shared
def due(approved):
    plan = due_in(approved, 30)
    assert upkeep(Actor.job("test")) == {"opened": 1, "ended": 0}
    return plan


def over(plan):
    """Nothing of the case is left open, and nothing is stuck."""
    assert verify_case_chain(case_of(plan)) == []
    waiting = FlowTask.objects.filter(case__subject_id=plan.public_id, closed_at=None)
    return not waiting.exists() and list(stuck(clock.now())) == []


def test_a_review_is_asked_for_thirty_days_before_and_once(approved, job_actor, nurse, doctor, outsider):
    due_in(approved, 31)
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}
    due_in(approved, 30)
    assert upkeep(job_actor) == {"opened": 1, "ended": 0}
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}
    for actor, count in ((nurse, 1), (doctor, 1), (outsider, 0)):
        assert inbox.tasks(actor).filter(case__subject_kind="plan_review").count() == count


def test_without_its_flow_nobody_is_asked(nurse, doctor, form, job_actor):
    from workflows.models import FlowDefinition

    make.flows()
    plan = make.approved_plan(nurse, doctor)
    FlowDefinition.objects.filter(key="plan-review").update(live_version=None)
    due_in(plan, 1)
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}


def test_a_doctor_records_that_nothing_changes_and_readers_see_the_new_date(due, doctor):
    browser = people.client_of(doctor)
    page = browser.get(reverse("careplan_forms:plan", args=[due.public_id])).content.decode()
    assert "Review of this plan" in page and "Reviewed, nothing changes" in page
    sha256 = due.current_version.content_sha256
    url = reverse("workflows:decide", args=[case_of(due).public_id, "confirm"])
    answer = browser.post(url, {"shown": sha256, "state": "due"})
    assert answer.status_code == 302 and answer["Location"].endswith(f"/plans/{due.public_id}/")
    review = PlanReview.objects.get()
    assert (review.content_sha256, review.reviewed_by_id) == (sha256, doctor.user_id)
    assert review.reviewer_registration.startswith("GMC")
    due.refresh_from_db()
    assert due.review_on == review.review_on > clock.today() + datetime.timedelta(days=360)
    assert PlanSummary.objects.get(plan=due).review_on == review.review_on
    assert CarePlanVersion.objects.count() == 1 and due.current_version.review_on != review.review_on
    assert AuditEvent.objects.filter(action="plan.reviewed").count() == 1
    assert case_of(due).outcome == "reviewed" and over(due)


def test_it_is_asked_for_again_when_the_next_date_comes(due, doctor, job_actor):
    fire(case_of(due), "confirm", doctor)
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}
    later = clock.now() + datetime.timedelta(days=340)
    assert upkeep(job_actor, later) == {"opened": 1, "ended": 0}


def test_only_a_doctor_of_the_owner_records_a_review(due, nurse, outsider):
    for actor in (nurse, outsider):
        with pytest.raises(NotAllowed):
            fire(case_of(due), "confirm", actor)
    with pytest.raises(NotAllowed):
        reviews.record_review(
            by=nurse, plan=due, shown_sha256=due.current_version.content_sha256, months=12, now=clock.now()
        )
    assert not PlanReview.objects.exists()


def test_a_review_is_of_what_was_shown(due, doctor):
    with pytest.raises(Conflict):
        fire(case_of(due), "confirm", doctor, shown_sha256="f" * 64)
    with pytest.raises(Conflict):
        reviews.record_review(by=doctor, plan=due, shown_sha256="f" * 64, months=12, now=clock.now())
    assert not PlanReview.objects.exists()


def test_starting_changes_leads_to_the_drafting_and_their_approval_ends_the_review(due, nurse, doctor):
    url = reverse("workflows:decide", args=[case_of(due).public_id, "change"])
    answer = people.client_of(nurse).post(url, {"shown": due.current_version.content_sha256, "state": "due"})
    assert answer["Location"] == reverse("careplan_forms:plan-tasks", args=[due.public_id])
    assert case_of(due).state == "changing"
    make.save(nurse, due, "about", matters="Tulips")
    sent = make.submission(nurse, due)
    with pytest.raises(Refused, match="waits for approval"):
        fire(case_of(due), "confirm", doctor)
    make.approve(doctor, sent)
    assert FlowCase.objects.get(subject_kind="plan_review").outcome == "renewed"
    assert over(due)


def test_putting_it_off_needs_a_reason_and_keeps_waiting(due, nurse, job_actor):
    review_on = due.review_on
    with pytest.raises(Refused, match="reason"):
        fire(case_of(due), "postpone", nurse)
    fire(case_of(due), "postpone", nurse, reason="In hospital until Friday")
    case = case_of(due)
    assert case.state == "postponed" and case.closed_at is None
    assert {timer.kind for timer in clocks.live().filter(case=case)} == {"reminder", "escalation"}
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}
    due.refresh_from_db()
    assert due.review_on == review_on


def test_a_plan_withdrawn_meanwhile_ends_its_review(due, doctor):
    plans.withdraw_plan(by=doctor, plan=due, reason="Recovered", now=clock.now())
    assert case_of(due).outcome == "withdrawn" and over(due)


def test_a_death_recorded_meanwhile_ends_the_review(due, nurse):
    patients.record_death(
        by=nurse, patient=due.patient, died_on=clock.today(), place="", now=clock.now(), today=clock.today()
    )
    assert case_of(due).outcome == "died" and over(due)


def test_what_no_event_told_of_the_daily_look_finds(due, job_actor):
    due_in(due, 200)
    assert upkeep(job_actor) == {"opened": 0, "ended": 1}
    assert case_of(due).outcome == "renewed" and over(due)


def test_no_review_is_asked_for_a_plan_that_is_over_or_waits(approved, nurse, doctor, job_actor):
    make.save(nurse, approved, "about", matters="Tulips")
    make.submission(nurse, approved)
    due_in(approved, 1)
    assert upkeep(job_actor) == {"opened": 0, "ended": 0}
