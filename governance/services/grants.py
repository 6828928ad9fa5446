"""Exceptions to the organisation rule: a django-guardian row and its dated grant, made and removed together."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model
from guardian.shortcuts import assign_perm, remove_perm

from core import clock
from core.exceptions import Refused
from core.registry import Registry
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import Organisation, TemporaryGrant, User
from governance.services import audit, groups

#: No exception outlives a year without somebody saying again that it is needed: days in London, of which two in a
#: year have not 24 hours.
LONGEST = datetime.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Grantable:
    """A permission on one object that may be granted for a time.

    `permission` is `app_label.codename`; `check` raises unless the actor may give it on the object.
    """

    model: type[Model]
    permission: str
    check: Callable[[Actor, Model], None]


#: What may be granted: kind (the model's name) → rule. Upper layers add theirs (the editors of one form).
grantable: Registry[Grantable] = Registry("grantable permissions")


def _may_make_leads(by: Actor, organisation: Model) -> None:
    gate.check(by, Action.ORGANISATION_JOIN)


grantable.add("organisation", Grantable(Organisation, "governance.lead_organisation", _may_make_leads))


@transaction.atomic
def grant(*, user: User, subject: Model, until: datetime.datetime, reason: str, by: Actor) -> TemporaryGrant:
    """Give `user` the grantable permission on `subject` until a moment at most a year away."""
    rule = _rule(subject)
    rule.check(by, subject)
    if by.user_id == user.pk:
        raise Refused("Somebody else has to give you this permission")
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    now = clock.now()
    if until <= now or clock.today(until) > clock.today(now) + LONGEST:
        raise Refused("The permission must end in the future, within a year", "until")
    for earlier in _live(user, subject, rule, now):
        _end(earlier, now, by)
    assign_perm(rule.permission, user, subject)
    row = TemporaryGrant.objects.create(
        user=user,
        permission=rule.permission,
        object_kind=_kind(subject),
        object_ref=str(subject.pk),
        reason=reason[:200],
        granted_at=now,
        granted_by_id=by.user_id,
        expires_at=until,
    )
    detail = {"user": str(user.public_id), "permission": rule.permission, "until": until}
    audit.record(by=by, action="grant.given", target=subject, detail=detail)
    groups.sync(user=user, by=by)
    return row


@transaction.atomic
def revoke(*, user: User, subject: Model, by: Actor) -> int:
    """Take the permission away, at once; returns how many grants that ended."""
    rule = _rule(subject)
    rule.check(by, subject)
    now = clock.now()
    ended = [_end(row, now, by) for row in _live(user, subject, rule, now)]
    remove_perm(rule.permission, user, subject)
    if ended:
        detail = {"user": str(user.public_id), "permission": rule.permission}
        audit.record(by=by, action="grant.revoked", target=subject, detail=detail)
        groups.sync(user=user, by=by)
    return len(ended)


@transaction.atomic
def sweep(*, by: Actor, at: datetime.datetime | None = None) -> int:
    """Remove the django-guardian rows of grants that have expired. The gate stopped honouring them at that moment."""
    now = at or clock.now()
    expired = TemporaryGrant.objects.filter(revoked_at=None, expires_at__lte=now).select_related("user")
    count = 0
    for row in expired:
        if row.object_kind not in grantable:
            continue
        rule = grantable.get(row.object_kind)
        subject = rule.model._default_manager.filter(pk=row.object_ref).first()
        if subject is not None and not _live(row.user, subject, rule, now).exists():
            count += _remove_row(rule, row, subject, by)
    return count


def _remove_row(rule: Grantable, row: TemporaryGrant, subject: Model, by: Actor) -> int:
    if not row.user.has_perm(rule.permission, subject) and row.user.is_active:
        return 0
    remove_perm(rule.permission, row.user, subject)
    detail = {"user": str(row.user.public_id), "permission": rule.permission}
    audit.record(by=by, action="grant.expired", target=subject, detail=detail)
    groups.sync(user=row.user, by=by)
    return 1


def _rule(subject: Model) -> Grantable:
    return grantable.get(_kind(subject))


def _kind(subject: Model) -> str:
    return str(subject._meta.model_name)


def _live(user: User, subject: Model, rule: Grantable, at: datetime.datetime):  # type: ignore[no-untyped-def]
    return TemporaryGrant.objects.filter(
        user=user,
        permission=rule.permission,
        object_kind=_kind(subject),
        object_ref=str(subject.pk),
        revoked_at=None,
        expires_at__gt=at,
    )


def _end(row: TemporaryGrant, at: datetime.datetime, by: Actor) -> TemporaryGrant:
    row.revoked_at, row.revoked_by_id = at, by.user_id
    row.save(update_fields=["revoked_at", "revoked_by"])
    return row
