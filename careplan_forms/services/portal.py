"""Giving the person an account of their own, and somebody else the right to see the plan for them; ending both."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from careplan_forms import policies, trail
from careplan_forms.enums import DelegateCapacity, IdentityCheck, IdentityLevel
from careplan_forms.models import CarePlan, Delegation, Patient, PatientAccount
from careplan_forms.permissions import check_user_can_withdraw_plan, newest_consent
from careplan_forms.selectors.plans import form_in_force
from core import clock, history
from core.exceptions import Absent, Refused
from governance.actors import Actor, reference
from governance.enums import Action
from governance.gate import check
from governance.models import User
from governance.services import accounts, grants
from governance.services.audit import record
from governance.services.notifications import notify

_OPENED = "An account is open for you. The first time, choose a password with “I have forgotten my password”"
_TAKEN = "This email address cannot be used for this person. Ask for another one"
_AT_ONCE = "Somebody else gave access at the same moment. Look at the list and try again"


def check_may_delegate(by: Actor, plan: Model) -> None:
    """Who may give and end access to a plan: its owner's clinicians. Raises NotAllowed or Absent."""
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withdraw_plan(by, plan)  # type: ignore[arg-type]


@transaction.atomic
def give_account(
    *, by: Actor, plan: CarePlan, email: str, identity_check: str, now: datetime.datetime
) -> PatientAccount:
    """Give the person of a plan an account; they see their plan from their first sign-in.

    `identity_check` says how a clinician made sure who they are (IdentityCheck). Raises Refused with the field: a
    person has one open account, and an account is one person's.
    """
    check_may_delegate(by, plan)
    policies.check_can_give_access(plan)
    if identity_check not in IdentityCheck.values:
        raise Refused("Select how you checked who they are", field="identity_check")
    patient = Patient.objects.select_for_update().get(pk=plan.patient_id)
    if PatientAccount.objects.filter(patient=patient, ended_at=None).exists():
        raise Refused("The person has an account already. End it before you give them another", field="email")
    user = _account_for(by, email, patient.given_names, patient.family_name)
    if PatientAccount.objects.filter(user=user, ended_at=None).exists() or _open_delegation(plan, user):
        raise Refused(_TAKEN, field="email")
    row = PatientAccount(
        user=user,
        patient=patient,
        identity_level=IdentityLevel.HIGH,
        identity_check=identity_check,
        opened_at=now,
        verified_at=now,
        verified_by_id=by.user_id,
    )
    _saved(row, by, "Account given to the person")
    detail = {"user": reference(user.public_id), "check": identity_check, "level": str(IdentityLevel.HIGH)}
    record(by=by, action="patient_account.opened", target=trail.person_target(patient), detail=detail)
    _tell(user, f"patient-account:{row.public_id}", by)
    return row


@transaction.atomic
def end_account(*, by: Actor, plan: CarePlan, now: datetime.datetime) -> PatientAccount | None:
    """End the open account of a plan's person: it shows nothing from its next request. None when there is none."""
    check_may_delegate(by, plan)
    row = PatientAccount.objects.select_for_update().filter(patient=plan.patient_id, ended_at=None).first()
    if row is None:
        return None
    row.ended_at, row.ended_by_id = now, by.user_id
    history.save(row, by=by.user_id, reason="Account ended")
    detail = {"user": reference(row.user.public_id)}
    record(by=by, action="patient_account.ended", target=trail.person_target(plan.patient), detail=detail)
    return row


@transaction.atomic
def delegate(
    *,
    by: Actor,
    plan: CarePlan,
    email: str,
    first_name: str,
    last_name: str,
    capacity: str,
    evidence: str,
    sections: Sequence[str] = (),
    until: datetime.date,
    now: datetime.datetime,
) -> Delegation:
    """Let somebody see the plan for the person, until the end of a day; given again, it replaces what was given.

    `sections` are keys of the form's sections; none is all of them. The django-guardian row and its grant are made
    here too. Raises Refused with the field, also while the person does not agree to share.
    """
    check_may_delegate(by, plan)
    policies.check_can_give_access(plan)
    named, known = list(dict.fromkeys(sections)), {section.key for section in form_in_force(plan).sections}
    policies.check_can_delegate(
        capacity=capacity, evidence=evidence, sections=named, known=known, until=until, today=clock.today(now)
    )
    CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not policies.permits_sharing(newest_consent(plan.patient)):
        raise Refused("The person does not agree to share the plan, so nobody else can be given access to it")
    user = _account_for(by, email, first_name, last_name)
    if PatientAccount.objects.filter(user=user, patient=plan.patient_id, ended_at=None).exists():
        raise Refused(_TAKEN, field="email")
    earlier = _open_delegation(plan, user)
    if earlier is not None:
        _revoke(earlier, by, now, "Replaced")
    row = Delegation(
        plan=plan,
        user=user,
        capacity=DelegateCapacity(capacity),
        evidence=evidence.strip(),
        sections=named,
        given_at=now,
        given_by_id=by.user_id,
        until=until,
    )
    _give(row, by)
    return row


@transaction.atomic
def end_delegation(*, by: Actor, plan: CarePlan, public_id: Any, now: datetime.datetime) -> Delegation:
    """End it at once, the django-guardian row with it. Twice is harmless; one of another plan is Absent."""
    check_may_delegate(by, plan)
    row = Delegation.objects.select_for_update().filter(plan=plan, public_id=public_id).first()
    if row is None:
        raise Absent
    if row.revoked_at is None:
        _revoke(row, by, now, "Ended")
        grants.revoke(user=row.user, subject=plan, by=by)
    return row


def _account_for(by: Actor, email: str, first_name: str, last_name: str) -> User:
    """The account behind an address, made when there is none; not one's own, and not a closed one."""
    try:
        with transaction.atomic():
            user = accounts.for_email(email=email, first_name=first_name, last_name=last_name, by=by)
    except IntegrityError:
        raise Refused(_AT_ONCE) from None
    if user.pk == by.user_id:
        raise Refused("Somebody else has to give you access", field="email")
    if not user.is_active:
        raise Refused(_TAKEN, field="email")
    return accounts.forget_unconfirmed_password(user=user, by=by)


def _open_delegation(plan: CarePlan, user: User) -> Delegation | None:
    return Delegation.objects.select_for_update().filter(plan=plan, user=user, revoked_at=None).first()


def _give(row: Delegation, by: Actor) -> None:
    """The row, the grant that goes with it, the trail, the notice."""
    _saved(row, by, "Given")
    midnight = datetime.datetime.combine(row.until + datetime.timedelta(days=1), datetime.time.min, clock.LONDON)
    grants.grant(user=row.user, subject=row.plan, until=midnight, reason=f"Acts for the person: {row.capacity}", by=by)
    detail = {
        "delegation": row.public_id,
        "user": reference(row.user.public_id),
        "capacity": str(row.capacity),
        "sections": row.sections or "all",
        "until": row.until,
    }
    record(by=by, action="plan.delegated", target=trail.plan_target(row.plan), detail=detail)
    _tell(row.user, f"delegation:{row.public_id}", by)


def _revoke(row: Delegation, by: Actor, now: datetime.datetime, reason: str) -> None:
    row.revoked_at, row.revoked_by_id = now, by.user_id
    history.save(row, by=by.user_id, reason=reason)
    detail = {"delegation": row.public_id, "user": reference(row.user.public_id)}
    record(by=by, action="plan.delegation_ended", target=trail.plan_target(row.plan), detail=detail)


def _saved(row: Any, by: Actor, reason: str) -> None:
    try:
        with transaction.atomic():
            history.save(row, by=by.user_id, reason=reason)
    except IntegrityError:
        raise Refused(_AT_ONCE) from None


def _tell(user: User, key: str, by: Actor) -> None:
    """A mail without a word about health, a plan or a person."""
    notify(user=user, topic="access.given", text=_OPENED, link="/my-plan/", key=key, by=by)
