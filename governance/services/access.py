"""What connected systems may ask. One row a system, read by the look-up; every change to it goes through here."""

import datetime

from django.db import IntegrityError, transaction

from core import clock
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import Area, Organisation, SystemAccess
from governance.services import audit


@transaction.atomic
def connect(
    *,
    client_id: str,
    label: str,
    organisation: Organisation,
    by: Actor,
    area_codes: list[str] | None = None,
    valid_from: datetime.datetime | None = None,
    valid_until: datetime.datetime | None = None,
) -> SystemAccess:
    """Let a system of one organisation ask about the people of some places (all, when none are named)."""
    gate.check(by, Action.ORGANISATION_JOIN)
    codes = sorted(set(area_codes or []))
    known = set(Area.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise Refused(f"There is no place with the code {unknown[0]}", "area_codes")
    start = valid_from or clock.now()
    if valid_until is not None and valid_until <= start:
        raise Refused("The connection must end after it starts", "valid_until")
    try:
        with transaction.atomic():
            row = SystemAccess.objects.create(
                client_id=client_id,
                label=label,
                organisation=organisation,
                area_codes=codes,
                valid_from=start,
                valid_until=valid_until,
            )
    except IntegrityError:
        raise Refused("This system is already connected", "client_id") from None
    detail = {"client": client_id, "areas": codes}
    audit.record(by=by, action="system.connected", target=organisation, detail=detail)
    return row


@transaction.atomic
def disconnect(*, access: SystemAccess, by: Actor) -> SystemAccess:
    """End a system's access, at once."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = SystemAccess.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=access.pk)
    row.valid_until = clock.now()
    row.token_digest = ""
    row.save(update_fields=["valid_until", "token_digest"])
    detail = {"client": row.client_id}
    audit.record(by=by, action="system.disconnected", target=row.organisation, detail=detail)
    return row


@transaction.atomic
def remember_token(*, access: SystemAccess, token_digest: str, by: Actor) -> None:
    """Keep the digest of the token last issued to a system, for the look-up that checks it."""
    SystemAccess.objects.filter(pk=access.pk).update(token_digest=token_digest)
    audit.record(by=by, action="system.token_issued", target=("system", access.client_id))
