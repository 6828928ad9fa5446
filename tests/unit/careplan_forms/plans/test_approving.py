"""An approval is a doctor's, of what was shown, all at once or not at all."""

import datetime

import pytest

from careplan_forms.enums import PlanState
from careplan_forms.models import AnswerFact, CarePlan, CarePlanVersion, PlanDraft, PlanSubmission, PlanSummary
from careplan_forms.services import approvals, plans, submissions
from core import clock
from core.exceptions import Absent, Conflict, NotAllowed, Refused
from core.models import OutboxEvent
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@shared
def sent(plan, nurse, flows):
    make.save(nurse, plan, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    return make.submission(nurse, plan)


def reasons(raised):
    return [reason.code for reason in raised.value.decision.reasons]


def test_an_approval_makes_version_plan_summary_audit_and_event(sent, doctor, plan):
    version = make.approve(doctor, sent)
    plan.refresh_from_db()
    assert (plan.current_version, plan.state, plan.waiting_submission) == (version, PlanState.CURRENT, None)
    assert (version.number, version.content_sha256) == (1, sent.content_sha256)
    summary = PlanSummary.objects.get(plan=plan)
    assert (summary.version, summary.facts["cpr.decision"]) == (version, ["do_not_attempt"])
    events = AuditEvent.objects.filter(action="plan.approved", target_ref=str(plan.public_id))
    assert [event.detail["version"] for event in events] == [1]
    payload = OutboxEvent.objects.get(topic="plan.approved").payload
    assert payload == {"plan": str(plan.public_id), "person": str(plan.patient.public_id), "version": 1}


def test_the_version_names_the_doctor_and_their_number(sent, doctor):
    version = make.approve(doctor, sent)
    assert version.approver_registration.startswith("GMC 7")
    assert version.approver_label.startswith("Sam Tester")
    assert not version.written_and_approved_by_one


def test_each_version_is_chained_to_the_one_before(sent, doctor, nurse, plan):
    first = make.approve(doctor, sent)
    plan.refresh_from_db()
    make.save(nurse, plan, "about", matters="Roses")
    second = make.approve(doctor, make.submission(nurse, plan))
    assert (second.number, second.previous_chain_sha256) == (2, first.chain_sha256)
    assert second.chain_sha256 == approvals.chain_sha256(
        previous=first.chain_sha256,
        content=second.content_sha256,
        approver_id=doctor.user_id,
        registration=second.approver_registration,
        number=2,
        at=second.approved_at,
    )


def test_a_nurse_cannot_approve(sent, nurse):
    colleague = people.staff(people.Organisation.objects.get(pk=nurse.organisation_id))
    with pytest.raises(NotAllowed):
        make.approve(colleague, sent)
    assert not CarePlanVersion.objects.exists()


def test_a_doctor_of_an_organisation_outside_finds_nothing_to_approve(sent, outsider):
    with pytest.raises(Absent):
        make.approve(outsider, sent)


def test_who_wrote_part_of_it_cannot_approve_it(plan, nurse, doctor, flows):
    make.save(doctor, plan, "about", matters="Roses")
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    sent = make.submission(nurse, plan)
    assert sorted(sent.author_ids) == sorted([doctor.user_id, nurse.user_id])
    with pytest.raises(NotAllowed) as raised:
        make.approve(doctor, sent)
    assert "author" in reasons(raised)


def test_a_doctor_s_own_plan_is_approved_under_the_exemption_and_says_so(plan, doctor, flows):
    make.save(doctor, plan, cpr=make.CPR_ATTEMPT)
    version = make.approve(doctor, make.submission(doctor, plan))
    assert version.written_and_approved_by_one
    assert PlanSummary.objects.get(plan=plan).written_and_approved_by_one


def test_publishing_alone_is_refused_whatever_a_flow_allows(plan, doctor, flows):
    make.save(doctor, plan, cpr=make.CPR_ATTEMPT)
    sent = make.submission(doctor, plan)
    with pytest.raises(NotAllowed):
        approvals.publish_version(by=doctor, submission=sent, alone=False, exemption="", now=clock.now())


def test_publishing_without_a_doctor_s_number_is_refused_whatever_a_flow_allows(sent, nurse):
    colleague = people.staff(people.Organisation.objects.get(pk=nurse.organisation_id))
    with pytest.raises(NotAllowed):
        approvals.publish_version(by=colleague, submission=sent, alone=False, exemption="", now=clock.now())


def test_what_changed_since_it_was_shown_is_not_approved_and_is_told(sent, plan, nurse, doctor):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    newer = make.submission(nurse, plan)
    assert newer.pk != sent.pk
    with pytest.raises(Conflict) as raised:
        make.approve(doctor, sent)
    assert ("CPR decision", "Do not attempt CPR", "Attempt CPR") in raised.value.changes
    assert not CarePlanVersion.objects.exists()


def test_a_hash_that_was_never_shown_approves_nothing(sent, doctor):
    with pytest.raises(Conflict):
        approvals.approve(by=doctor, submission=sent, shown_sha256="0" * 64, now=clock.now())


def test_a_second_approval_is_told_it_came_too_late(sent, doctor, other_doctor):
    make.approve(doctor, sent)
    with pytest.raises(Conflict):
        make.approve(other_doctor, sent)
    assert CarePlanVersion.objects.count() == 1


@pytest.mark.parametrize("failure", [RuntimeError, SystemExit])
@pytest.mark.parametrize("step", ["projection.project_plan", "projection.project_facts", "record", "publish"])
def test_whatever_fails_on_the_way_nothing_is_approved(sent, doctor, plan, monkeypatch, step, failure):
    """An error, or the process told to stop, at every step of an approval: all of it is undone."""

    def broken(**kwargs):
        raise failure("at this very step")

    owner = approvals.projection if step.startswith("projection") else approvals
    monkeypatch.setattr(
        owner, step.removeprefix("projection."), broken if step != "publish" else lambda *a, **k: broken()
    )
    with pytest.raises(failure):
        make.approve(doctor, sent)
    monkeypatch.undo()
    plan.refresh_from_db()
    assert (plan.current_version, plan.waiting_submission) == (None, sent)
    assert not CarePlanVersion.objects.exists()
    assert not PlanSummary.objects.exists()
    assert not AnswerFact.objects.exists()
    assert not OutboxEvent.objects.filter(topic="plan.approved").exists()
    assert not AuditEvent.objects.filter(action="plan.approved").exists()
    assert submissions.open_case_of(sent).state == "awaiting_approval"
    assert make.approve(doctor, sent).number == 1


def test_consent_withdrawn_meanwhile_stops_the_approval(sent, plan, nurse, doctor):
    make.consent(nurse, plan.patient, "withdrawn")
    with pytest.raises(NotAllowed) as raised:
        make.approve(doctor, sent)
    assert reasons(raised) == ["no-consent"]


def test_unapproved_text_never_reaches_the_summary(plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    plan.refresh_from_db()
    make.save(nurse, plan, cpr=make.CPR_DO_NOT, **{"cpr-why": "Nobody approved this"})
    make.submission(nurse, plan)
    summary = PlanSummary.objects.get(plan=plan)
    assert summary.facts["cpr.decision"] == ["attempt"]
    assert summary.newer_draft
    assert "Nobody approved this" not in str(PlanSummary.objects.values())


def test_a_return_says_why_and_gives_the_authors_their_drafts_back(sent, plan, nurse, doctor):
    approvals.return_to_author(
        by=doctor, submission=sent, shown_sha256=sent.content_sha256, reason="Ask her son", now=clock.now()
    )
    plan.refresh_from_db()
    assert (plan.waiting_submission, plan.returned_submission) == (None, sent)
    assert plan.return_reason == "Ask her son"
    draft = PlanDraft.objects.get(plan=plan, author=nurse.user_id, closed_at=None)
    assert draft.items["cpr"]["value"] == make.CPR_DO_NOT
    again = make.submission(nurse, plan, review_on=sent.review_on)
    assert again.content_sha256 == sent.content_sha256


def test_a_return_needs_a_reason(sent, doctor):
    with pytest.raises(Refused):
        approvals.return_to_author(
            by=doctor, submission=sent, shown_sha256=sent.content_sha256, reason=" ", now=clock.now()
        )


def test_what_was_written_after_sending_survives_a_return(sent, plan, nurse, doctor):
    make.save(nurse, plan, "about", matters="Roses")
    approvals.return_to_author(
        by=doctor, submission=sent, shown_sha256=sent.content_sha256, reason="Ask her son", now=clock.now()
    )
    draft = PlanDraft.objects.get(plan=plan, author=nurse.user_id, closed_at=None)
    assert (draft.items["matters"]["value"], draft.items["cpr"]["value"]) == ("Roses", make.CPR_DO_NOT)


def test_sent_twice_is_sent_once(plan, nurse, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    assert make.submission(nurse, plan) == make.submission(nurse, plan)
    assert PlanSubmission.objects.count() == 1


def test_somebody_else_s_waiting_text_cannot_be_replaced(sent, plan, other_doctor):
    make.save(other_doctor, plan, "about", matters="Roses")
    with pytest.raises(NotAllowed):
        make.submission(other_doctor, plan)
    plan.refresh_from_db()
    assert plan.waiting_submission == sent


def test_hidden_answers_are_not_sent(plan, nurse, flows):
    make.save(nurse, plan, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    assert set(make.submission(nurse, plan).answers) == {"cpr"}


@pytest.mark.parametrize(
    ("prepare", "field"),
    [
        (lambda plan, nurse: make.consent(nurse, plan.patient, "refused"), "consent"),
        (lambda plan, nurse: make.save(nurse, plan, cpr=None), "answers"),
    ],
)
def test_sending_says_what_is_still_to_do(plan, nurse, flows, prepare, field):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    prepare(plan, nurse)
    with pytest.raises(Refused) as raised:
        make.submission(nurse, plan)
    assert raised.value.field == field
    assert not PlanSubmission.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_review_date_lies_in_the_next_twelve_months(plan, nurse, flows, days):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    with pytest.raises(Refused) as raised:
        make.submission(nurse, plan, review_on=clock.today() + datetime.timedelta(days=days))
    assert raised.value.field == "review_on"


def test_a_clash_must_be_settled_before_sending(plan, nurse, other_doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT, shown={})
    make.save(other_doctor, plan, cpr=make.CPR_DO_NOT, shown={})
    with pytest.raises(Refused) as raised:
        make.submission(nurse, plan)
    assert "choose one" in raised.value.message


def test_a_withdrawn_plan_keeps_its_versions_and_takes_no_more(sent, doctor, nurse, plan):
    make.approve(doctor, sent)
    plan = CarePlan.objects.get(pk=plan.pk)
    plans.withdraw_plan(by=nurse, plan=plan, reason="Moved abroad", now=clock.now())
    plan.refresh_from_db()
    assert plan.versions.count() == 1
    assert PlanSummary.objects.get(plan=plan).withdrawn_at
    with pytest.raises(Refused):
        make.save(nurse, plan, "about", matters="Roses")
