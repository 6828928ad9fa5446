"""Joining, signing, listing, granting: what the services do and what they refuse."""

import datetime
import threading

import pytest
from django.db import connection

from core import clock
from core.exceptions import Absent, Conflict, NotAllowed, Refused
from governance.enums import AgreementState, RoleKey
from governance.models import (
    Agreement,
    AgreementSignature,
    AgreementTemplate,
    Area,
    AuditEvent,
    Notification,
    OrganisationUserPermission,
    StaffListEntry,
    TemporaryGrant,
    User,
)
from governance.selectors import agreements as agreement_selectors
from governance.selectors import areas
from governance.selectors import organisations as organisation_selectors
from governance.services import (
    accounts,
    agreements,
    geography,
    grants,
    groups,
    notifications,
    organisations,
    staff,
    training,
)
from governance.services.agreements import Evidence
from tests.factories import governance as make

DAY = datetime.timedelta(days=1)
EVIDENCE = Evidence("192.0.2.1", "a browser", "password+totp")


@pytest.fixture
def joining(db, host_officer):
    """An organisation that is joining, its Guardian (an Actor) and a text."""
    org = organisations.register(ods_code="a82000", name="Joining", care_setting="hospice", by=host_officer)
    guardian = make.staff(org, role="caldicott_guardian")
    user = User.objects.get(pk=guardian.user_id)
    organisations.appoint(organisation=org, user=user, post="caldicott_guardian", evidence="Letter", by=host_officer)
    template = AgreementTemplate.objects.create(key="sharing", title="Sharing agreement")
    text = agreements.publish_version(template=template, body="## Purpose\r\nCare.", by=host_officer)
    agreement = agreements.draft(organisation=org, template_version=text, starts_on=clock.today(), by=host_officer)
    return org, guardian, agreement


def name_of(actor):
    return User.objects.get(pk=actor.user_id).get_full_name()


def sign(agreement, by, **changes):
    values = {"shown_sha256": agreement.template_version.sha256, "typed_name": name_of(by), "evidence": EVIDENCE}
    return agreements.sign(agreement=agreement, by=by, **(values | changes))


def countersign(agreement, by):
    return agreements.countersign(
        agreement=agreement,
        shown_sha256=agreement.template_version.sha256,
        typed_name=name_of(by),
        evidence=EVIDENCE,
        by=by,
    )


def test_an_agreement_comes_into_force_by_two_signatures(joining, host_officer):
    _, guardian, agreement = joining
    states = [agreement_selectors.state_of(agreement)]
    agreements.send(agreement=agreement, by=host_officer)
    states.append(agreement_selectors.state_of(agreement))
    signature = sign(agreement, guardian)
    states.append(agreement_selectors.state_of(agreement))
    countersign(agreement, host_officer)
    states.append(agreement_selectors.state_of(agreement))
    assert states == [AgreementState.DRAFT, AgreementState.SENT, AgreementState.SIGNED, AgreementState.IN_FORCE]
    assert signature.document_sha256 == agreement.template_version.sha256
    assert (signature.ip_address, signature.authentication) == ("192.0.2.1", "password+totp")
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"agreement.sent", "agreement.signed", "organisation.registered", "organisation.post_taken"} <= actions


def test_the_text_that_was_shown_is_the_text_that_is_signed(joining, host_officer):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Conflict):
        sign(agreement, guardian, shown_sha256="0" * 64)
    assert not AgreementSignature.objects.filter(agreement=agreement).exists()


def test_only_todays_guardian_signs(joining, host_officer):
    org, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    successor = make.staff(org, role="caldicott_guardian")
    with pytest.raises(Refused):
        sign(agreement, successor)
    user = User.objects.get(pk=successor.user_id)
    organisations.appoint(organisation=org, user=user, post="caldicott_guardian", evidence="Letter", by=host_officer)
    with pytest.raises(Refused):
        sign(agreement, guardian)
    sign(agreement, successor)


def test_a_guardian_of_another_organisation_finds_nothing_to_sign(joining, host_officer, practice):
    _, _, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Absent):
        sign(agreement, make.staff(practice, role="caldicott_guardian"))


@pytest.mark.parametrize("typed", ["", "   ", "Somebody Else"])
def test_another_name_is_no_signature(joining, host_officer, typed):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Refused) as refused:
        sign(agreement, guardian, typed_name=typed)
    assert refused.value.field == "typed_name"


def test_nobody_countersigns_what_they_signed(joining, host_officer, host):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    both = make.staff(host, role="ig_officer", user=User.objects.get(pk=guardian.user_id))
    with pytest.raises(Refused):
        countersign(agreement, both)
    assert agreement_selectors.state_of(agreement) == AgreementState.SIGNED


def test_nothing_is_signed_before_it_is_sent_nor_twice(joining, host_officer):
    _, guardian, agreement = joining
    with pytest.raises(Refused):
        sign(agreement, guardian)
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    with pytest.raises(Refused):
        sign(agreement, guardian)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_countersignatures_at_once_exactly_one_counts(joining, host_officer, host):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    officers = [host_officer, make.staff(host, role="ig_officer")]
    barrier, outcomes = threading.Barrier(2), []

    def attempt(officer):
        try:
            barrier.wait()
            countersign(agreement, officer)
            outcomes.append("signed")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "signed"]
    assert AgreementSignature.objects.filter(agreement=agreement, capacity="host").count() == 1


def test_publishing_hashes_the_text_and_the_same_text_twice_is_refused(joining, host_officer):
    _, _, agreement = joining
    text = agreement.template_version
    assert text.body == "## Purpose\nCare.\n"
    with pytest.raises(Refused):
        agreements.publish_version(template=text.template, body=text.body, by=host_officer)
    newer = agreements.publish_version(template=text.template, body="## Purpose\nOther.", by=host_officer)
    assert (newer.number, newer.sha256 != text.sha256) == (2, True)


def test_a_suspension_needs_a_reason_and_ends_the_state_at_once(joining, host_officer):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    countersign(agreement, host_officer)
    with pytest.raises(Refused):
        agreements.suspend(agreement=agreement, reason=" ", by=host_officer)
    agreements.suspend(agreement=agreement, reason="Incident", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.SUSPENDED
    agreements.resume(agreement=agreement, reason="Resolved", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.IN_FORCE
    agreements.terminate(agreement=agreement, reason="Left", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.TERMINATED


def test_a_lead_lists_a_colleague_who_gets_an_account(practice, lead):
    entry = staff.invite(
        organisation=practice, email="New@Example.org", first_name="New", last_name="Person", role="clinician", by=lead
    )
    assert entry.user.email == "new@example.org"
    assert not entry.user.has_usable_password()
    assert AuditEvent.objects.filter(action="staff.listed", target_ref=str(entry.public_id)).exists()
    assert entry.history.get().history_user_id == lead.user_id


@pytest.mark.parametrize("role", ["ig_officer", "caldicott_guardian", "privacy_officer", "commissioner", "operator"])
def test_a_lead_gives_only_everyday_roles(practice, lead, role):
    with pytest.raises(Refused) as refused:
        staff.list_person(organisation=practice, user=make.user(), role=role, by=lead)
    assert refused.value.field == "role"


@pytest.mark.parametrize(
    ("role", "field"),
    [("ig_officer", "role"), ("learner", "role"), ("urgent_reader", "role"), ("doctor", "registration_number")],
)
def test_even_information_governance_gives_no_role_an_organisation_cannot_have(practice, host_officer, role, field):
    with pytest.raises(Refused) as refused:
        staff.list_person(organisation=practice, user=make.user(), role=role, by=host_officer)
    assert refused.value.field == field


def test_nobody_changes_their_own_place(practice, lead):
    entry = StaffListEntry.objects.get(pk=lead.entry_id)
    for act in (staff.end, staff.suspend, staff.reinstate):
        with pytest.raises(Refused):
            act(entry=entry, reason="Reason", by=lead)
    with pytest.raises(Refused):
        staff.list_person(organisation=practice, user=User.objects.get(pk=lead.user_id), role="clinician", by=lead)


def test_another_organisations_lead_finds_no_such_place(nurse, ambulance_service):
    other = make.staff(ambulance_service, role="org_lead")
    with pytest.raises(Absent):
        staff.suspend(entry=StaffListEntry.objects.get(pk=nurse.entry_id), reason="Reason", by=other)
    assert StaffListEntry.objects.get(pk=nurse.entry_id).suspended_at is None


def test_the_last_lead_stays_until_there_is_another(practice, lead):
    first = StaffListEntry.objects.get(pk=lead.entry_id)
    second = make.staff(practice, role="org_lead")
    staff.end(entry=first, reason="Left", by=second)
    third = make.staff(practice, role="org_lead")
    staff.suspend(entry=StaffListEntry.objects.get(pk=third.entry_id), reason="Check", by=second)
    with pytest.raises(Refused):
        staff.end(entry=StaffListEntry.objects.get(pk=second.entry_id), reason="Left", by=third_reinstated(third))


def third_reinstated(actor):
    """The suspended lead still holds an Actor; the gate refuses him first, so use an unlisted grant instead."""
    officer = make.staff(make.organisation(care_setting="host", agreement="none"), role="ig_officer")
    user = make.user()
    org = StaffListEntry.objects.get(pk=actor.entry_id).organisation
    grants.grant(user=user, subject=org, until=clock.now() + DAY, reason="Cover", by=officer)
    from governance.actors import Actor
    from governance.enums import ActorKind

    return Actor(kind=ActorKind.STAFF, label="lead", user_id=user.pk, organisation_id=org.pk, role=RoleKey.ORG_LEAD)


def test_ending_a_place_without_a_day_ends_it_now(nurse, lead):
    from governance import gate
    from governance.enums import Action

    staff.end(entry=StaffListEntry.objects.get(pk=nurse.entry_id), reason="Left", by=lead)
    assert gate.decide(nurse, Action.PLAN_READ).codes == ["entry-ended"]


def test_one_place_per_person_and_role(practice, lead):
    user = make.user()
    staff.list_person(organisation=practice, user=user, role="clinician", by=lead)
    with pytest.raises(Refused) as refused:
        staff.list_person(organisation=practice, user=user, role="clinician", by=lead)
    assert refused.value.field == "role"


def test_a_pass_is_recorded_for_oneself_only(nurse, doctor):
    user = User.objects.get(pk=nurse.user_id)
    record = training.record_completion(user=user, course_key="course", by=nurse, score=80)
    assert record.certificate_code.count("-") == 2
    with pytest.raises(Refused):
        training.record_completion(user=user, course_key="course", by=doctor)
    with pytest.raises(Refused):
        training.record_completion(user=user, course_key="course", by=nurse, passed_at=clock.now() + DAY)


def test_a_grant_and_its_guardian_row_come_and_go_together(host_officer, practice, job_actor):
    user = make.user()
    grant = grants.grant(user=user, subject=practice, until=clock.now() + DAY, reason="Joining", by=host_officer)
    assert grants.is_live(user_id=user.pk, subject=practice)
    assert OrganisationUserPermission.objects.filter(user=user).count() == 1
    TemporaryGrant.objects.filter(pk=grant.pk).update(expires_at=clock.now() - DAY)
    assert not grants.is_live(user_id=user.pk, subject=practice)
    assert grants.sweep(by=job_actor) == 1
    assert not OrganisationUserPermission.objects.filter(user=user).exists()
    assert grants.sweep(by=job_actor) == 0
    assert TemporaryGrant.objects.filter(pk=grant.pk).exists()


def test_a_grant_given_anew_outlives_the_one_before_it(host_officer, practice, job_actor):
    user = make.user()
    first = grants.grant(user=user, subject=practice, until=clock.now() + DAY, reason="Joining", by=host_officer)
    grants.grant(user=user, subject=practice, until=clock.now() + 9 * DAY, reason="Longer", by=host_officer)
    TemporaryGrant.objects.filter(pk=first.pk).update(expires_at=clock.now() - DAY)
    assert grants.sweep(by=job_actor) == 0
    assert grants.is_live(user_id=user.pk, subject=practice)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_grant_ends_in_the_future_and_within_a_year(host_officer, practice, days):
    with pytest.raises(Refused):
        grants.grant(
            user=make.user(), subject=practice, until=clock.now() + days * DAY, reason="Joining", by=host_officer
        )


def test_nobody_grants_themselves_or_without_the_right(host_officer, lead, practice):
    me = User.objects.get(pk=host_officer.user_id)
    with pytest.raises(Refused):
        grants.grant(user=me, subject=practice, until=clock.now() + DAY, reason="Me", by=host_officer)
    with pytest.raises(NotAllowed):
        grants.grant(user=make.user(), subject=practice, until=clock.now() + DAY, reason="Friend", by=lead)


def test_groups_follow_the_staff_list(host, host_officer, job_actor):
    groups.sync_roles(by=job_actor)
    user = make.user()
    entry = staff.list_person(organisation=host, user=user, role="content_editor", by=host_officer)
    assert list(user.groups.values_list("name", flat=True)) == ["Role: Content editor"]
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    staff.suspend(entry=entry, reason="Check", by=host_officer)
    assert not user.groups.exists()


def test_a_role_that_ended_overnight_leaves_its_group(host, job_actor):
    actor = make.staff(host, role="ig_officer")
    user = User.objects.get(pk=actor.user_id)
    assert groups.sync(user=user, by=job_actor) == ["Role: Information governance officer"]
    StaffListEntry.objects.filter(pk=actor.entry_id).update(ends_on=clock.today() - DAY)
    groups.sync_everybody(by=job_actor)
    assert not user.groups.exists()


def test_telling_somebody_twice_is_telling_them_once(nurse, mailoutbox, job_actor):
    user = User.objects.get(pk=nurse.user_id)
    for _ in range(2):
        notifications.notify(user=user, topic="task", text="A task waits", key="task-1", by=job_actor)
    assert Notification.objects.count() == 1
    assert notifications.mail_waiting(by=job_actor) == 1
    assert notifications.mail_waiting(by=job_actor) == 0
    assert mailoutbox[0].subject == "Foreword: something needs your attention"


def test_somebody_elses_notice_is_absent(nurse, doctor, job_actor):
    user = User.objects.get(pk=nurse.user_id)
    notice = notifications.notify(user=user, topic="task", text="A task waits", by=job_actor)
    with pytest.raises(Absent):
        notifications.mark_read(public_id=notice.public_id, by=doctor)


def test_closing_ones_own_account_is_refused(host_officer):
    with pytest.raises(Refused):
        accounts.close(user=User.objects.get(pk=host_officer.user_id), reason="Bye", by=host_officer)


@pytest.fixture
def london(db, job_actor):
    geography.load(by=job_actor)


def boards(on):
    return set(areas.at(on, "board").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (datetime.date(2025, 6, 1), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 3, 31), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 4, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 5, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
    ],
)
def test_a_figure_uses_the_boards_of_its_day(london, on, codes):
    assert boards(on) == codes


@pytest.mark.parametrize("on", [datetime.date(2025, 6, 1), datetime.date(2026, 5, 1)])
def test_every_place_of_london_has_one_board_on_every_day(london, on):
    region = Area.objects.get(code="Y56")
    places = Area.objects.filter(pk__in=areas.within(region, on), kind="place")
    assert places.count() == 32
    assert {areas.above(place, on, "board").code for place in places} == boards(on)


def test_surrey_downs_is_served_and_lies_outside_london(london):
    surrey = Area.objects.get(code="99H")
    assert surrey.pk not in areas.within(Area.objects.get(code="Y56"), datetime.date(2025, 1, 1))
    assert areas.above(surrey, datetime.date(2025, 1, 1), "board") is None


def test_loading_the_geography_again_adds_nothing(london, job_actor):
    assert geography.load(by=job_actor) == {"areas": 0, "memberships": 0}


def test_an_organisation_is_in_the_board_its_place_lies_in_on_the_day(london, practice, host_officer):
    camden = Area.objects.get(code="07R")
    organisations.place(organisation=practice, area=camden, starts_on=datetime.date(2024, 1, 1), by=host_officer)

    def found(code, on):
        return practice in organisation_selectors.in_area(Area.objects.get(code=code), on)

    assert found("QMJ", datetime.date(2025, 1, 1))
    assert not found("QMJ", datetime.date(2026, 5, 1))
    assert found("Z9B2Z", datetime.date(2026, 5, 1))
    assert not found("QMJ", datetime.date(2023, 12, 31))


def test_an_organisation_keeps_its_history_with_who_and_why(host_officer, practice):
    organisations.amend(organisation=practice, name="New name", reason="Merged", by=host_officer)
    newest = practice.history.first()
    assert (newest.name, newest.history_user_id, newest.history_change_reason) == (
        "New name",
        host_officer.user_id,
        "Merged",
    )
    assert Agreement.objects.filter(organisation=practice).exists()
