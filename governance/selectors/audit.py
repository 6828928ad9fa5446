"""Who looked at what and did what: for privacy officers and information governance."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import AuditEvent, Organisation, User
from governance.permissions import sees_every_organisation

PAGE = 50


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; empty fields ask nothing. `who` is an account's public id, `what` a record's."""

    who: str = ""
    what: str = ""
    action: str = ""
    result: str = ""
    first_day: datetime.datetime | None = None
    last_day: datetime.datetime | None = None
    before: datetime.datetime | None = None


def events(query: Query, viewer: Actor) -> list[AuditEvent]:
    """The newest events that fit, one more than a page so that the page knows whether there are older ones.

    An officer of another organisation than the host sees what his own organisation's people did.
    """
    gate.check(viewer, Action.AUDIT_READ)
    rows = AuditEvent.objects.order_by("-at", "-id")
    if not sees_every_organisation(viewer):
        rows = rows.filter(organisation_ref=str(viewer.organisation_id))
    return list(_narrowed(rows, query)[: PAGE + 1])


def people_of(events: list[AuditEvent]) -> dict[str, str]:
    """Names for the accounts in these events, by the key the trail holds."""
    keys = {int(event.actor_id) for event in events if event.actor_id.isdigit()}
    return {str(user.pk): user.display_name for user in User.objects.filter(pk__in=keys)}


def organisations_of(events: list[AuditEvent]) -> dict[str, str]:
    """Names of the organisations in these events, by the key the trail holds."""
    keys = {int(event.organisation_ref) for event in events if event.organisation_ref.isdigit()}
    return {str(row.pk): row.name for row in Organisation.objects.filter(pk__in=keys)}


def account_reference(email: str, viewer: Actor) -> str:
    """The public id of the account with this address, for looking it up; empty when there is none."""
    gate.check(viewer, Action.AUDIT_READ)
    user = User.objects.filter(email=email.strip().lower()).first()
    return str(user.public_id) if user else ""


def _narrowed(rows: QuerySet[AuditEvent], query: Query) -> QuerySet[AuditEvent]:
    conditions: dict[str, Any] = {
        "actor_id": _actor_id(query.who) if query.who else "",
        "target_ref": query.what,
        "action__startswith": query.action,
        "result": query.result,
        "at__gte": query.first_day,
        "at__lt": query.last_day,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    return rows.filter(at__lt=query.before) if query.before else rows


def _actor_id(public_id: str) -> str:
    user = User.objects.filter(public_id=public_id).first()
    return str(user.pk) if user else "nobody"
