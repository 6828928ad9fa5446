"""Being away: a colleague decides in one's place, for a time, and passes every guard themself."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from core import clock
from core.exceptions import Absent, Refused
from governance.actors import Actor, reference
from governance.models import User
from governance.services import audit, notifications
from workflows import permissions
from workflows.models import FlowDelegation
from workflows.selectors import people

MAX_DAYS = 90
MAX_REASON = 200


@transaction.atomic
def delegate(
    *,
    by: Actor,
    absent: User,
    colleague: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str = "",
    now: datetime.datetime,
) -> FlowDelegation:
    """Let `colleague` decide for `absent` at the actor's organisation on the days from `starts_on` to `ends_on`.

    One does so for oneself, the organisation's lead for anybody there; NotAllowed for everybody else. Refused, with the
    field, when the days are past, too many or taken, when one of the two is not on the list, and where a stand-in would
    themself be away or have a stand-in: decisions are never handed on twice.
    """
    permissions.check_user_can_delegate_for(by, absent.pk)
    place = by.organisation_id or 0
    _check_days(starts_on, ends_on, clock.today(now))
    _check_people(absent, colleague, place, now)
    # Held, so that two who set this at once do not both find the days free.
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[absent.pk, colleague.pk]).order_by("pk"))
    row = FlowDelegation(
        from_user=absent,
        to_user=colleague,
        organisation_id=place,
        starts_at=max(now, _midnight(starts_on)),
        ends_at=_midnight(ends_on + datetime.timedelta(days=1)),
        reason=reason.strip()[:MAX_REASON],
        created_by_id=by.user_id,
    )
    _check_free(row)
    row.save()
    detail = {"for": reference(absent.public_id), "to": reference(colleague.public_id), "until": str(ends_on)}
    audit.record(by=by, action="delegation.begun", target=row, detail=detail)
    _tell(by, row, "You are asked to decide for a colleague who is away", "A colleague decides for you while away")
    return row


@transaction.atomic
def end(*, by: Actor, delegation: FlowDelegation, now: datetime.datetime) -> FlowDelegation:
    """End it now; again is harmless. For the one who is away, the colleague and the lead; Absent for everybody else."""
    locked = FlowDelegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    mine = by.user_id in (locked.from_user_id, locked.to_user_id) and by.organisation_id == locked.organisation_id
    if not mine and not permissions.leads(by, locked.organisation_id):
        raise Absent
    if locked.ended_at is not None or locked.ends_at <= now:
        return locked
    locked.ended_at, locked.ended_by_id = now, by.user_id
    locked.save(update_fields=["ended_at", "ended_by"])
    audit.record(by=by, action="delegation.ended", target=locked)
    _tell(by, locked, "You no longer decide for a colleague", "Nobody decides for you any more")
    return locked


def _check_days(starts_on: datetime.date, ends_on: datetime.date, today: datetime.date) -> None:
    if starts_on < today:
        raise Refused("The first day must be today or later", field="starts_on")
    if ends_on < starts_on:
        raise Refused("The last day must be the first day or later", field="ends_on")
    if (ends_on - starts_on).days >= MAX_DAYS:
        raise Refused(f"Choose a last day within {MAX_DAYS} days of the first", field="ends_on")


def _check_people(absent: User, colleague: User, place: int, now: datetime.datetime) -> None:
    listed = set(people.listed(now).filter(organisation_id=place).values_list("user_id", flat=True))
    if absent.pk not in listed:
        raise Refused("Choose somebody who is on the staff list here", field="absent")
    if colleague.pk not in listed:
        raise Refused("Choose a colleague who is on the staff list here", field="colleague")
    if absent.pk == colleague.pk:
        raise Refused("Choose a colleague: nobody stands in for themself", field="colleague")


def _check_free(row: FlowDelegation) -> None:
    then = FlowDelegation.objects.filter(
        organisation_id=row.organisation_id, ended_at=None, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at
    )
    if then.filter(from_user=row.from_user).exists():
        raise Refused("Somebody already stands in on some of these days. End that first", field="starts_on")
    if then.filter(Q(from_user=row.to_user)).exists():
        raise Refused("This colleague is away on some of these days. Choose another", field="colleague")
    if then.filter(to_user=row.from_user).exists():
        message = "A colleague who is away on these days has this person as stand-in. That has to be ended first"
        raise Refused(message, field="starts_on")


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), clock.LONDON)


def _tell(by: Actor, row: FlowDelegation, to_words: str, from_words: str) -> None:
    for user, words in ((row.to_user, to_words), (row.from_user, from_words)):
        if user.pk != by.user_id:
            notifications.notify(user=user, topic="flow.away", text=words, link=reverse("workflows:away"), by=by)
