"""Agreements as a viewer may see them, and the state of one on a day."""

import datetime

from django.db.models import QuerySet

from core import clock
from core.exceptions import Absent
from governance import gate, policies
from governance.actors import Actor
from governance.enums import Action, AgreementState
from governance.facts import AgreementFact
from governance.models import (
    Agreement,
    AgreementEvent,
    AgreementSignature,
    AgreementTemplate,
    AgreementTemplateVersion,
    Organisation,
    OrgContact,
    User,
)
from governance.selectors.fact_rows import agreement_rows, agreements_from


def facts_of(agreement: Agreement) -> AgreementFact:
    """The dated facts of one agreement; one query."""
    rows = agreement_rows(Agreement.objects.filter(pk=agreement.pk))
    (fact,) = agreements_from(rows.get()["rows"])
    return fact


def state_of(agreement: Agreement, on: datetime.date | None = None) -> AgreementState:
    """The state on a day, today unless told otherwise."""
    return policies.agreement_state(facts_of(agreement), on or clock.today())


def visible(public_id: object, viewer: Actor) -> Agreement:
    """One agreement for this viewer; Absent when there is none or it is not theirs to see."""
    row = (
        Agreement.objects.filter(public_id=public_id)
        .select_related("organisation", "template_version__template")
        .first()
    )
    gate.check_found(viewer, Action.ORGANISATION_READ, row.organisation if row else None)
    if row is None:
        raise Absent
    return row


def guardian_of(organisation_id: int, on: datetime.date) -> User | None:
    """Who holds the Guardian's post on a day."""
    rows = OrgContact.objects.filter(
        organisation=organisation_id, post=OrgContact.Post.CALDICOTT_GUARDIAN, starts_on__lte=on
    ).select_related("user")
    held = [row for row in rows.order_by("-starts_on", "-pk") if row.ends_on is None or row.ends_on >= on]
    return held[0].user if held else None


def of_organisation(organisation: Organisation, viewer: Actor) -> list[Agreement]:
    """An organisation's agreements, the newest first."""
    gate.check(viewer, Action.ORGANISATION_READ, organisation)
    rows = Agreement.objects.filter(organisation=organisation).select_related("template_version__template")
    return list(rows.order_by("-starts_on", "-pk"))


def signatures_of(agreement: Agreement) -> list[AgreementSignature]:
    """Who signed, the Guardian first; the caller has found the agreement through `visible`."""
    return list(agreement.signatures.select_related("signed_by").order_by("signed_at"))


def events_of(agreement: Agreement) -> list[AgreementEvent]:
    """Its dated facts in order; the caller has found the agreement through `visible`."""
    return list(agreement.events.select_related("by").order_by("at", "pk"))


def templates(viewer: Actor) -> QuerySet[AgreementTemplate]:
    """The kinds of agreement, for whoever publishes their texts."""
    gate.check(viewer, Action.ORGANISATION_JOIN)
    return AgreementTemplate.objects.order_by("title")


def latest_texts(viewer: Actor) -> list[AgreementTemplateVersion]:
    """The newest text of every template, for whoever prepares agreements."""
    gate.check(viewer, Action.ORGANISATION_JOIN)
    rows = AgreementTemplateVersion.objects.select_related("template").order_by("template", "-number")
    newest: dict[int, AgreementTemplateVersion] = {}
    for row in rows:
        newest.setdefault(row.template_id, row)
    return list(newest.values())
