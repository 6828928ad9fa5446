"""Being away: who may decide meanwhile, for how long, and what the record says."""

import datetime

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import Absent, NotAllowed, Refused
from governance.models import AuditEvent, Notification, User
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.models import FlowDelegation
from workflows.selectors import delegations as seen
from workflows.services import delegations


@shared
def lead(practice):
    return people.staff(practice, role="org_lead")


def user(actor):
    return User.objects.get(pk=actor.user_id)


def day(days):
    return clock.today() + datetime.timedelta(days=days)


def away(absent, colleague, by=None, first=0, last=7, now=None):
    return delegations.delegate(
        by=by or absent,
        absent=user(absent),
        colleague=user(colleague),
        starts_on=day(first),
        ends_on=day(last),
        now=now or clock.now(),
    )


def in_place_of(colleague):
    """The colleague as they decide for whoever is away."""
    (row,) = seen.standing_in(colleague)
    return seen.acting_for(colleague, str(row.public_id))


def test_a_colleague_decides_meanwhile_and_both_names_stand_in_the_record(waiting, doctor, other_doctor):
    away(doctor, other_doctor)
    decision = flows.fire(waiting, "approve", in_place_of(other_doctor))
    assert (decision.user_id_text, decision.on_behalf_of) == (str(other_doctor.user_id), str(doctor.user_id))


def test_the_colleague_passes_the_guards_themself(letters, practice, nurse, doctor, other_doctor):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, nurse, other_doctor), nurse)
    away(doctor, other_doctor)
    with pytest.raises(NotAllowed):
        flows.fire(case, "approve", in_place_of(other_doctor))


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, 3, "starts_on"), (3, 2, "ends_on"), (0, 90, "ends_on"), (5, 400, "ends_on")]
)
def test_days_are_ahead_in_order_and_at_most_ninety(doctor, other_doctor, first, last, field):
    with pytest.raises(Refused) as refused:
        away(doctor, other_doctor, first=first, last=last)
    assert refused.value.field == field


def test_ninety_days_are_allowed_and_the_last_day_is_a_whole_one(doctor, other_doctor):
    row = away(doctor, other_doctor, last=89)
    assert clock.today(row.ends_at - datetime.timedelta(seconds=1)) == day(89)


def test_it_counts_on_its_days_only(doctor, other_doctor):
    away(doctor, other_doctor, first=2, last=3)
    days = [clock.now().astimezone(clock.LONDON) + datetime.timedelta(days=number) for number in (0, 2, 3, 5)]
    assert [len(seen.standing_in(other_doctor, moment)) for moment in days] == [0, 1, 1, 0]


def test_decisions_are_never_handed_on_twice(practice, doctor, other_doctor):
    third = people.staff(practice, role="doctor")
    away(doctor, other_doctor)
    for absent, colleague in ((other_doctor, third), (third, doctor), (doctor, third)):
        with pytest.raises(Refused):
            away(absent, colleague)
    away(other_doctor, third, first=8, last=9)


def test_only_colleagues_on_the_list_of_the_same_organisation(doctor, lead):
    elsewhere = people.staff(people.organisation(), role="doctor")
    with pytest.raises(Refused) as refused:
        away(doctor, elsewhere)
    assert refused.value.field == "colleague"
    with pytest.raises(Refused):
        away(doctor, doctor)
    with pytest.raises(Refused) as refused:
        away(elsewhere, doctor, by=lead)
    assert refused.value.field == "absent"


def test_the_lead_sets_it_for_others_and_nobody_else_does(doctor, other_doctor, nurse, lead):
    with pytest.raises(NotAllowed):
        away(doctor, other_doctor, by=nurse)
    row = away(doctor, other_doctor, by=lead)
    assert row.created_by_id == lead.user_id
    told = set(Notification.objects.filter(topic="flow.away").values_list("user_id", flat=True))
    assert told == {doctor.user_id, other_doctor.user_id}
    assert AuditEvent.objects.filter(action="delegation.begun").count() == 1


def test_it_ends_early_and_at_once(waiting, doctor, other_doctor, nurse):
    row = away(doctor, other_doctor)
    stand_in = in_place_of(other_doctor)
    with pytest.raises(Absent):
        delegations.end(by=nurse, delegation=row, now=clock.now())
    delegations.end(by=doctor, delegation=row, now=clock.now())
    delegations.end(by=doctor, delegation=row, now=clock.now())
    with pytest.raises(NotAllowed):
        flows.fire(waiting, "approve", stand_in)
    assert AuditEvent.objects.filter(action="delegation.ended").count() == 1


def test_one_that_has_not_begun_can_be_ended(doctor, other_doctor):
    delegations.end(by=doctor, delegation=away(doctor, other_doctor, first=5), now=clock.now())
    assert seen.standing_in(other_doctor, clock.now() + datetime.timedelta(days=6)) == []


def test_the_page_asks_keeps_lists_and_ends(doctor, other_doctor):
    client = people.client_of(doctor)
    first, last = day(0), day(3)
    answers = {
        "colleague": str(user(other_doctor).public_id),
        **{f"starts_on_{part}": getattr(first, part) for part in ("day", "month", "year")},
        **{f"ends_on_{part}": getattr(last, part) for part in ("day", "month", "year")},
    }
    assert "Choose a colleague" in client.post(reverse("workflows:away_new"), {}).content.decode()
    answer = client.post(reverse("workflows:away_new"), answers)
    assert answer.status_code == 302, answer.content.decode()
    row = FlowDelegation.objects.get()
    end = reverse("workflows:away_end", args=[row.public_id])
    assert end in client.get(reverse("workflows:away")).content.decode()
    assert people.client_of(other_doctor).get(reverse("workflows:away")).status_code == 200
    client.post(end)
    assert end not in client.get(reverse("workflows:away")).content.decode()


def test_a_colleague_cannot_name_somebody_else_as_absent(doctor, other_doctor, nurse):
    first = day(0)
    answers = {
        "absent": str(user(other_doctor).public_id),
        "colleague": str(user(nurse).public_id),
        **{
            f"{name}_{part}": getattr(first, part)
            for name in ("starts_on", "ends_on")
            for part in ("day", "month", "year")
        },
    }
    people.client_of(doctor).post(reverse("workflows:away_new"), answers)
    assert FlowDelegation.objects.get().from_user_id == doctor.user_id


def test_the_decide_page_offers_the_choice_for_whom(waiting, letter, practice, doctor, other_doctor):
    row = away(doctor, other_doctor)
    client = people.client_of(other_doctor)
    address = reverse("workflows:decide", args=[waiting.public_id, "approve"])
    query = {"shown": letter.content_sha256, "state": "waiting"}
    page = client.get(address, query).content.decode()
    assert "In my own name" in page and f"For {user(doctor).display_name}" in page
    client.post(address, query | {"acting": str(row.public_id)})
    assert waiting.decisions.get(transition="approve").on_behalf_of == str(doctor.user_id)


def test_a_stand_in_of_another_role_has_the_step_only_for_the_colleague(letters, letter, nurse, practice, doctor):
    flows.live_flow(flows.spec(guards=[], effects=[]))
    case = flows.open_case(letter, nurse)
    other_nurse = people.staff(practice)
    client = people.client_of(other_nurse)
    address = reverse("workflows:decide", args=[case.public_id, "approve"])
    query = {"shown": letter.content_sha256, "state": "waiting"}
    assert client.get(address, query).status_code == 403
    row = away(doctor, other_nurse)
    page = client.get(address, query).content.decode()
    assert "In my own name" not in page
    assert "Choose for whom you decide" in client.post(address, query).content.decode()
    client.post(address, query | {"acting": str(row.public_id)})
    case.refresh_from_db()
    assert case.state == "approved"
