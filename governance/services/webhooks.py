"""Which systems of an organisation are told that something happened, and what they are told: references alone."""

import secrets

from django.db import IntegrityError, transaction

from core import clock, outbound
from core.encryption import encrypt
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import Notification, Organisation, Webhook
from governance.services import audit

_ADDRESS_LENGTH = 300


def register_webhook(*, organisation: Organisation, url: str, by: Actor) -> tuple[Webhook, str]:
    """Have an address called from now on; gives it with the secret its calls are signed by, which is shown once.

    Raises Refused for an address we do not call, or that is called already.
    """
    gate.check(by, Action.WEBHOOK_SET, organisation)
    address = url.strip()
    try:
        outbound.check_address(address)
    except outbound.Forbidden as refusal:
        raise Refused(str(refusal), field="url") from None
    if len(address) > _ADDRESS_LENGTH or by.user_id is None:
        raise Refused(f"The address must be {_ADDRESS_LENGTH} characters or fewer", field="url")
    secret = secrets.token_urlsafe(32)
    row = Webhook(organisation=organisation, url=address, secret=encrypt(secret), created_by_id=by.user_id)
    with transaction.atomic():
        _save(row)
        audit.record(by=by, action="webhook.registered", target=row, detail={"organisation": organisation.ods_code})
    return row, secret


@transaction.atomic
def stop_webhook(*, webhook: Webhook, by: Actor) -> Webhook:
    """Call the address no more; what still waits to be told is given up."""
    gate.check(by, Action.WEBHOOK_SET, webhook.organisation)
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    if row.stopped_at is None:
        put_away(row, Webhook.Stopped.BY_HAND)
        audit.record(by=by, action="webhook.stopped", target=row)
    return row


@transaction.atomic
def send_test(*, webhook: Webhook, by: Actor) -> Notification:
    """Call an address once, to see whether it answers; what becomes of it stands among what was sent.

    Raises Refused for one that is switched off.
    """
    gate.check(by, Action.WEBHOOK_SET, webhook.organisation)
    if webhook.stopped_at is not None:
        raise Refused("Switch the system on before you send it a test")
    row = Notification.objects.create(
        channel=Notification.Channel.WEBHOOK,
        webhook=webhook,
        organisation_id=webhook.organisation_id,
        topic="webhook.test",
        about_kind="webhook",
        about_ref=str(webhook.public_id),
        next_attempt_at=clock.now(),
    )
    audit.record(by=by, action="webhook.tested", target=webhook)
    return row


def start_webhook(*, webhook: Webhook, by: Actor) -> Webhook:
    """Call an address that was stopped again, under the secret it had. What was given up stays given up."""
    gate.check(by, Action.WEBHOOK_SET, webhook.organisation)
    with transaction.atomic():
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        if row.stopped_at is not None:
            row.stopped_at, row.stopped_for, row.failures = None, "", 0
            _save(row)
            audit.record(by=by, action="webhook.started", target=row)
    return row


def _save(row: Webhook) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("This address is already told", field="url") from None


def put_away(row: Webhook, why: Webhook.Stopped) -> None:
    """Stop a webhook whose row the caller has locked."""
    row.stopped_at, row.stopped_for = clock.now(), why
    row.save(update_fields=["stopped_at", "stopped_for"])
    Notification.objects.filter(webhook=row, outcome="").update(
        outcome=Notification.Outcome.FAILED, failed_at=row.stopped_at, next_attempt_at=None, error="webhook stopped"
    )


@transaction.atomic
def tell_systems(*, organisation_id: int, topic: str, key: str, about: tuple[str, str], by: Actor) -> int:
    """Tell an organisation's systems that something happened to a record; gives how many are told.

    They are called once the transaction has committed. `key` makes telling them again harmless; `about` is the kind and
    the public id of the record. No text goes with it: a system that wants to know more asks with its own rights.
    """
    hooks = Webhook.objects.filter(organisation_id=organisation_id, stopped_at=None)
    rows = [
        Notification(
            channel=Notification.Channel.WEBHOOK,
            webhook=hook,
            organisation_id=organisation_id,
            topic=topic[:60],
            key=key,
            about_kind=about[0],
            about_ref=about[1],
            next_attempt_at=clock.now(),
        )
        for hook in hooks
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
