"""The gate, as tables: role × state, and every reason in words."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from core import clock
from core.exceptions import Absent, NotAllowed
from governance import gate
from governance.actors import Actor
from governance.enums import ADMIN_ROLES, Action, ActorKind, Mode, RoleKey
from governance.gate_table import TABLE
from governance.middleware import ActorMiddleware
from governance.models import Agreement, AgreementEvent, AuditEvent, StaffListEntry, TrainingRequirement, User
from governance.selectors.facts import one_look
from governance.services import grants
from tests.factories import governance as make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
STAFF_ROLES = [role for role in RoleKey if role not in (RoleKey.LEARNER, RoleKey.PATIENT, RoleKey.DELEGATE)]
HOST_DESK = {RoleKey.IG_OFFICER, RoleKey.PRIVACY_OFFICER, RoleKey.OPERATOR}

#: What each action is open to, for listed and trained staff of a practice, of an ambulance service and of the host.
ALLOWED = {
    Action.MY_PLAN_READ: set(),
    Action.PLAN_READ: {RoleKey.CLINICIAN, RoleKey.DOCTOR, RoleKey.CARE_HOME},
    Action.PLAN_WRITE: {RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.PLAN_SUBMIT: {RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.PLAN_APPROVE: {RoleKey.DOCTOR},
    Action.PLAN_WITHDRAW: {RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.PLAN_SAMPLE: {RoleKey.CLINICAL_LEAD},
    Action.PERSON_FIND: {RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.WORKLIST_READ: {RoleKey.CLINICIAN, RoleKey.DOCTOR, RoleKey.CARE_HOME},
    Action.EMERGENCY_READ: {RoleKey.URGENT_READER, RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.AVAILABILITY_READ: {RoleKey.URGENT_READER, RoleKey.CLINICIAN, RoleKey.DOCTOR},
    Action.FORM_DESIGN: {RoleKey.CLINICAL_LEAD},
    Action.FORM_SIGN_OFF: {RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER},
    Action.FLOW_READ: {
        *(RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER),
        *(RoleKey.IG_OFFICER, RoleKey.OPERATOR),
    },
    Action.FLOW_DESIGN: {RoleKey.CLINICAL_LEAD},
    Action.FLOW_SIGN_OFF: {RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER},
    Action.TASK_READ: set(STAFF_ROLES),
    Action.ORGANISATION_READ: HOST_DESK | {RoleKey.ORG_LEAD, RoleKey.CALDICOTT_GUARDIAN},
    Action.ORGANISATION_JOIN: {RoleKey.IG_OFFICER},
    Action.AGREEMENT_SIGN: {RoleKey.CALDICOTT_GUARDIAN},
    Action.AGREEMENT_COUNTERSIGN: {RoleKey.IG_OFFICER, RoleKey.CALDICOTT_GUARDIAN},
    Action.STAFF_LIST_MANAGE: {RoleKey.ORG_LEAD, RoleKey.IG_OFFICER},
    Action.NOTICE_OWN: set(STAFF_ROLES),
    Action.NOTICE_READ: {RoleKey.ORG_LEAD, RoleKey.IG_OFFICER},
    Action.WEBHOOK_SET: {RoleKey.IG_OFFICER},
    Action.AUDIT_READ: {RoleKey.PRIVACY_OFFICER, RoleKey.IG_OFFICER},
    Action.REPORT_READ: {
        *(RoleKey.COMMISSIONER, RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER),
        *(RoleKey.IG_OFFICER, RoleKey.ORG_LEAD),
    },
    Action.CONTENT_EDIT: {RoleKey.CONTENT_EDITOR, RoleKey.CLINICAL_LEAD},
    Action.LEARN: set(STAFF_ROLES),
    Action.OPERATE: {RoleKey.OPERATOR},
    Action.ADMIN_ENTER: set(ADMIN_ROLES),
    Action.ADMIN_USE: set(ADMIN_ROLES),
}
HOST_ONLY = {
    *(Action.ORGANISATION_JOIN, Action.AGREEMENT_COUNTERSIGN, Action.WEBHOOK_SET),
    *(Action.ADMIN_ENTER, Action.ADMIN_USE, Action.PLAN_SAMPLE),
}
URGENT_ONLY = {Action.EMERGENCY_READ}


def home_of(action):
    setting = "ambulance" if action in URGENT_ONLY else "host" if action in HOST_ONLY else "gp_practice"
    return make.organisation(care_setting=setting, agreement="none" if setting == "host" else "in_force")


@pytest.mark.parametrize("action", list(Action))
def test_every_action_is_open_to_its_roles_and_to_no_other(action):
    home = home_of(action)
    allowed = {role for role in STAFF_ROLES if gate.decide(make.staff(home, role), action).allowed}
    assert allowed == ALLOWED[action]


@pytest.mark.parametrize("action", sorted(HOST_ONLY | URGENT_ONLY))
def test_what_belongs_to_the_host_or_to_urgent_care_is_closed_elsewhere(action):
    elsewhere = make.organisation()
    assert not any(gate.decide(make.staff(elsewhere, role), action).allowed for role in STAFF_ROLES)


@pytest.mark.parametrize("action", list(Action))
def test_a_stranger_and_a_kind_the_table_does_not_name_are_refused(action):
    assert gate.decide(Actor.anonymous(), action).codes == ["not-signed-in"]
    account = make.user()
    for kind in (ActorKind.PERSON, ActorKind.DELEGATE, ActorKind.SYSTEM, ActorKind.JOB):
        actor = Actor(kind=kind, label="x", user_id=account.pk, client_id="nobody")
        expected = (action, kind) in TABLE and kind != ActorKind.SYSTEM
        assert gate.decide(actor, action).allowed is expected


def ended_entry(actor):
    StaffListEntry.objects.filter(pk=actor.entry_id).update(ends_on=clock.today() - DAY)


def suspended_entry(actor):
    StaffListEntry.objects.filter(pk=actor.entry_id).update(suspended_at=clock.now(), suspended_by=actor.user_id)


def future_entry(actor):
    StaffListEntry.objects.filter(pk=actor.entry_id).update(starts_on=clock.today() + DAY)


def closed_account(actor):
    User.objects.filter(pk=actor.user_id).update(is_active=False)


def suspended_organisation(actor):
    entry = StaffListEntry.objects.get(pk=actor.entry_id)
    type(entry.organisation).objects.filter(pk=entry.organisation_id).update(
        suspended_at=clock.now(), suspended_by=actor.user_id
    )


def closed_organisation(actor):
    entry = StaffListEntry.objects.get(pk=actor.entry_id)
    type(entry.organisation).objects.filter(pk=entry.organisation_id).update(closed_on=clock.today() - DAY)


def ended_agreement(actor):
    Agreement.objects.filter(organisation=actor.organisation_id).update(ends_on=clock.today() - DAY)


def suspended_agreement(actor):
    note(actor, "suspended")


def terminated_agreement(actor):
    note(actor, "terminated")


def resumed_agreement(actor):
    note(actor, "suspended")
    note(actor, "resumed")


def note(actor, kind):
    agreement = Agreement.objects.get(organisation=actor.organisation_id)
    AgreementEvent.objects.create(agreement=agreement, kind=kind, at=clock.now(), by_id=actor.user_id)


def another_text(actor):
    """The agreement is on a text other than the one that was signed."""
    agreement = Agreement.objects.get(organisation=actor.organisation_id)
    other = make.text(agreement.template_version.template, "Another text")
    Agreement.objects.filter(pk=agreement.pk).update(template_version=other)


def expired_training(actor):
    TrainingRequirement.objects.update(valid_months=0, grace_days=1)


def training_in_grace(actor):
    TrainingRequirement.objects.update(valid_months=0, grace_days=30)


def never_trained(actor):
    TrainingRequirement.objects.create(role=actor.role, course_key="another-course")


#: What happened → (reason, may a clinician of a practice still read, may a paramedic still read in an emergency).
STATES = {
    ended_entry: ("entry-ended", False, False),
    suspended_entry: ("entry-suspended", False, False),
    future_entry: ("entry-not-started", False, False),
    closed_account: ("account-closed", False, False),
    suspended_organisation: ("organisation-suspended", False, False),
    closed_organisation: ("organisation-closed", False, True),
    ended_agreement: ("agreement-ended", False, True),
    suspended_agreement: ("agreement-suspended", False, False),
    terminated_agreement: ("agreement-terminated", False, False),
    resumed_agreement: ("", True, True),
    another_text: ("agreement-not-sent", False, False),
    expired_training: ("training-expired", False, True),
    training_in_grace: ("training-grace", True, True),
    never_trained: ("training-never", False, False),
}


@pytest.mark.parametrize("happened", STATES, ids=lambda happened: happened.__name__)
def test_what_happened_closes_the_everyday_door(nurse, happened):
    code, open_, _ = STATES[happened]
    happened(nurse)
    decision = gate.decide(nurse, Action.PLAN_READ)
    assert decision.allowed is open_
    assert decision.codes == ([code] if code else [])


@pytest.mark.parametrize("happened", STATES, ids=lambda happened: happened.__name__)
def test_no_date_ends_emergency_reading_and_a_named_person_does(paramedic, happened):
    code, _, open_ = STATES[happened]
    happened(paramedic)
    decision = gate.decide(paramedic, Action.EMERGENCY_READ)
    assert decision.allowed is open_
    assert code in [*decision.codes, ""]
    dates = {"organisation-closed", "agreement-ended", "training-expired"}
    assert (decision.mode == Mode.READ_ONLY) is (open_ and code in dates)


@pytest.mark.parametrize("happened", [h for h in STATES if STATES[h][0]], ids=lambda happened: happened.__name__)
def test_every_reason_says_what_is_the_matter_and_who_can_help(nurse, happened):
    happened(nurse)
    for reason in gate.decide(nurse, Action.PLAN_READ).reasons:
        assert len(reason.text.split()) > 3
        assert reason.fixer


def test_one_person_cannot_sign_for_both_sides(practice):
    nurse = make.staff(practice)
    make.resign_by_one_person(Agreement.objects.get(organisation=practice))
    assert gate.decide(nurse, Action.PLAN_READ).codes == ["agreement-not-countersigned"]


def test_a_newer_text_that_must_be_signed_again_ends_the_old_one_after_its_grace(nurse):
    agreement = Agreement.objects.get(organisation=nurse.organisation_id)
    make.text(agreement.template_version.template, "A newer text", resign_required=True, grace_days=10)
    assert gate.decide(nurse, Action.PLAN_READ).allowed
    from governance import policies
    from governance.selectors.agreements import facts_of

    facts = facts_of(agreement)
    assert policies.agreement_state(facts, clock.today() + 10 * DAY) == "expiring"
    assert policies.agreement_state(facts, clock.today() + 11 * DAY) == "lapsed"


def test_the_gate_asks_one_query(nurse, django_assert_num_queries):
    with django_assert_num_queries(1):
        gate.decide(nurse, Action.PLAN_READ)


def test_a_page_that_is_looked_at_asks_it_once(nurse, django_assert_num_queries):
    with django_assert_num_queries(1), one_look():
        assert gate.decide(nurse, Action.PLAN_READ).allowed
        assert gate.decide(nurse.for_purpose("caring_now"), Action.PLAN_WRITE).allowed


def test_what_one_look_read_of_somebody_holds_for_nobody_else_and_for_no_other_look(nurse, doctor):
    User.objects.filter(pk=doctor.user_id).update(is_active=False)
    with one_look():
        assert gate.decide(nurse, Action.PLAN_READ).allowed
        assert not gate.decide(doctor, Action.PLAN_READ).allowed
        User.objects.filter(pk=nurse.user_id).update(is_active=False)
    with one_look():
        assert not gate.decide(nurse, Action.PLAN_READ).allowed
    assert not gate.decide(nurse, Action.PLAN_READ).allowed


@pytest.mark.parametrize(("method", "asked"), [("get", 1), ("head", 1), ("post", 2)])
def test_only_a_request_that_changes_nothing_is_a_look(nurse, rf, django_assert_num_queries, method, asked):
    def view(request):
        with django_assert_num_queries(asked):
            gate.decide(nurse, Action.PLAN_READ)
            gate.decide(nurse, Action.PLAN_READ)

    request = getattr(rf, method)("/")
    request.user = AnonymousUser()
    ActorMiddleware(view)(request)


def test_somebody_elses_place_on_a_list_opens_nothing(nurse, doctor):
    forged = Actor(
        kind=ActorKind.STAFF,
        label="forged",
        user_id=nurse.user_id,
        entry_id=doctor.entry_id,
        organisation_id=doctor.organisation_id,
        role=RoleKey.DOCTOR,
    )
    assert not gate.decide(forged, Action.PLAN_APPROVE).allowed


def test_the_role_on_the_list_counts_not_the_one_in_the_session(nurse):
    from dataclasses import replace

    assert not gate.decide(replace(nurse, role=RoleKey.DOCTOR), Action.PLAN_APPROVE).allowed


def test_another_organisations_record_is_absent_and_the_refusal_is_recorded(lead, ambulance_service):
    with pytest.raises(Absent):
        gate.check(lead, Action.ORGANISATION_READ, ambulance_service)
    event = AuditEvent.objects.get(result="refused")
    assert event.target_ref == str(ambulance_service.public_id)
    assert event.detail == {"reasons": ["not-your-organisation"]}


def test_whoever_may_never_do_it_learns_nothing_of_what_exists(nurse, practice):
    for subject in (practice, None):
        with pytest.raises(NotAllowed):
            gate.check_found(nurse, Action.ORGANISATION_JOIN, subject)


def test_a_kind_of_object_nobody_answers_for_is_never_let_through(lead):
    with pytest.raises(KeyError):
        gate.decide(lead, Action.ORGANISATION_READ, User())


def lead_by_grant(organisation, officer, days=30):
    user = make.user()
    grants.grant(user=user, subject=organisation, until=clock.now() + days * DAY, reason="Joining", by=officer)
    return Actor(
        kind=ActorKind.STAFF,
        label="lead",
        user_id=user.pk,
        organisation_id=organisation.pk,
        role=RoleKey.ORG_LEAD,
    )


def test_a_lead_by_grant_manages_the_list_of_an_organisation_that_is_joining(host_officer):
    joining = make.organisation(agreement="none")
    actor = lead_by_grant(joining, host_officer)
    assert gate.decide(actor, Action.STAFF_LIST_MANAGE, joining).allowed
    assert not gate.decide(actor, Action.PLAN_READ).allowed
    assert not gate.decide(actor, Action.STAFF_LIST_MANAGE, make.organisation()).allowed


@pytest.mark.parametrize("half", ["expired", "revoked", "guardian row gone"])
def test_a_lead_grant_that_lacks_either_half_gives_nothing(host_officer, half):
    joining = make.organisation(agreement="none")
    actor = lead_by_grant(joining, host_officer)
    grant = User.objects.get(pk=actor.user_id).temporary_grants.get()
    if half == "expired":
        type(grant).objects.update(expires_at=clock.now() - DAY)
    elif half == "revoked":
        grants.revoke(user=grant.user, subject=joining, by=host_officer)
    else:
        grant.user.organisationuserpermission_set.all().delete()
    assert not gate.decide(actor, Action.STAFF_LIST_MANAGE, joining).allowed


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "agreement", "allowed"),
    [
        (-1, None, "in_force", True),
        (-1, 1, "in_force", True),
        (1, None, "in_force", False),
        (-2, -1, "in_force", False),
        (-1, None, "lapsed", False),
        (-1, None, "unsigned", False),
    ],
)
def test_a_connected_system_needs_its_dates_and_its_organisations_agreement(
    valid_from, valid_until, agreement, allowed
):
    org = make.organisation(care_setting="nhs_111", agreement=agreement)
    until = None if valid_until is None else clock.now() + valid_until * DAY
    make.system(org, "client-1", valid_from=clock.now() + valid_from * DAY, valid_until=until)
    actor = Actor(kind=ActorKind.SYSTEM, label="system", client_id="client-1")
    assert gate.decide(actor, Action.AVAILABILITY_READ).allowed is allowed
