"""The approver's pages: what changes, the second question about CPR, and decisions that come too late."""

import pytest
from django.urls import reverse

from careplan_forms.models import AnswerFact, CarePlanVersion, PlanStopMark, PlanSummary
from careplan_forms.services import approvals, emergency, projection, submissions
from core import clock
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@shared
def approved(plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    plan.refresh_from_db()
    return plan


@shared
def sent(approved, nurse):
    """A change of CPR that its first clinician has signed: it waits for the doctor."""
    make.save(nurse, approved, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    changed = make.submission(nurse, approved)
    make.agree(nurse, changed)
    return changed


def page_of(sent):
    return reverse("careplan_forms:approve", args=[sent.plan.public_id, sent.public_id])


def approving(sent, **fields):
    return {"shown": sent.content_sha256, "state": "awaiting_approval", "decision": "approve"} | fields


def test_the_approver_reads_old_and_new_in_words(sent, doctor):
    page = people.client_of(doctor).get(page_of(sent)).content.decode()
    assert "Was: </span>" in page and "Attempt CPR" in page
    assert "Now: </span>" in page and "Do not attempt CPR" in page
    assert "Mrs Zephyrine and her son" in page
    assert "Approve this plan" in page


def test_a_change_of_cpr_is_asked_about_before_it_is_approved(sent, doctor):
    browser = people.client_of(doctor)
    page = browser.post(page_of(sent), approving(sent)).content.decode()
    assert "The CPR decision changes" in page
    assert CarePlanVersion.objects.count() == 1
    answer = browser.post(page_of(sent), approving(sent, cpr_confirmed="on"))
    assert CarePlanVersion.objects.count() == 2
    done = browser.get(answer["Location"]).content.decode()
    assert "Plan approved" in done and "Version 2" in done
    assert PlanSummary.objects.get().facts["cpr.decision"] == ["do_not_attempt"]


def test_what_readers_and_reports_are_told_can_be_written_anew_from_the_approved_versions(sent):
    def told():
        summaries = PlanSummary.objects.values("nhs_number", "facts", "version_number", "newer_draft")
        return list(summaries), sorted(AnswerFact.objects.values_list("item_uid", "kind", "code", "version_number"))

    before = told()
    assert all(before)
    PlanSummary.objects.all().delete()
    AnswerFact.objects.all().delete()
    assert projection.rebuild(now=clock.now()) == 1
    assert told() == before


def test_without_a_change_of_cpr_one_press_approves(approved, nurse, doctor):
    make.save(nurse, approved, "about", matters="Roses")
    sent = make.submission(nurse, approved)
    assert people.client_of(doctor).post(page_of(sent), approving(sent)).status_code == 302
    assert CarePlanVersion.objects.count() == 2


def test_approving_after_a_change_is_a_409_with_what_changed(sent, approved, nurse, doctor):
    make.save(nurse, approved, "about", matters="Something new")
    make.submission(nurse, approved)
    answer = people.client_of(doctor).post(page_of(sent), approving(sent, cpr_confirmed="on"))
    assert answer.status_code == 409
    assert "Something new" in answer.content.decode()
    assert CarePlanVersion.objects.count() == 1


def test_approving_what_is_approved_already_is_a_409(sent, doctor, other_doctor):
    make.approve(other_doctor, sent)
    answer = people.client_of(doctor).post(page_of(sent), approving(sent, cpr_confirmed="on"))
    assert answer.status_code == 409


def test_what_was_written_is_given_back_where_it_came_too_late(sent, doctor, other_doctor):
    make.approve(other_doctor, sent)
    browser = people.client_of(doctor)
    late = approving(sent, decision="return", reason="Ask her son <b>first</b>\nthen her sister", cpr_confirmed="on")
    answer = browser.post(page_of(sent), late)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "What you wrote" in page and "Ask her son &lt;b&gt;first&lt;/b&gt;<br>then her sister" in page
    assert sent.content_sha256 not in page
    assert "What you wrote" not in browser.post(page_of(sent), late | {"reason": " "}).content.decode()


def test_a_forged_hash_is_a_409(sent, doctor):
    answer = people.client_of(doctor).post(page_of(sent), approving(sent, shown="f" * 64, cpr_confirmed="on"))
    assert answer.status_code == 409
    assert CarePlanVersion.objects.count() == 1


def test_the_author_is_told_why_they_cannot_approve(approved, doctor, nurse):
    make.save(doctor, approved, "about", matters="Written by the doctor")
    sent = make.submission(nurse, approved)
    browser = people.client_of(doctor)
    assert "You wrote this, or part of it" in browser.get(page_of(sent)).content.decode()
    answer = browser.post(page_of(sent), approving(sent, cpr_confirmed="on", reason="She is sure"))
    assert answer.status_code == 403
    assert "You wrote this, or part of it" in answer.content.decode()
    assert "She is sure" in answer.content.decode()
    assert CarePlanVersion.objects.count() == 1


def test_returning_needs_what_has_to_change_and_keeps_what_was_typed(sent, doctor, nurse, approved):
    browser = people.client_of(doctor)
    returning = approving(sent, decision="return")
    page = browser.post(page_of(sent), returning | {"reason": ""}).content.decode()
    assert "Enter what has to change" in page
    assert browser.post(page_of(sent), returning | {"reason": "Ask her son"}).status_code == 302
    list_page = people.client_of(nurse).get(reverse("careplan_forms:worklist") + "?show=returned").content.decode()
    assert "ZEPHYRINE" in list_page
    tasks = people.client_of(nurse).get(reverse("careplan_forms:plan-tasks", args=[approved.public_id]))
    assert "Ask her son" in tasks.content.decode()


def test_a_doctor_s_own_plan_says_it_was_written_and_approved_by_one_person(plan, doctor, nurse, flows):
    make.save(doctor, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(doctor, plan))
    page = people.client_of(nurse).get(reverse("careplan_forms:plan", args=[plan.public_id])).content.decode()
    assert "written and approved by" in page


def test_versions_are_listed_read_and_compared(sent, approved, doctor, nurse):
    make.approve(doctor, sent)
    browser = people.client_of(nurse)
    listed = browser.get(reverse("careplan_forms:plan-versions", args=[approved.public_id])).content.decode()
    assert "Version 1" in listed and "Version 2" in listed
    first = browser.get(reverse("careplan_forms:plan-version", args=[approved.public_id, 1])).content.decode()
    assert "Not the current version" in first
    url = reverse("careplan_forms:plan-compare", args=[approved.public_id])
    compared = browser.get(url, {"from": "2", "to": "1"}).content.decode()
    assert "Do not attempt CPR" in compared and "Frail heart" in compared
    for query in ({}, {"from": "1"}, {"from": "1", "to": "x"}, {"from": "1", "to": "9"}, {"from": "²", "to": "1"}):
        assert browser.get(url, query).status_code == 404


def test_who_has_viewed_is_shown_with_role_organisation_and_reason(approved, nurse, paramedic):
    emergency.read_plan(by=paramedic.for_purpose("caring_now"), plan_id=approved.public_id)
    page = people.client_of(nurse).get(reverse("careplan_forms:plan-viewers", args=[approved.public_id]))
    again = people.client_of(nurse).get(reverse("careplan_forms:plan-viewers", args=[approved.public_id]))
    assert again.content.decode().count("Looked at the plan") == 1
    text = page.content.decode()
    assert "Urgent care reader" in text and "I am caring for this person now" in text
    assert "Clinician" in text


def test_a_stop_mark_is_seen_at_once_and_taken_away(approved, nurse):
    browser = people.client_of(nurse)
    url = reverse("careplan_forms:plan-marks", args=[approved.public_id])
    assert browser.post(url, {"mark": "changed_mind", "slot": "cpr"}).status_code == 302
    assert PlanSummary.objects.get().stop_marks == [{"mark": "changed_mind", "slot": "cpr"}]
    browser.post(url, {"mark": "changed_mind", "slot": "cpr"})
    mark = PlanStopMark.objects.get()
    plan_page = reverse("careplan_forms:plan", args=[approved.public_id])
    assert "The person has changed their mind" in browser.get(plan_page).content.decode()
    browser.post(reverse("careplan_forms:plan-clear-mark", args=[approved.public_id, mark.pk]))
    assert PlanSummary.objects.get().stop_marks == []
    assert AuditEvent.objects.filter(action__in=["plan.mark_set", "plan.mark_cleared"]).count() == 2
    assert "Select one of the answers in the list" in browser.post(url, {"mark": "my words"}).content.decode()


def test_withdrawing_needs_a_reason_and_says_so_on_the_plan(approved, nurse):
    browser = people.client_of(nurse)
    url = reverse("careplan_forms:plan-withdraw", args=[approved.public_id])
    assert "Enter why the plan is withdrawn" in browser.post(url, {"reason": " "}).content.decode()
    assert browser.post(url, {"reason": "Moved abroad"}).status_code == 302
    page = browser.get(reverse("careplan_forms:plan", args=[approved.public_id])).content.decode()
    assert "Moved abroad" in page and "Withdrawn" in page and "Readers are told" in page
    assert PlanSummary.objects.get().withdrawn_at is not None


def test_of_a_plan_that_was_never_approved_nobody_is_said_to_be_told(plan, nurse):
    browser = people.client_of(nurse)
    url = reverse("careplan_forms:plan-withdraw", args=[plan.public_id])
    assert "urgent care staff never saw it" in browser.get(url).content.decode()
    page = browser.post(url, {"reason": "Begun by mistake"}, follow=True).content.decode()
    assert "No reader had seen it" in page and "Readers are told" not in page


def test_a_decision_taken_meanwhile_is_not_offered(sent, doctor, other_doctor):
    approvals.return_to_author(
        by=other_doctor, submission=sent, shown_sha256=sent.content_sha256, reason="No", now=clock.now()
    )
    page = people.client_of(doctor).get(page_of(sent)).content.decode()
    assert "This has been decided or taken back" in page and "Approve this plan" not in page


def test_the_general_page_of_decisions_leads_to_the_plan_s_own_and_decides_nothing(sent, doctor):
    case = submissions.open_case_of(sent)
    url = reverse("workflows:decide", args=[case.public_id, "approve"])
    answer = people.client_of(doctor).post(url, {"shown": sent.content_sha256, "state": case.state})
    assert answer.status_code == 302 and answer["Location"] == page_of(sent)
    assert CarePlanVersion.objects.count() == 1
