"""The agreement on its flow: what governance's pages record moves the case, never past the flow and never twice."""

import datetime

import pytest
from django.urls import reverse

from core import clock, history
from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.enums import AgreementState
from governance.models import AgreementEvent, AgreementSignature, AuditEvent, User
from governance.selectors import agreements as agreement_selectors
from governance.services import agreements, audit, organisations
from tests.factories import governance as people
from tests.worlds import shared
from workflows.models import FlowCase, FlowDecision, FlowTask
from workflows.selectors import inbox, routing
from workflows.selectors.chains import verify_case_chain
from workflows.services import cases, clocks, seeds, timers
from workflows.services.stuck import stuck
from workflows.subjects import agreement_upkeep

pytestmark = pytest.mark.django_db

EVIDENCE = agreements.Evidence("192.0.2.1", "test", "test")


@shared
def host():
    return people.organisation(care_setting="host")


@shared
def ig(host):
    return people.staff(host, role="ig_officer")


@shared
def flows(host, ig):
    safety = people.staff(host, role="clinical_safety_officer")
    seeds.seed_flows(by=Actor.job("test"), clinical_safety=safety, information_governance=ig, now=clock.now())


@shared
def joining():
    return people.organisation(name="Joining Practice", agreement="")


@shared
def guardian(joining):
    """Holds the post and the role at the joining organisation."""
    actor = people.staff(joining, role="caldicott_guardian")
    user = User.objects.get(pk=actor.user_id)
    organisations.appoint(
        organisation=joining,
        user=user,
        post="caldicott_guardian",
        evidence="Letter",
        by=Actor.job("test"),
        starts_on=clock.today(),
    )
    return actor


@shared
def prepared(flows, joining, guardian, ig):
    return draft(joining, ig)


def draft(organisation, by, **dates):
    dates = {"starts_on": clock.today(), "ends_on": clock.today() + datetime.timedelta(days=365)} | dates
    return agreements.draft(organisation=organisation, template_version=people.template_version(), by=by, **dates)


def name_of(actor):
    return User.objects.get(pk=actor.user_id).get_full_name()


def sign(agreement, by, act=agreements.sign):
    return act(
        agreement=agreement,
        shown_sha256=agreement.template_version.sha256,
        typed_name=name_of(by),
        evidence=EVIDENCE,
        by=by,
    )


def case_of(agreement):
    return FlowCase.objects.get(subject_id=agreement.public_id)


def waits_in_inbox(actor):
    return [task.case.subject_id for task in inbox.tasks(actor)]


def concluded(agreement, ig, guardian):
    agreements.send(agreement=agreement, by=ig)
    sign(agreement, guardian)
    sign(agreement, ig, agreements.countersign)
    return agreement


def test_each_legal_act_moves_the_case_once_and_shows_whose_turn_it_is(prepared, ig, guardian):
    case = case_of(prepared)
    assert (case.state, waits_in_inbox(ig), waits_in_inbox(guardian)) == ("preparing", [prepared.public_id], [])
    agreements.send(agreement=prepared, by=ig)
    assert (waits_in_inbox(ig), waits_in_inbox(guardian)) == ([], [prepared.public_id])
    sign(prepared, guardian)
    assert (waits_in_inbox(ig), waits_in_inbox(guardian)) == ([prepared.public_id], [])
    sign(prepared, ig, agreements.countersign)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("concluded", "in_force")
    taken = list(FlowDecision.objects.filter(case=case).values_list("transition", "user_id_text"))
    ours, theirs = str(ig.user_id), str(guardian.user_id)
    assert taken == [("send", ours), ("sign", theirs), ("countersign", ours)]
    assert not FlowTask.objects.filter(closed_at=None).exists()
    assert verify_case_chain(case) == [] and list(stuck(clock.now())) == []


def test_the_page_shows_where_it_stands_to_both_sides_and_offers_no_step_past_governance(prepared, ig, guardian):
    agreements.send(agreement=prepared, by=ig)
    url = reverse("governance:agreement", args=[prepared.public_id])
    for actor in (ig, guardian):
        page = people.client_of(actor).get(url).content.decode()
        assert "Waiting for the Caldicott Guardian" in page and "Where it stands" in page
    decide = reverse("workflows:decide", args=[case_of(prepared).public_id, "sign"])
    shown = {"shown": prepared.template_version.sha256, "state": "awaiting_signature"}
    answer = people.client_of(guardian).post(decide, shown)
    assert answer.status_code in (400, 409, 422) or "not possible" in answer.content.decode()
    with pytest.raises(Refused):
        cases.fire(
            by=guardian,
            case=case_of(prepared),
            transition="sign",
            shown_sha256=prepared.template_version.sha256,
            expected_state="awaiting_signature",
            now=clock.now(),
        )
    assert not AgreementSignature.objects.filter(agreement=prepared).exists()


def test_a_flow_that_does_not_accept_the_act_undoes_it(prepared, ig, guardian, job_actor):
    with pytest.raises(NotAllowed):
        agreements.send(agreement=prepared, by=job_actor)
    assert not AgreementEvent.objects.filter(agreement=prepared).exists()
    assert case_of(prepared).state == "preparing"
    audit.bring_home()
    assert AuditEvent.objects.filter(action="flow.send", result="refused").exists()
    agreements.send(agreement=prepared, by=ig)
    case = case_of(prepared)
    FlowCase.objects.filter(pk=case.pk).update(state="preparing")
    with pytest.raises(Refused, match="does not expect this now"):
        agreements.decline(
            agreement=prepared,
            reason="No",
            by=people.actor(people.StaffListEntry.objects.get(role="caldicott_guardian")),
        )
    assert agreement_selectors.state_of(prepared) == AgreementState.SENT


def test_the_signer_never_countersigns_whatever_the_flow_allows(flows, host, ig, job_actor):
    """The host's own Guardian signs for the host as an organisation, and may countersign for it, but not both."""
    guardian = people.staff(host, role="caldicott_guardian")
    user = User.objects.get(pk=guardian.user_id)
    organisations.appoint(
        organisation=host, user=user, post="caldicott_guardian", evidence="x", by=job_actor, starts_on=clock.today()
    )
    own = draft(host, ig)
    agreements.send(agreement=own, by=ig)
    sign(own, guardian)
    with pytest.raises(Refused, match="Somebody other"):
        sign(own, guardian, agreements.countersign)
    assert case_of(own).state == "awaiting_countersignature"


def test_nothing_is_signed_twice(prepared, ig, guardian):
    agreements.send(agreement=prepared, by=ig)
    sign(prepared, guardian)
    with pytest.raises(Refused):
        sign(prepared, guardian)
    with pytest.raises(Refused):
        agreements.send(agreement=prepared, by=ig)
    assert FlowDecision.objects.filter(case=case_of(prepared)).count() == 2


def test_the_guardian_declines_with_a_reason_and_nobody_else_can(prepared, ig, guardian):
    agreements.send(agreement=prepared, by=ig)
    url = reverse("governance:agreement_decline", args=[prepared.public_id])
    elsewhere = people.staff(people.organisation(name="Elsewhere"), role="caldicott_guardian")
    assert people.client_of(elsewhere).get(url).status_code == 404
    assert people.client_of(ig).get(url).status_code == 403
    asked = people.client_of(guardian).post(url, {"reason": ""})
    assert asked.status_code == 200
    assert "Joining Practice" in asked.content.decode() and "no longer be signed" in asked.content.decode()
    assert people.client_of(guardian).post(url, {"reason": "The text says nothing of children"}).status_code == 302
    assert agreement_selectors.state_of(prepared) == AgreementState.DECLINED
    assert (case_of(prepared).state, case_of(prepared).outcome) == ("declined", "declined")
    for act in (agreements.suspend, agreements.terminate, agreements.withdraw):
        with pytest.raises(Refused):
            act(agreement=prepared, reason="x", by=ig)
    with pytest.raises(Refused):
        sign(prepared, guardian)
    assert list(stuck(clock.now())) == []


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_the_host_takes_it_back_before_both_have_signed(prepared, ig, guardian, steps):
    acts = [lambda: agreements.send(agreement=prepared, by=ig), lambda: sign(prepared, guardian)]
    for act in acts[:steps]:
        act()
    agreements.withdraw(agreement=prepared, reason="The wrong organisation", by=ig)
    assert agreement_selectors.state_of(prepared) == AgreementState.WITHDRAWN
    assert case_of(prepared).outcome == "withdrawn"
    assert not FlowTask.objects.filter(closed_at=None).exists()


def test_what_both_signed_cannot_be_taken_back(prepared, ig, guardian):
    concluded(prepared, ig, guardian)
    with pytest.raises(Refused):
        agreements.withdraw(agreement=prepared, reason="x", by=ig)


def test_a_terminated_agreement_ends_its_case_wherever_it_stands(prepared, ig):
    agreements.send(agreement=prepared, by=ig)
    agreements.terminate(agreement=prepared, reason="They closed", by=ig)
    case = case_of(prepared)
    assert case.closed_at is not None and case.outcome == "terminated"
    assert verify_case_chain(case) == [] and list(stuck(clock.now())) == []
    page = people.client_of(ig).get(reverse("governance:agreement", args=[prepared.public_id])).content.decode()
    assert "Ended before a decision: terminated" in page


def test_the_clock_of_a_case_that_was_ended_where_it_stood_fires_nothing(prepared, ig, job_actor):
    agreements.send(agreement=prepared, by=ig)
    case = case_of(prepared)
    assert clocks.live().filter(case=case).exists()
    agreements.terminate(agreement=prepared, reason="They closed", by=ig)
    assert timers.fire_due(by=job_actor, now=clock.now() + datetime.timedelta(days=365)) == 0
    assert not case.timers.exists()


def test_without_a_flow_agreements_go_on_as_they_did(joining, guardian, ig):
    agreement = concluded(draft(joining, ig), ig, guardian)
    assert agreement_selectors.state_of(agreement) == AgreementState.IN_FORCE
    assert not FlowCase.objects.exists()


def upkeep(job_actor):
    return agreement_upkeep.follow_dates(by=job_actor, now=clock.now())


def end_on(agreement, days):
    agreement.ends_on = clock.today() + datetime.timedelta(days=days)
    history.save(agreement, by=None, reason="test")


@shared
def ending(prepared, ig, guardian):
    concluded(prepared, ig, guardian)
    end_on(prepared, 90)
    return prepared


def renewal_of(agreement):
    return FlowCase.objects.get(subject_id=agreement.public_id, version__definition__key="agreement-renewal")


def test_a_renewal_is_asked_for_once_ninety_days_before_the_end(ending, ig, job_actor):
    end_on(ending, 91)
    assert upkeep(job_actor) == {"opened": 0, "lapsed": 0}
    end_on(ending, 90)
    assert upkeep(job_actor) == {"opened": 1, "lapsed": 0}
    assert upkeep(job_actor) == {"opened": 0, "lapsed": 0}
    case = renewal_of(ending)
    assert waits_in_inbox(ig) == [ending.public_id]
    next_one = reverse("governance:agreement_new", args=[ending.organisation.public_id])
    page = people.client_of(ig).get(reverse("governance:agreement", args=[ending.public_id]))
    assert next_one in page.content.decode()
    left = {timer.kind: 90 - (timer.due_at - case.opened_at).days for timer in case.timers.all()}
    assert left == {"reminder": 30, "escalation": 7}


def test_the_next_agreement_ends_the_renewal_and_the_old_one_runs_out(ending, joining, ig, guardian, job_actor):
    upkeep(job_actor)
    concluded(draft(joining, ig), ig, guardian)
    assert renewal_of(ending).outcome == "renewed"
    assert upkeep(job_actor) == {"opened": 0, "lapsed": 0}
    assert list(stuck(clock.now())) == []


def test_the_page_of_which_flow_applies_shows_the_renewal(flows):
    found = {route.facts["ending"]: [flow.key for flow in route.flows] for route in routing.table("agreement")}
    assert found == {True: ["agreement-renewal"], False: ["agreement"]}


def test_letting_it_end_needs_a_reason_of_the_host_and_is_not_asked_again(ending, ig, guardian, job_actor):
    upkeep(job_actor)
    case = renewal_of(ending)
    url = reverse("workflows:decide", args=[case.public_id, "let_go"])
    shown = {"shown": ending.template_version.sha256, "state": "ending"}
    assert people.client_of(guardian).post(url, shown | {"reason": "No"}).status_code == 403
    assert "Enter the reason" in people.client_of(ig).post(url, shown).content.decode()
    assert people.client_of(ig).post(url, shown | {"reason": "They close in spring"}).status_code == 302
    assert renewal_of(ending).outcome == "not_renewed"
    assert upkeep(job_actor) == {"opened": 0, "lapsed": 0}


def test_an_agreement_that_lapsed_ends_its_renewal(ending, job_actor):
    upkeep(job_actor)
    after = clock.now().astimezone(clock.LONDON) + datetime.timedelta(days=91)
    assert agreement_upkeep.follow_dates(by=job_actor, now=after) == {"opened": 0, "lapsed": 1}
    assert renewal_of(ending).outcome == "lapsed"
    assert list(stuck(clock.now())) == []
