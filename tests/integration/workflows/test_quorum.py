"""Steps that several people decide: how decisions add up, what they do to tasks, and who is never heard twice."""

import datetime

import pytest

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.models import AuditEvent, Notification
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.models import FlowCase, FlowDelegation
from workflows.selectors.chains import verify_case_chain
from workflows.services import cases, tasks, timers

TWO = {"people": 2}
LEAD = {"role": "org_lead", "scope": "owner_org"}
ELSEWHERE = {"role": "doctor", "scope": "sharing_org"}


@shared
def third_doctor(practice):
    return people.staff(practice, role="doctor")


@pytest.fixture
def two(letters, letter, nurse):
    """The nurse's letter, which takes two doctors."""
    flows.live_flow(flows.spec(quorum=TWO))
    return flows.open_case(letter, nurse)


def codes(refused):
    return {reason.code for reason in refused.value.decision.reasons}


def stand_in(absent, colleague, org):
    now = clock.now()
    FlowDelegation.objects.create(
        from_user_id=absent.user_id,
        to_user_id=colleague.user_id,
        organisation=org,
        starts_at=now - datetime.timedelta(hours=1),
        ends_at=now + datetime.timedelta(days=1),
        created_by_id=absent.user_id,
    )
    return people.replace_for(colleague, absent)


def open_tasks(case):
    return {(task.role, task.organisation_id) for task in case.tasks.filter(closed_at=None)}


def test_a_decision_counts_though_the_case_came_here_while_it_was_being_sent(two, doctor, third_doctor):
    before = clock.now() - datetime.timedelta(minutes=1)
    flows.fire(two, "approve", doctor, now=before)
    assert flows.fire(two, "approve", third_doctor).completed


def test_the_first_of_two_is_kept_and_the_case_stays(two, letters, doctor):
    decision = flows.fire(two, "approve", doctor)
    assert (decision.completed, decision.awaits, decision.made) == (False, 1, None)
    assert (decision.from_state, decision.to_state, two.state) == ("waiting", "waiting", "waiting")
    assert two.closed_at is None and two.due_at is not None
    assert letters.sent == []
    assert two.events.latest("number").detail["awaits"] == 1
    assert AuditEvent.objects.get(action="flow.approve").detail["awaits"] == 1
    assert verify_case_chain(FlowCase.objects.get()) == []


def test_the_second_takes_the_step(two, letters, letter, doctor, other_doctor):
    flows.fire(two, "approve", doctor)
    decision = flows.fire(two, "approve", other_doctor)
    assert decision.completed and decision.evidence["heard"] == 2
    assert (two.state, letters.sent) == ("approved", [letter.id])
    assert open_tasks(two) == set()
    assert verify_case_chain(FlowCase.objects.get()) == []


def test_the_same_decision_posted_twice_is_one(two, letters, doctor):
    flows.fire(two, "approve", doctor)
    with pytest.raises(NotAllowed) as refused:
        flows.fire(two, "approve", doctor)
    assert codes(refused) == {"decided"}
    assert two.decisions.filter(transition="approve").count() == 1
    assert letters.sent == []


def test_who_stands_in_for_a_colleague_and_that_colleague_are_one_voice(
    two, letters, practice, doctor, other_doctor, third_doctor
):
    flows.fire(two, "approve", stand_in(doctor, other_doctor, practice))
    for heard in (doctor, other_doctor, stand_in(doctor, third_doctor, practice)):
        with pytest.raises(NotAllowed) as refused:
            flows.fire(two, "approve", heard)
        assert codes(refused) == {"decided"}
    assert letters.sent == []
    assert flows.fire(two, "approve", third_doctor).completed


def test_a_decision_counts_for_the_text_it_was_taken_on(two, letters, letter, doctor, other_doctor):
    flows.fire(two, "approve", doctor)
    letters.rewrite(letter, "Dear nobody")
    with pytest.raises(NotAllowed):  # what was sent is no longer what is there
        flows.fire(two, "approve", other_doctor)
    assert letters.sent == []


def test_a_changed_text_starts_the_count_again(letters, letter, nurse, doctor, other_doctor):
    flows.live_flow(flows.spec(quorum=TWO, guards=flows.guards("not_author")))
    case = flows.open_case(letter, nurse)
    flows.fire(case, "approve", doctor)
    letters.rewrite(letter, "Dear nobody")
    assert flows.fire(case, "approve", other_doctor).awaits == 1
    assert flows.fire(case, "approve", doctor).completed


@pytest.mark.parametrize(("changed", "counts"), [({"phone"}, True), ({"cpr"}, False), ({"cpr", "phone"}, False)])
def test_a_change_of_nothing_significant_leaves_decisions_standing(
    letters, letter, nurse, doctor, other_doctor, changed, counts
):
    flows.live_flow(flows.spec(quorum=TWO, significant=["cpr"]))
    case = flows.open_case(letter, nurse)
    flows.fire(case, "approve", doctor)
    letters.rewrite(letter, "Dear all, ring 2", changed=changed)
    if counts:
        assert flows.fire(case, "approve", other_doctor).completed
    else:
        with pytest.raises(NotAllowed):
            flows.fire(case, "approve", other_doctor)


def test_a_contrary_step_ends_the_round(letters, letter, nurse, doctor, other_doctor, third_doctor):
    document = flows.spec(quorum=TWO)
    document["transitions"][2]["to"] = "start"
    document["transitions"][0]["on_open"] = False
    document["states"][0]["waits_for"] = [flows.NURSE]
    flows.live_flow(document)
    case = flows.open_case(letter, nurse)
    flows.fire(case, "submit", nurse)
    flows.fire(case, "approve", doctor)
    flows.fire(case, "return", other_doctor, reason="The date")
    flows.fire(case, "submit", nurse)
    assert flows.fire(case, "approve", third_doctor).awaits == 1
    assert flows.fire(case, "approve", doctor).completed


def test_who_changes_their_mind_takes_back_what_they_said(letters, letter, nurse, doctor, other_doctor, third_doctor):
    document = flows.spec(quorum=TWO)
    document["transitions"][2]["quorum"] = TWO
    flows.live_flow(document)
    case = flows.open_case(letter, nurse)
    flows.fire(case, "approve", doctor)
    flows.fire(case, "return", doctor, reason="On second thoughts")
    assert flows.fire(case, "approve", other_doctor).awaits == 1
    assert flows.fire(case, "return", third_doctor, reason="Indeed").completed
    assert case.state == "returned"


def test_deciders_leave_the_task_to_their_colleagues(two, doctor, other_doctor):
    task = two.tasks.get()
    tasks.claim(by=doctor, task=task, now=clock.now())
    flows.fire(two, "approve", doctor)
    task.refresh_from_db()
    assert (task.closed_at, task.claimed_by) == (None, None)
    assert set(task.done_by.values_list("pk", flat=True)) == {doctor.user_id}


def test_only_those_who_have_not_decided_are_reminded(two, doctor, other_doctor, job_actor):
    flows.fire(two, "approve", doctor)
    timers.fire_due(by=job_actor, now=clock.now() + datetime.timedelta(hours=49))
    told = Notification.objects.filter(topic="flow.reminder").values_list("user_id", flat=True)
    assert set(told) == {other_doctor.user_id}


def test_each_role_decides_its_part_in_any_order(letters, letter, nurse, practice, doctor, other_doctor):
    lead = people.staff(practice, role="org_lead")
    document = flows.spec(quorum={"each": True}, actors=[flows.DOCTOR, LEAD])
    document["states"][1]["waits_for"] = [flows.DOCTOR, LEAD]
    flows.live_flow(document)
    case = flows.open_case(letter, nurse)
    assert open_tasks(case) == {("doctor", practice.pk), ("org_lead", practice.pk)}
    assert flows.fire(case, "approve", doctor).awaits == 1
    assert open_tasks(case) == {("org_lead", practice.pk)}
    with pytest.raises(NotAllowed) as refused:
        flows.fire(case, "approve", other_doctor)
    assert codes(refused) == {"part-decided"}
    assert flows.fire(case, "approve", lead).completed
    assert letters.sent == [letter.id]


def test_organisations_count_once_and_each_has_its_task(letters, practice, nurse, doctor, other_doctor):
    hospice = people.organisation(care_setting="hospice")
    theirs = people.staff(hospice, role="doctor")
    letter = letters.write(practice, nurse, sharing_organisation_ids=frozenset({hospice.pk}))
    document = flows.spec(quorum={"people": 2, "organisations": True}, actors=[flows.DOCTOR, ELSEWHERE])
    document["states"][1]["waits_for"] = [flows.DOCTOR, ELSEWHERE]
    flows.live_flow(document)
    case = flows.open_case(letter, nurse)
    assert open_tasks(case) == {("doctor", practice.pk), ("doctor", hospice.pk)}
    flows.fire(case, "approve", doctor)
    assert open_tasks(case) == {("doctor", hospice.pk)}
    with pytest.raises(NotAllowed) as refused:
        flows.fire(case, "approve", other_doctor)
    assert codes(refused) == {"place-heard"}
    assert flows.fire(case, "approve", theirs).completed


def test_the_effect_of_the_last_decision_undoes_it_when_it_fails(two, letters, doctor, other_doctor):
    flows.fire(two, "approve", doctor)
    letters.effects_fail = True
    with pytest.raises(RuntimeError):
        flows.fire(two, "approve", other_doctor)
    two.refresh_from_db()
    assert (two.state, two.decisions.filter(transition="approve").count()) == ("waiting", 1)


@pytest.mark.parametrize("ticked", [(), ("I have read it",), ("I have read it", "Something else")])
def test_what_is_to_be_ticked_is_all_ticked(letters, letter, nurse, doctor, ticked):
    flows.live_flow(flows.spec(checklist=["I have read it", "I have rung them"]))
    case = flows.open_case(letter, nurse)
    with pytest.raises(Refused, match="I have r") as refused:
        flows.fire(case, "approve", doctor, ticked=ticked)
    assert refused.value.field == "ticked"
    decision = flows.fire(case, "approve", doctor, ticked=["I have rung them", "I have read it"])
    assert decision.evidence["ticked"] == ["I have read it", "I have rung them"]


def test_a_step_of_whoever_has_the_task_is_nobody_elses(letters, letter, nurse, doctor, other_doctor):
    flows.live_flow(flows.spec(actors=[{"role": "doctor", "scope": "named_user"}]))
    case = flows.open_case(letter, nurse)
    with pytest.raises(NotAllowed) as refused:
        flows.fire(case, "approve", doctor)
    assert codes(refused) == {"not-yours"}
    tasks.claim(by=doctor, task=case.tasks.get(), now=clock.now())
    with pytest.raises(NotAllowed):
        flows.fire(case, "approve", other_doctor)
    assert flows.fire(case, "approve", doctor).completed


def test_a_decision_on_an_older_text_is_still_a_conflict(two, letters, letter, doctor, other_doctor):
    flows.fire(two, "approve", doctor)
    letters.rewrite(letter, "Dear nobody")
    with pytest.raises(Conflict):
        flows.fire(two, "approve", other_doctor, shown_sha256=letter.content_sha256)


def test_who_decided_is_told_that_it_waits_for_others(two, doctor, other_doctor):
    flows.fire(two, "approve", doctor)
    mine, theirs = (cases.explain(two, who)[0] for who in (doctor, other_doctor))
    assert mine.reasons[0].text == "You have decided on this. It waits for 1 more"
    assert (theirs.allowed, theirs.heard, theirs.needed) == (True, 1, 2)
    assert cases.who_can(two, "approve")[0].able == 1
