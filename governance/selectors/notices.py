"""Notices as their reader sees them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, Count, QuerySet, Subquery

from core.exceptions import Absent
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import NoticeChoice, Notification, Organisation, Webhook
from governance.selectors.prepared import Slot


def own(viewer: Actor) -> QuerySet[Notification]:
    """The viewer's notices, the newest first."""
    gate.check(viewer, Action.NOTICE_OWN)
    rows = Notification.objects.filter(user=viewer.user_id or 0, channel=Notification.Channel.IN_APP)
    return rows.order_by("-created_at", "-pk")


def choice_of(viewer: Actor) -> str:
    """How the viewer wants to be mailed."""
    row = NoticeChoice.objects.filter(user=viewer.user_id or 0).first()
    return str(row.mail if row else NoticeChoice.Mail.AT_ONCE)


def unread_of(user: Slot) -> Subquery:
    """How many notices an account has not read, as a column of another query; no value for none."""
    unread = Notification.objects.filter(user=user, channel=Notification.Channel.IN_APP, read_at=None)
    counts = unread.order_by().values("user").annotate(count=Count("pk")).values("count")
    return Subquery(counts, output_field=BigIntegerField())


def organisation_for_webhooks(public_id: Any, viewer: Actor) -> Organisation:
    """The organisation whose systems the viewer may say are told; Absent otherwise."""
    return _organisation(public_id, viewer, Action.WEBHOOK_SET)


def organisation_for_sent(public_id: Any, viewer: Actor) -> Organisation:
    """The organisation of which the viewer may see what was sent; Absent otherwise."""
    return _organisation(public_id, viewer, Action.NOTICE_READ)


def _organisation(public_id: Any, viewer: Actor, action: Action) -> Organisation:
    row = Organisation.objects.filter(public_id=public_id).first()
    found: Organisation = gate.check_found(viewer, action, row)
    return found


def webhooks_of(organisation: Organisation, viewer: Actor) -> QuerySet[Webhook]:
    """The systems of an organisation that are or were told, the newest first."""
    gate.check(viewer, Action.WEBHOOK_SET, organisation)
    return Webhook.objects.filter(organisation=organisation)


def webhook(public_id: Any, viewer: Actor) -> Webhook:
    """One of them; Absent when there is none."""
    row = Webhook.objects.select_related("organisation").filter(public_id=public_id).first()
    gate.check_found(viewer, Action.WEBHOOK_SET, row.organisation if row else None)
    if row is None:
        raise Absent
    return row


def sent_of(organisation: Organisation, query: Mapping[str, Any], viewer: Actor) -> QuerySet[Notification]:
    """What was sent about an organisation's work, the newest first; `query` narrows by `about` (the beginning of a
    record's reference), `channel` and `outcome`.
    """
    gate.check(viewer, Action.NOTICE_READ, organisation)
    outcome = query.get("outcome") or ""
    wanted = {"about_ref__startswith": query.get("about"), "channel": query.get("channel"), "outcome": outcome}
    rows = Notification.objects.filter(organisation=organisation, **{k: v for k, v in wanted.items() if v})
    return rows.select_related("user", "webhook").order_by("-created_at", "-pk")
