"""The authorised staff list: putting somebody on it, ending, suspending and reinstating."""

import datetime

from django.db import IntegrityError, transaction

from core import clock, events, history
from core.exceptions import Absent, Refused
from governance import gate, policies
from governance.actors import Actor
from governance.enums import LEAD_MAY_LIST, Action, ActorKind, RoleKey
from governance.models import JobTitle, Organisation, StaffListEntry, User
from governance.selectors import staff as staff_selectors
from governance.services import accounts, audit, groups, organisations


@transaction.atomic
def list_person(
    *,
    organisation: Organisation,
    user: User,
    role: str,
    by: Actor,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    job_title: JobTitle | None = None,
    registration_body: str = "",
    registration_number: str = "",
    reason: str = "Put on the staff list",
) -> StaffListEntry:
    """Put somebody on an organisation's staff list in one role.

    Raises Refused, with the field, when the role is not one this organisation or this actor may give, or when the
    person stands on the list in that role already.
    """
    gate.check(by, Action.STAFF_LIST_MANAGE, organisation)
    organisation = organisations.locked(organisation)
    policies.check_can_list(RoleKey(role), organisation.care_setting, registration_number)
    _check_may_give(RoleKey(role), by)
    if by.user_id == user.pk:
        raise Refused("Somebody else has to put you on a staff list")
    start = starts_on or clock.today()
    if ends_on is not None and ends_on < start:
        raise Refused("The last day must not be before the first day", "ends_on")
    row = StaffListEntry(
        organisation=organisation,
        user=user,
        role=role,
        job_title=job_title,
        registration_body=registration_body.strip(),
        registration_number=registration_number.strip(),
        starts_on=start,
        ends_on=ends_on,
    )
    try:
        with transaction.atomic():
            history.save(row, by=by.user_id, reason=reason)
    except IntegrityError:
        raise Refused("This person is already on the staff list in this role", "role") from None
    _done("staff.listed", row, by)
    return row


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, first_name: str, last_name: str, role: str, by: Actor, **fields: str
) -> StaffListEntry:
    """Put somebody on the list by e-mail address; an account is made when there is none."""
    gate.check(by, Action.STAFF_LIST_MANAGE, organisation)
    user = accounts.for_email(email=email, first_name=first_name, last_name=last_name, by=by)
    return list_person(organisation=organisation, user=user, role=role, by=by, **fields)  # type: ignore[arg-type]


@transaction.atomic
def end(*, entry: StaffListEntry, reason: str, by: Actor, ends_on: datetime.date | None = None) -> StaffListEntry:
    """End a place on the list. Without a day it is over now, not at midnight."""
    row = _changeable(entry, reason, by)
    today = clock.today()
    day = ends_on if ends_on is not None else max(row.starts_on, today) - datetime.timedelta(days=1)
    if row.ends_on is not None and row.ends_on < today:
        raise Refused("This place on the staff list has already ended")
    if ends_on is not None and ends_on < row.starts_on:
        raise Refused("The last day must not be before the first day", "ends_on")
    _keep_a_lead(row, by)
    row.ends_on = day
    history.save(row, by=by.user_id, reason=reason)
    if day < today:
        accounts.end_sessions(user=row.user, by=by)
    _done("staff.ended", row, by)
    return row


@transaction.atomic
def suspend(*, entry: StaffListEntry, reason: str, by: Actor) -> StaffListEntry:
    """Stop somebody at once, sessions included; they can be reinstated."""
    row = _changeable(entry, reason, by)
    if by.user_id is None:
        raise Refused("Only a named person can suspend somebody")
    if row.suspended_at is not None:
        raise Refused("This person is already suspended")
    _keep_a_lead(row, by)
    row.suspended_at, row.suspended_by_id = clock.now(), by.user_id
    history.save(row, by=by.user_id, reason=reason)
    accounts.end_sessions(user=row.user, by=by)
    _done("staff.suspended", row, by)
    return row


@transaction.atomic
def reinstate(*, entry: StaffListEntry, reason: str, by: Actor) -> StaffListEntry:
    """Let somebody who was suspended go on."""
    row = _changeable(entry, reason, by)
    if row.suspended_at is None:
        raise Refused("This person is not suspended")
    row.suspended_at, row.suspended_by = None, None
    history.save(row, by=by.user_id, reason=reason)
    _done("staff.reinstated", row, by)
    return row


def _changeable(entry: StaffListEntry, reason: str, by: Actor) -> StaffListEntry:
    """The entry, locked with its organisation, when this actor may change it: never one's own."""
    gate.check(by, Action.STAFF_LIST_MANAGE, entry.organisation)
    organisation = organisations.locked(entry.organisation)
    row = StaffListEntry.objects.select_related("user").filter(pk=entry.pk, organisation=organisation).first()
    if row is None:
        raise Absent
    if row.user_id == by.user_id:
        raise Refused("You cannot change your own place on the staff list. Ask another lead")
    _check_may_give(RoleKey(row.role), by)
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    return row


def _check_may_give(role: RoleKey, by: Actor) -> None:
    """Leads give the everyday roles of their own organisation; the rest is information governance's."""
    if by.kind == ActorKind.JOB or by.role == RoleKey.IG_OFFICER or role in LEAD_MAY_LIST:
        return
    raise Refused(f"Only information governance can give or change the role {role.label.lower()}", "role")


def _keep_a_lead(row: StaffListEntry, by: Actor) -> None:
    """An organisation with a staff list keeps somebody who can manage it."""
    if row.role != RoleKey.ORG_LEAD or by.role == RoleKey.IG_OFFICER:
        return
    if not staff_selectors.other_leads(row).exists():
        raise Refused("This is the organisation's last lead. Put another lead on the staff list first")


def _done(action: str, row: StaffListEntry, by: Actor) -> None:
    detail = {"role": row.role, "organisation": str(row.organisation.public_id)}
    audit.record(by=by, action=action, target=row, detail=detail)
    groups.sync(user=row.user, by=by)
    events.publish(action, {"entry": str(row.public_id), "user": str(row.user.public_id)})
