"""Organisations: bringing one in, its posts and places, stopping it and letting it go on."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import clock, events, history
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import Area, Organisation, OrganisationArea, OrgContact, User
from governance.services import audit

#: What may be corrected on an organisation; its code and its setting are what access hangs on and stay.
AMENDABLE = ("name", "postcode", "phone", "opened_on", "closed_on", "dspt_status", "dspt_on")


@transaction.atomic
def register(
    *, ods_code: str, name: str, care_setting: str, by: Actor, reason: str = "Registered", **details: Any
) -> Organisation:
    """Bring an organisation into the register; it may do nothing until its agreement is in force.

    `details` are fields of `AMENDABLE`. Raises Refused, with the field, for a code that is taken or malformed.
    """
    gate.check(by, Action.ORGANISATION_JOIN)
    code = ods_code.strip().upper()
    if Organisation.objects.filter(ods_code=code).exists():
        raise Refused("An organisation with this ODS code is already in the register", "ods_code")
    row = Organisation(ods_code=code, name=name.strip(), care_setting=care_setting)
    _set(row, details)
    _validate(row)
    history.save(row, by=by.user_id, reason=reason)
    audit.record(by=by, action="organisation.registered", target=row, detail={"ods_code": code})
    events.publish("organisation.registered", {"organisation": str(row.public_id)})
    return row


@transaction.atomic
def amend(*, organisation: Organisation, reason: str, by: Actor, **changes: Any) -> Organisation:
    """Correct what may be corrected, saying why."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(organisation)
    _require_reason(reason)
    if not changes:
        raise Refused("You have not changed anything. Change a detail, or go back")
    _set(row, changes)
    _validate(row)
    history.save(row, by=by.user_id, reason=reason)
    audit.record(by=by, action="organisation.amended", target=row, detail={"fields": sorted(changes)})
    return row


@transaction.atomic
def suspend(*, organisation: Organisation, reason: str, by: Actor) -> Organisation:
    """A named person stops the whole organisation, from this moment, emergency reading included."""
    gate.check(by, Action.ORGANISATION_JOIN)
    _require_named(by)
    _require_reason(reason)
    row = locked(organisation)
    if row.suspended_at:
        raise Refused("This organisation is already suspended")
    row.suspended_at, row.suspended_by_id, row.suspension_reason = clock.now(), by.user_id, reason[:200]
    history.save(row, by=by.user_id, reason=reason)
    audit.record(by=by, action="organisation.suspended", target=row)
    events.publish("organisation.suspended", {"organisation": str(row.public_id)})
    return row


@transaction.atomic
def resume(*, organisation: Organisation, reason: str, by: Actor) -> Organisation:
    """Let a suspended organisation go on."""
    gate.check(by, Action.ORGANISATION_JOIN)
    _require_reason(reason)
    row = locked(organisation)
    if not row.suspended_at:
        raise Refused("This organisation is not suspended")
    row.suspended_at, row.suspended_by, row.suspension_reason = None, None, ""
    history.save(row, by=by.user_id, reason=reason)
    audit.record(by=by, action="organisation.resumed", target=row)
    events.publish("organisation.resumed", {"organisation": str(row.public_id)})
    return row


@transaction.atomic
def appoint(
    *,
    organisation: Organisation,
    user: User,
    post: str,
    evidence: str,
    by: Actor,
    starts_on: datetime.date | None = None,
) -> OrgContact:
    """Somebody takes a post, the Guardian's above all; whoever held it stops the day before."""
    gate.check(by, Action.ORGANISATION_JOIN)
    if by.user_id == user.pk:
        raise Refused("Somebody else has to record that you hold a post")
    row = locked(organisation)
    day = starts_on or clock.today()
    for holder in OrgContact.objects.filter(organisation=row, post=post, ends_on=None):
        holder.ends_on = max(holder.starts_on, day - datetime.timedelta(days=1))
        history.save(holder, by=by.user_id, reason="Somebody else took the post")
    contact = OrgContact(organisation=row, user=user, post=post, starts_on=day, evidence=evidence)
    history.save(contact, by=by.user_id, reason="Appointed")
    detail = {"post": post, "user": str(user.public_id)}
    audit.record(by=by, action="organisation.post_taken", target=row, detail=detail)
    return contact


@transaction.atomic
def place(*, organisation: Organisation, area: Area, starts_on: datetime.date, by: Actor) -> OrganisationArea:
    """The organisation works in a place from a day on."""
    gate.check(by, Action.ORGANISATION_JOIN)
    link = OrganisationArea(organisation=organisation, area=area, starts_on=starts_on)
    history.save(link, by=by.user_id, reason="Placed")
    audit.record(by=by, action="organisation.placed", target=organisation, detail={"area": area.code})
    return link


def locked(organisation: Organisation) -> Organisation:
    """The row as it is now, held until the transaction ends, so that two decisions come one after the other."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def _set(row: Organisation, changes: dict[str, Any]) -> None:
    unknown = set(changes) - set(AMENDABLE)
    if unknown:
        raise TypeError(f"not to be changed here: {', '.join(sorted(unknown))}")
    for field, value in changes.items():
        setattr(row, field, value)


def _validate(row: Organisation) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field) from None


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Enter the reason", "reason")


def _require_named(by: Actor) -> None:
    if by.user_id is None:
        raise Refused("Only a named person can do this")
