"""The guards every flow may use, each against the people and states it tells apart."""

import datetime
from dataclasses import replace

import pytest

from core import clock
from core.exceptions import NotAllowed
from governance.models import Agreement, StaffListEntry
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.models import FlowDelegation
from workflows.services import cases

YESTERDAY = datetime.timedelta(days=1)


def case_under(letters, author, *names, **changes):
    """The author's letter, waiting on a flow whose approval has these guards."""
    guards = flows.guards(*names)
    flows.live_flow(flows.spec(guards=guards, **({"four_eyes": True} | changes)))
    owner = StaffListEntry.objects.get(pk=author.entry_id).organisation
    return flows.open_case(letters.write(owner, author), author)


def codes(case, actor, key="approve"):
    view = next(view for view in cases.explain(case, actor) if view.key == key)
    assert view.allowed == (not view.reasons)
    return [reason.code for reason in view.reasons]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("other_doctor", []),
        ("doctor", ["author"]),
        ("nurse", ["not-yours"]),
        ("paramedic", ["not-yours"]),
    ],
)
def test_a_doctors_letter_is_for_another_doctor_of_the_practice(request, letters, doctor, who, expected):
    case = case_under(letters, doctor, "not_author")
    actor = request.getfixturevalue(who)
    assert codes(case, actor) == expected
    if expected:
        with pytest.raises(NotAllowed) as refusal:
            flows.fire(case, "approve", actor)
        assert [reason.code for reason in refusal.value.decision.reasons] == expected
    else:
        assert flows.fire(case, "approve", actor).to_state == "approved"


@pytest.mark.parametrize(
    ("guard", "spoil", "code"),
    [
        (
            "agreement_in_force",
            lambda e: Agreement.objects.update(ends_on=clock.today() - YESTERDAY),
            "agreement-ended",
        ),
        (
            "staff_listed",
            lambda e: StaffListEntry.objects.filter(pk=e).update(ends_on=clock.today() - YESTERDAY),
            "entry-ended",
        ),
        ("training_valid", lambda e: StaffListEntry.objects.filter(pk=e).update(user=people.user()), "training-never"),
        ("role_registered", lambda e: StaffListEntry.objects.filter(pk=e).update(role="clinician"), "role"),
    ],
)
def test_what_governance_knows_is_looked_at_when_the_step_is_taken(letters, nurse, other_doctor, guard, spoil, code):
    case = case_under(letters, nurse, guard)
    assert codes(case, other_doctor) == []
    spoil(other_doctor.entry_id)
    account = StaffListEntry.objects.get(pk=other_doctor.entry_id).user_id
    actor = replace(other_doctor, user_id=account)
    assert codes(case, actor) == [code]
    with pytest.raises(NotAllowed):
        flows.fire(case, "approve", actor)
    assert letters.sent == []


def test_a_reason_names_who_can_mend_it(letters, nurse, other_doctor):
    case = case_under(letters, nurse, "training_valid")
    StaffListEntry.objects.filter(pk=other_doctor.entry_id).update(user=people.user())
    actor = replace(other_doctor, user_id=StaffListEntry.objects.get(pk=other_doctor.entry_id).user_id)
    reason = cases.explain(case, actor)[0].reasons[0]
    assert reason.text and reason.fixer


def test_who_decided_before_may_not_decide_again(letters, nurse, doctor, other_doctor):
    document = flows.spec(guards=flows.guards("not_author", "not_earlier_decider"))
    document["states"].insert(2, {"key": "second", "label": "Second look", "kind": "work", "waits_for": [flows.DOCTOR]})
    document["transitions"].append(
        {"key": "first", "label": "Pass on", "from": "waiting", "to": "second", "actors": [flows.DOCTOR]}
    )
    document["transitions"].append(document["transitions"][1] | {"from": "second"})
    flows.live_flow(document)
    letter = letters.write(StaffListEntry.objects.get(pk=nurse.entry_id).organisation, nurse)
    case = flows.open_case(letter, doctor)
    flows.fire(case, "first", doctor)
    assert codes(case, doctor) == ["earlier-decider"]
    assert codes(case, other_doctor) == []


def test_sending_in_does_not_count_as_an_earlier_decision(letters, practice, nurse, doctor):
    flows.live_flow(flows.spec(guards=flows.guards("not_author", "not_earlier_decider")))
    case = flows.open_case(letters.write(practice, nurse), doctor)
    assert codes(case, doctor) == []


def test_a_letter_changed_after_it_was_sent_waits_for_being_sent_again(waiting, letter, letters, doctor):
    letters.rewrite(letter, "Dear nobody")
    assert codes(waiting, doctor) == ["changed-since-sent"]
    with pytest.raises(NotAllowed):
        flows.fire(waiting, "approve", doctor)


@pytest.mark.parametrize(("exempt", "expected"), [(True, []), (False, ["author", "no-exemption"])])
def test_an_author_decides_alone_only_under_a_signed_exemption(letters, practice, doctor, exempt, expected):
    document = flows.spec(guards=flows.guards("author_only_if_exempt"), exemption=flows.EXEMPTION)
    flows.live_flow(document, exempt=exempt)
    case = flows.open_case(letters.write(practice, doctor), doctor)
    assert codes(case, doctor) == expected
    if exempt:
        decision = flows.fire(case, "approve", doctor)
        assert decision.evidence["alone"] is True
        assert decision.evidence["exemption"] == flows.EXEMPTION


def test_a_flow_without_guards_still_keeps_an_author_from_publishing_alone(letters, practice, doctor):
    """The rule is in the engine: a version that got past every check cannot break it."""
    flows.live_flow(flows.spec(guards=[]))
    case = flows.open_case(letters.write(practice, doctor), doctor)
    assert codes(case, doctor) == ["author"]


def test_a_guard_nobody_brings_any_more_blocks(letters, practice, nurse, doctor):
    flows.live_flow(flows.spec(guards=flows.guards("moon_is_full")))
    case = flows.open_case(letters.write(practice, nurse), nurse)
    assert codes(case, doctor) == ["unknown_guard"]


@shared
def away(practice, doctor, other_doctor):
    """The doctor has put their decisions in the other doctor's hands."""
    now = clock.now()
    return FlowDelegation.objects.create(
        from_user_id=doctor.user_id,
        to_user_id=other_doctor.user_id,
        organisation=practice,
        starts_at=now - YESTERDAY,
        ends_at=now + YESTERDAY,
        created_by_id=doctor.user_id,
    )


def test_a_delegate_decides_for_a_colleague_and_both_are_named(away, waiting, doctor, other_doctor):
    stand_in = replace(other_doctor, on_behalf_of=str(doctor.user_id))
    decision = flows.fire(waiting, "approve", stand_in)
    assert (decision.user_id_text, decision.on_behalf_of) == (str(other_doctor.user_id), str(doctor.user_id))


def test_an_author_cannot_decide_through_a_delegate(away, letters, practice, doctor, other_doctor):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, doctor), doctor)
    assert codes(case, replace(other_doctor, on_behalf_of=str(doctor.user_id))) == ["author"]


def test_a_delegate_passes_the_same_guards(away, letters, practice, nurse, doctor, other_doctor):
    flows.live_flow(flows.spec(guards=flows.guards("not_author", "role_registered")))
    case = flows.open_case(letters.write(practice, nurse), nurse)
    StaffListEntry.objects.filter(pk=other_doctor.entry_id).update(role="clinician")
    assert codes(case, replace(other_doctor, on_behalf_of=str(doctor.user_id))) == ["role"]


def test_a_delegation_that_has_ended_gives_nothing(away, waiting, doctor, other_doctor):
    away.ends_at = clock.now()
    away.save()
    assert codes(waiting, replace(other_doctor, on_behalf_of=str(doctor.user_id))) == ["no-delegation"]


def test_nobody_decides_for_a_colleague_who_did_not_say_so(waiting, doctor, other_doctor):
    assert codes(waiting, replace(other_doctor, on_behalf_of=str(doctor.user_id))) == ["no-delegation"]
    assert codes(waiting, replace(other_doctor, on_behalf_of="somebody")) == ["no-delegation"]
