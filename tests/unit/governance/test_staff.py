"""The staff list: who may list whom, and what a place, a lesson passed and its end bring with them."""

import datetime

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission

from core import clock
from core.exceptions import Absent, Refused
from governance import gate
from governance.actors import Actor
from governance.enums import ADMIN_ROLES, Action, ActorKind, RoleKey
from governance.models import AuditEvent, StaffListEntry, User
from governance.services import accounts, grants, groups, staff, training
from tests.factories import governance as make

DAY = datetime.timedelta(days=1)


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
    return Actor(kind=ActorKind.STAFF, label="lead", user_id=user.pk, organisation_id=org.pk, role=RoleKey.ORG_LEAD)


def test_ending_a_place_without_a_day_ends_it_now(nurse, lead):
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


def test_groups_follow_the_staff_list(host, host_officer, job_actor):
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


def test_closing_ones_own_account_is_refused(host_officer):
    with pytest.raises(Refused):
        accounts.close(user=User.objects.get(pk=host_officer.user_id), reason="Bye", by=host_officer)


def test_a_closed_account_can_be_opened_again(host, host_officer):
    user = User.objects.get(pk=make.staff(host, role="operator").user_id)
    accounts.close(user=user, reason="Taken for a leaver", by=host_officer)
    accounts.reopen(user=user, by=host_officer)
    user.refresh_from_db()
    assert user.is_active
    assert AuditEvent.objects.filter(action="account.reopened").exists()


def test_the_groups_of_the_roles_are_made_where_there_are_none(db, job_actor):
    made = permissions_of_groups()
    assert set(made) == {*(groups.group_name(role) for role in ADMIN_ROLES), groups.BY_GRANT}
    Group.objects.all().delete()
    groups.sync_roles(by=job_actor)
    assert permissions_of_groups() == made


def permissions_of_groups():
    """By each group of ours: what it may do in the administration and to the page tree."""
    ours = Group.objects.filter(name__startswith="Role: ")
    on_pages = GroupPagePermission.objects.values_list("group", "page", "permission__codename")
    return {
        group.name: (
            set(group.permissions.values_list("content_type__app_label", "codename")),
            {(page, name) for holder, page, name in on_pages if holder == group.pk},
        )
        for group in ours
    }


def test_making_the_groups_asks_for_all_permissions_of_a_role_at_once(host, job_actor, django_assert_max_num_queries):
    with django_assert_max_num_queries(10 * len(ADMIN_ROLES)):
        groups.sync_roles(by=job_actor)


def test_a_permission_no_app_declares_is_named(host, job_actor, monkeypatch):
    monkeypatch.setattr(groups, "ENTER", "wagtailadmin.access_nothing")
    with pytest.raises(LookupError, match=r"wagtailadmin\.access_nothing"):
        groups.sync_roles(by=job_actor)
