"""Organisations as a viewer may see them: the register, one of them, those that work in an area."""

import datetime
from typing import Any

from django.db.models import QuerySet

from core import clock
from core.exceptions import Absent
from governance import gate, policies
from governance.actors import Actor
from governance.enums import Action, AgreementState
from governance.models import Organisation, OrgContact
from governance.permissions import sees_every_organisation
from governance.selectors.fact_rows import agreements_from, with_agreements


def visible_to(viewer: Actor) -> QuerySet[Organisation]:
    """The register as this viewer sees it: everything for the host's officers, their own for everybody else."""
    gate.check(viewer, Action.ORGANISATION_READ)
    rows = Organisation.objects.annotate(_agreements=with_agreements("pk"))
    return rows if sees_every_organisation(viewer) else rows.filter(pk=viewer.organisation_id)


def visible(public_id: Any, viewer: Actor) -> Organisation:
    """One organisation with its agreements' facts; Absent when there is none or it is not theirs."""
    row = Organisation.objects.annotate(_agreements=with_agreements("pk")).filter(public_id=public_id).first()
    gate.check_found(viewer, Action.ORGANISATION_READ, row)
    if row is None:
        raise Absent
    return row


def state_of(organisation: Organisation, on: datetime.date | None = None) -> AgreementState | None:
    """What an organisation's agreements amount to on a day; needs rows of `visible_to` or `visible`."""
    facts = agreements_from(organisation._agreements)  # type: ignore[attr-defined]
    return policies.organisation_state(facts, on or clock.today())


def in_state(rows: QuerySet[Organisation], state: str) -> QuerySet[Organisation]:
    """Those of `rows` whose agreement is in a state today ("none" for no agreement at all).

    States are computed from dated facts, so this reads them all: fit for a register of thousands, not for more.
    """
    wanted = None if state == "none" else AgreementState(state)
    return rows.filter(pk__in=[row.pk for row in rows if state_of(row) == wanted])


def contacts_of(organisation: Organisation, viewer: Actor) -> QuerySet[OrgContact]:
    """Who holds which post, the present holders first."""
    gate.check(viewer, Action.ORGANISATION_READ, organisation)
    rows = OrgContact.objects.filter(organisation=organisation).select_related("user")
    return rows.order_by("post", "-starts_on")
