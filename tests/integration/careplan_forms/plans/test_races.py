"""Everything at one moment: exactly one approval, no lost text, no plan twice."""

import pytest

from careplan_forms.models import CarePlan, CarePlanVersion, PlanDraft, PlanSubmission, PlanSummary
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import approvals, drafts, plans, submissions
from core import clock
from core.exceptions import Conflict, Refused
from core.models import OutboxEvent
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories.races import lost, race, won
from tests.worlds import shared

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@shared
def crowd(practice):
    return [people.staff(practice, role="doctor") for _ in range(5)]


def test_two_approvals_at_once_make_one_version(plan, nurse, crowd, flows, rounds):
    for number in range(1, rounds + 1):
        answer = make.CPR_ATTEMPT if number % 2 else make.CPR_DO_NOT
        make.save(nurse, CarePlan.objects.get(pk=plan.pk), cpr=answer)
        sent = make.submission(nurse, CarePlan.objects.get(pk=plan.pk))
        if sent.cpr_changed:
            make.agree(nurse, sent)
        results = race(*[lambda actor=actor, sent=sent: make.approve(actor, sent) for actor in crowd])
        assert len(won(results)) == 1, results
        assert set(lost(results)) == {Conflict}, results
        assert CarePlanVersion.objects.filter(plan=plan).count() == number
        assert PlanSummary.objects.get().version_number == number
        assert AuditEvent.objects.filter(action="plan.approved").count() == number
        assert OutboxEvent.objects.filter(topic="plan.approved").count() == number


def test_approving_and_taking_back_at_once_has_one_winner(plan, nurse, doctor, flows, rounds):
    approved = 0
    for number in range(rounds):
        answer = make.CPR_ATTEMPT if number % 2 else make.CPR_DO_NOT
        make.save(nurse, CarePlan.objects.get(pk=plan.pk), "about", matters=f"Round {number}", cpr=answer)
        sent = make.submission(nurse, CarePlan.objects.get(pk=plan.pk))
        if sent.cpr_changed:
            make.agree(nurse, sent)
        results = race(
            lambda sent=sent: make.approve(doctor, sent),
            lambda sent=sent: submissions.take_back(by=nurse, submission=sent, now=clock.now()) or "taken back",
        )
        assert len(won(results)) == 1 and lost(results) == [Conflict], results
        approved += won(results) != ["taken back"]
        assert CarePlanVersion.objects.count() == approved
        assert CarePlan.objects.get(pk=plan.pk).waiting_submission is None


def test_sending_twice_at_once_sends_once(plan, nurse, flows, rounds):
    for number in range(rounds):
        fresh = CarePlan.objects.get(pk=plan.pk)
        make.save(nurse, fresh, "about", matters=f"Round {number}", cpr=make.CPR_ATTEMPT)
        results = race(*[lambda: make.submission(nurse, CarePlan.objects.get(pk=plan.pk))] * 3)
        assert len({result.pk for result in won(results)}) == 1 and not lost(results), results
        assert PlanSubmission.objects.count() == number + 1
        approvals.return_to_author(
            by=people.staff(people.Organisation.objects.get(pk=nurse.organisation_id), role="doctor"),
            submission=won(results)[0],
            shown_sha256=won(results)[0].content_sha256,
            reason="Again",
            now=clock.now(),
        )


def test_people_saving_and_sending_at_once_lose_nothing(plan, nurse, crowd, flows, rounds):
    """Each author's words are in the submission or still in their draft, and nobody waits for ever."""
    for number in range(rounds):
        make.save(nurse, CarePlan.objects.get(pk=plan.pk), cpr=make.CPR_ATTEMPT)
        words = {actor.user_id: f"{number} by {actor.user_id}" for actor in crowd}

        def write(actor, words=words):
            fresh = CarePlan.objects.get(pk=plan.pk)
            return make.save(actor, fresh, "about", shown={}, matters=words[actor.user_id])

        results = race(
            *[lambda actor=actor: write(actor) for actor in crowd],
            lambda: make.submission(nurse, CarePlan.objects.get(pk=plan.pk)),
        )
        assert set(lost(results)) <= {Refused, Conflict}, results
        kept = str(list(PlanDraft.objects.filter(plan=plan).values_list("items", flat=True)))
        assert all(text in kept for text in words.values())
        fresh = CarePlan.objects.get(pk=plan.pk)
        if fresh.waiting_submission:
            approvals.return_to_author(
                by=people.staff(fresh.owner, role="doctor"),
                submission=fresh.waiting_submission,
                shown_sha256=fresh.waiting_submission.content_sha256,
                reason="Again",
                now=clock.now(),
            )
        PlanDraft.objects.filter(plan=plan).update(closed_at=clock.now())


def test_first_saves_of_one_author_meet_in_one_draft(nurse, form, rounds):
    for _ in range(rounds):
        plan = make.plan(nurse)
        results = race(
            lambda plan=plan: make.save(nurse, CarePlan.objects.get(pk=plan.pk), "about", matters="Roses"),
            lambda plan=plan: make.save(nurse, CarePlan.objects.get(pk=plan.pk), cpr=make.CPR_ATTEMPT),
        )
        assert not lost(results), results
        assert PlanDraft.objects.filter(plan=plan).count() == 1
        assert set(selectors.working_view(plan).answers) == {"matters", "cpr"}


def test_the_first_save_and_the_text_kept_while_typing_wait_for_each_other_once(nurse, form, rounds):
    """The page keeps what is typed by itself, and does so while its author presses save."""
    for _ in range(rounds):
        plan = make.plan(nurse)
        kept = {"section": "about", "typed": {"f-matters": ["Ros"]}, "whole": False, "opened": ""}
        results = race(
            lambda plan=plan: make.save(nurse, CarePlan.objects.get(pk=plan.pk), cpr=make.CPR_ATTEMPT),
            *[
                lambda plan=plan, kept=kept: drafts.keep_unsaved(
                    by=nurse, plan=CarePlan.objects.get(pk=plan.pk), now=clock.now(), **kept
                )
            ]
            * 3,
        )
        assert not lost(results), results
        draft = PlanDraft.objects.get(plan=plan)
        assert set(draft.items) == {"cpr"} and set(draft.unsaved) == {"about"}


def test_starting_at_once_starts_one_plan(nurse, practice, form, rounds):
    for _ in range(rounds):
        person = make.patient(practice)
        results = race(*[lambda person=person: plans.start_plan(by=nurse, patient=person, now=clock.now())] * 4)
        assert len({result.pk for result in won(results)}) == 1 and not lost(results), results
