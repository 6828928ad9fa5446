"""Two clinicians for a change of the CPR decision: nobody is both, no doctor acts alone, each sees their turn."""

import copy

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, CarePlanVersion, PlanSummary
from careplan_forms.services import approvals, sharing, submissions
from core import clock, outbox
from core.exceptions import Absent, Conflict, NotAllowed, Refused
from core.models import OutboxDelivery
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories.workflows import version as flow_version
from tests.worlds import shared
from workflows.models import FlowDefinition
from workflows.selectors import vacancies
from workflows.selectors.able import Hindrance
from workflows.services import cases
from workflows.services.stuck import stuck

pytestmark = pytest.mark.django_db

WORKLIST = "/worklist/?show=approve"


@shared
def approved(plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    return CarePlan.objects.get(pk=plan.pk)


@shared
def sent(approved, nurse):
    """A change of CPR that the nurse has written and nobody has signed."""
    make.save(nurse, approved, cpr=make.CPR_DO_NOT)
    return make.submission(nurse, approved)


def page_of(sent):
    return reverse("careplan_forms:approve", args=[sent.plan.public_id, sent.public_id])


def posted(sent, step, **fields):
    state = "awaiting_agreement" if step == "agree" else "awaiting_approval"
    return {"shown": sent.content_sha256, "state": state, "decision": step, "cpr_confirmed": "on"} | fields


def listed(actor):
    return "ZEPHYRINE" in people.client_of(actor).get(WORKLIST).content.decode()


def codes(refusal):
    return {str(reason.code) for reason in refusal.value.decision.reasons}


def flow_of(sent):
    return submissions.open_case_of(sent).version.definition.key


def test_only_another_decision_for_readers_takes_two_clinicians(approved, nurse):
    make.save(nurse, approved, "about", matters="Roses")
    plain = make.submission(nurse, approved)
    assert not plain.cpr_changed and flow_of(plain) == "plan-nurse-or-patient"
    make.save(nurse, approved, cpr=make.CPR_DO_NOT)
    changed = make.submission(nurse, approved)
    assert changed.cpr_changed and flow_of(changed) == "plan-cpr-change"


def test_the_first_decision_of_a_plan_changes_nothing_anybody_acts_on(plan, nurse, flows):
    make.save(nurse, plan, cpr=make.CPR_DO_NOT)
    sent = make.submission(nurse, plan)
    assert not sent.cpr_changed and flow_of(sent) == "plan-nurse-or-patient"


def test_a_decision_taken_away_is_a_change(approved, nurse):
    make.save(nurse, approved, cpr={"absent": "not-discussed", "reason": "Not well enough"})
    assert make.submission(nurse, approved).cpr_changed


def test_the_first_signature_is_recorded_and_waits_for_a_second_doctor(sent, doctor, other_doctor, nurse):
    browser = people.client_of(doctor)
    page = browser.get(page_of(sent)).content.decode()
    assert "Agree to the change" in page and "Approve this plan" not in page
    asked = browser.post(page_of(sent), posted(sent, "agree", cpr_confirmed="")).content.decode()
    assert "The CPR decision changes" in asked and "Somebody else has to approve it" in asked
    answer = browser.post(page_of(sent), posted(sent, "agree"), follow=True)
    assert answer.redirect_chain[-1][0] == "/worklist/"
    assert "Your decision is recorded. It now waits for a second doctor" in answer.content.decode()
    assert CarePlanVersion.objects.count() == 1
    assert PlanSummary.objects.get().facts["cpr.decision"] == ["attempt"]
    assert (listed(other_doctor), listed(doctor), listed(nurse)) == (True, False, False)
    done = people.client_of(other_doctor).post(page_of(sent), posted(sent, "approve"))
    assert done["Location"] == reverse("careplan_forms:plan-approved", args=[sent.plan.public_id, 2])
    assert PlanSummary.objects.get().facts["cpr.decision"] == ["do_not_attempt"]
    assert list(stuck(clock.now())) == []


def test_before_the_first_signature_every_clinician_has_it_on_the_worklist(sent, doctor, nurse, practice):
    assert all(listed(actor) for actor in (doctor, nurse, people.staff(practice, role="clinician")))
    elsewhere = people.staff(people.organisation(name="Elsewhere"), role="doctor")
    assert not listed(elsewhere)


def test_one_doctor_is_not_both_clinicians(sent, doctor):
    make.agree(doctor, sent)
    with pytest.raises(NotAllowed) as refusal:
        make.approve(doctor, sent)
    assert "earlier-decider" in codes(refusal)
    assert [who.able for who in cases.who_can(submissions.open_case_of(sent), "approve")] == [0]
    assert [who.able for who in cases.who_must_act(submissions.open_case_of(sent))] == [0]
    page = people.client_of(doctor).get(page_of(sent)).content.decode()
    assert "You decided on this before" in page and "Approve this plan" not in page


def test_a_doctor_s_own_change_is_seen_by_another_doctor(approved, doctor, other_doctor):
    make.save(doctor, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(doctor, approved)
    assert (sent.origin, flow_of(sent)) == ("doctor", "plan-cpr-change")
    make.agree(doctor, sent)
    with pytest.raises(NotAllowed) as refusal:
        make.approve(doctor, sent)
    assert {"author", "earlier-decider"} <= codes(refusal)
    version = make.approve(other_doctor, sent)
    assert version.number == 2 and not version.written_and_approved_by_one


def test_no_step_is_skipped_and_no_signature_counts_for_another_text(sent, approved, doctor, nurse):
    with pytest.raises(Refused):
        make.approve(doctor, sent)
    make.agree(nurse, sent)
    with pytest.raises(Refused):
        make.agree(doctor, sent)
    make.save(nurse, approved, "about", matters="Something else")
    again = make.submission(nurse, approved)
    with pytest.raises(Conflict):
        make.approve(doctor, sent)
    with pytest.raises(Refused):
        make.approve(doctor, again)
    assert submissions.open_case_of(again).state == "awaiting_agreement"


def test_neither_a_stranger_nor_a_reader_signs_first(sent, practice, outsider):
    for actor in (people.staff(practice, role="care_home"), outsider):
        with pytest.raises(Exception) as refusal:
            make.agree(actor, sent)
        assert refusal.type.__name__ in {"NotAllowed", "Absent"}


def test_the_second_clinician_may_return_it_and_everything_starts_again(sent, doctor, nurse, approved):
    make.agree(nurse, sent)
    approvals.return_to_author(
        by=doctor, submission=sent, shown_sha256=sent.content_sha256, reason="Ask her son", now=clock.now()
    )
    make.save(nurse, approved, cpr=make.CPR_DO_NOT)
    again = make.submission(nurse, CarePlan.objects.get(pk=approved.pk))
    assert submissions.open_case_of(again).state == "awaiting_agreement"
    assert list(stuck(clock.now())) == []


def test_where_only_its_author_could_be_the_second_it_is_reported_and_never_falls_to_them(approved, doctor, practice):
    make.save(doctor, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(doctor, approved)
    make.agree(doctor, sent)
    assert [problem.code for problem in stuck(clock.now())] == ["only_its_authors"]
    people.staff(practice, role="doctor")
    assert list(stuck(clock.now())) == []


@shared
def care_team(approved, doctor):
    """A hospice with a doctor and a care home with none, both of the person's care team; the practice has one doctor,
    who writes another CPR decision.
    """
    hospice, home = people.organisation(name="Hilltop Hospice"), people.organisation(name="Rosewood")
    for place in (hospice, home):
        sharing.add_organisation(by=doctor, plan=approved, organisation=place, now=clock.now())
    people.staff(home, role="care_home")
    return people.staff(hospice, role="doctor")


def own_change(doctor, approved):
    make.save(doctor, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(doctor, CarePlan.objects.get(pk=approved.pk))
    make.agree(doctor, sent)
    return sent


def test_where_only_its_author_could_be_the_second_the_doctors_of_the_care_team_are_asked(
    approved, doctor, care_team, practice
):
    sent = own_change(doctor, approved)
    case = submissions.open_case_of(sent)
    asked = case.tasks.filter(closed_at=None).values_list("role", "organisation_id")
    assert sorted(asked) == [("doctor", doctor.organisation_id), ("doctor", care_team.organisation_id)]
    assert [(who.words, who.able) for who in cases.who_can(case, "approve")] == [
        (f"a doctor at {practice.name}", 0),
        ("a doctor at Hilltop Hospice (care team)", 1),
    ]
    assert listed(care_team) and list(stuck(clock.now())) == []
    assert vacancies.waiting(clock.now()) == []
    page = people.client_of(doctor).get(page_of(sent)).content.decode()
    assert "A doctor at Hilltop Hospice (care team)." in page and "Rosewood" not in page.split("Who can do this")[1]
    done = people.client_of(care_team).post(page_of(sent), posted(sent, "approve"))
    assert done["Location"] == reverse("careplan_forms:plan-approved", args=[sent.plan.public_id, 2])
    version = CarePlanVersion.objects.get(number=2)
    assert (version.approved_by_id, version.approver_organisation) == (care_team.user_id, "Hilltop Hospice")
    assert not version.written_and_approved_by_one
    assert PlanSummary.objects.get().facts["cpr.decision"] == ["do_not_attempt"]


def told():
    while outbox.relay():
        pass
    assert not OutboxDelivery.objects.filter(told_at=None).exists()


def asked_of(sent):
    rows = submissions.open_case_of(sent).tasks.filter(closed_at=None)
    return sorted(rows.values_list("role", "organisation_id"))


def test_a_care_team_that_changes_while_it_waits_is_asked_as_it_is_now(approved, doctor, practice):
    sent = own_change(doctor, approved)
    hospice = people.organisation(name="Hilltop Hospice")
    colleague = people.staff(hospice, role="doctor")
    assert asked_of(sent) == [("doctor", practice.pk)]
    share = sharing.add_organisation(by=doctor, plan=approved, organisation=hospice, now=clock.now())
    told()
    assert asked_of(sent) == [("doctor", practice.pk), ("doctor", hospice.pk)] and listed(colleague)
    sharing.add_organisation(by=doctor, plan=approved, organisation=people.organisation(), now=clock.now())
    told()
    assert asked_of(sent) == [("doctor", practice.pk), ("doctor", hospice.pk)]
    sharing.end_share(by=doctor, plan=approved, share=share, now=clock.now())
    told()
    assert asked_of(sent) == [("doctor", practice.pk)] and not listed(colleague)


def test_a_care_team_may_change_when_nothing_waits(approved, doctor):
    sharing.add_organisation(by=doctor, plan=approved, organisation=people.organisation(), now=clock.now())
    told()


def test_the_author_is_told_who_else_is_asked(approved, doctor, care_team):
    make.save(doctor, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(doctor, CarePlan.objects.get(pk=approved.pk))
    answer = people.client_of(doctor).post(page_of(sent), posted(sent, "agree"), follow=True)
    assert "It now waits for a doctor at Hilltop Hospice (care team)" in answer.content.decode()


def test_where_nobody_at_all_could_be_the_second_that_is_said(approved, doctor):
    make.save(doctor, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(doctor, CarePlan.objects.get(pk=approved.pk))
    answer = people.client_of(doctor).post(page_of(sent), posted(sent, "agree"), follow=True)
    assert "nobody there can do so now. Your organisation’s lead has to add somebody" in answer.content.decode()
    assert [(each.role, each.why) for each in vacancies.waiting(clock.now())] == [("doctor", Hindrance.BARRED)]


def test_the_care_team_is_not_asked_while_a_colleague_can(approved, doctor, care_team, other_doctor):
    sent = own_change(doctor, approved)
    tasks = submissions.open_case_of(sent).tasks.filter(closed_at=None)
    assert [task.organisation_id for task in tasks] == [doctor.organisation_id]
    assert not listed(care_team)


def test_the_care_team_gives_no_first_signature_and_none_without_agreement_to_share(approved, doctor, care_team, nurse):
    make.save(nurse, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(nurse, CarePlan.objects.get(pk=approved.pk))
    with pytest.raises(NotAllowed) as refusal:
        make.agree(care_team, sent)
    assert "not-yours" in codes(refusal)
    make.agree(nurse, sent)
    make.consent(nurse, approved.patient, "withdrawn")
    with pytest.raises(Absent):
        make.approve(care_team, sent)


@shared
def two_approvals(form, nurse, flows):
    """A flow whose approval is two doctors': the first brings no version into being."""
    key = "plan-nurse-or-patient"
    version = FlowDefinition.objects.get(key=key).live_version
    document = copy.deepcopy(version.spec)
    approve = next(step for step in document["transitions"] if step["key"] == "approve")
    approve["quorum"] = {"people": 2}
    FlowDefinition.objects.filter(key=key).update(live_version=flow_version(version.definition, document))
    plan = make.plan(nurse)
    make.save(nurse, plan, "about", matters="Roses")
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    return make.submission(nurse, plan)


def test_an_approval_that_publishes_nothing_yet_is_recorded_and_says_so(two_approvals, doctor, other_doctor):
    sent = two_approvals
    answer = people.client_of(doctor).post(page_of(sent), posted(sent, "approve"), follow=True)
    assert answer.redirect_chain[-1][0] == "/worklist/"
    assert "Your approval is recorded. It now waits for a second doctor" in answer.content.decode()
    assert not CarePlanVersion.objects.exists() and submissions.open_case_of(sent) is not None
    with pytest.raises(NotAllowed):
        make.approve(doctor, sent)
    assert make.approve(other_doctor, sent).number == 1
    assert list(stuck(clock.now())) == []
