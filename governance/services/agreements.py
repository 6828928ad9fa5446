"""The information sharing agreement: its texts, sending it, both signatures, stopping it.

What is legal here holds whatever a flow says: the Guardian signs exactly the text he was shown while he holds the
post, and whoever countersigns for the host is somebody else.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction

from core import clock, events, history
from core.exceptions import Absent, Conflict, Refused
from governance import gate, ledger
from governance.actors import Actor
from governance.enums import Action, AgreementState
from governance.models import (
    Agreement,
    AgreementEvent,
    AgreementSignature,
    AgreementTemplate,
    AgreementTemplateVersion,
    Organisation,
    User,
)
from governance.selectors import agreements as agreement_selectors
from governance.services import audit

STATEMENTS = {
    AgreementSignature.Capacity.GUARDIAN: (
        "I am the Caldicott Guardian of this organisation. I have read this agreement and sign it for my organisation."
    ),
    AgreementSignature.Capacity.HOST: (
        "I have checked the signature of the organisation's Caldicott Guardian and countersign for the host."
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How we know who signed: where from, with what, and how they proved who they are."""

    ip_address: str | None = None
    user_agent: str = ""
    authentication: str = ""


@transaction.atomic
def publish_version(
    *,
    template: AgreementTemplate,
    body: str,
    by: Actor,
    resign_required: bool = True,
    grace_days: int = 90,
) -> AgreementTemplateVersion:
    """Publish a text. It is never changed afterwards; a correction is the next version."""
    gate.check(by, Action.ORGANISATION_JOIN)
    text = body.replace("\r\n", "\n").strip() + "\n"
    if not text.strip():
        raise Refused("Enter the text of the agreement", "body")
    held = AgreementTemplate.objects.select_for_update().get(pk=template.pk)
    last = held.versions.order_by("-number").first()
    digest = ledger.sha256(text.encode())
    if last and last.sha256 == digest:
        raise Refused("This text is the same as the version before it", "body")
    version = AgreementTemplateVersion.objects.create(
        template=held,
        number=(last.number if last else 0) + 1,
        body=text,
        sha256=digest,
        resign_required=resign_required,
        grace_days=grace_days,
        created_by_id=by.user_id,
    )
    detail = {"template": held.key, "number": version.number, "sha256": digest}
    audit.record(by=by, action="agreement.text_published", target=("agreementtext", str(version)), detail=detail)
    return version


@transaction.atomic
def draft(
    *,
    organisation: Organisation,
    template_version: AgreementTemplateVersion,
    starts_on: datetime.date,
    by: Actor,
    ends_on: datetime.date | None = None,
) -> Agreement:
    """Prepare an organisation's agreement on one text."""
    gate.check(by, Action.ORGANISATION_JOIN)
    if ends_on is not None and ends_on <= starts_on:
        raise Refused("The end date must be after the start date", "ends_on")
    row = Agreement(organisation=organisation, template_version=template_version, starts_on=starts_on, ends_on=ends_on)
    history.save(row, by=by.user_id, reason="Drafted")
    audit.record(by=by, action="agreement.drafted", target=row, detail={"text": str(template_version)})
    return row


@transaction.atomic
def send(*, agreement: Agreement, by: Actor) -> AgreementEvent:
    """Send it to the Guardian to sign; there has to be one."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = _locked(agreement)
    _require_state(row, AgreementState.DRAFT, "This agreement has already been sent")
    guardian = agreement_selectors.guardian_of(row.organisation_id, clock.today())
    if guardian is None:
        raise Refused("Record who is the organisation's Caldicott Guardian before you send the agreement")
    event = _note(row, AgreementEvent.Kind.SENT, "", by)
    events.publish("agreement.sent", {"agreement": str(row.public_id), "guardian": str(guardian.public_id)})
    return event


@transaction.atomic
def sign(
    *, agreement: Agreement, shown_sha256: str, typed_name: str, evidence: Evidence, by: Actor
) -> AgreementSignature:
    """The Guardian signs exactly the text he was shown.

    Raises Absent for another organisation's agreement, Refused when he does not hold the post today or types another
    name, Conflict when the text is not the one that was shown.
    """
    gate.check(by, Action.AGREEMENT_SIGN)
    row = _locked(agreement)
    if by.organisation_id != row.organisation_id:
        raise Absent
    holder = agreement_selectors.guardian_of(row.organisation_id, clock.today())
    if holder is None or holder.pk != by.user_id:
        raise Refused("Only the person who is the organisation's Caldicott Guardian today can sign")
    _require_state(row, AgreementState.SENT, "This agreement is not waiting for your signature")
    signature = _sign(row, AgreementSignature.Capacity.GUARDIAN, shown_sha256, typed_name, evidence, by)
    events.publish("agreement.signed", {"agreement": str(row.public_id)})
    return signature


@transaction.atomic
def countersign(
    *, agreement: Agreement, shown_sha256: str, typed_name: str, evidence: Evidence, by: Actor
) -> AgreementSignature:
    """Somebody else countersigns for the host; from its start date the agreement is then in force."""
    gate.check(by, Action.AGREEMENT_COUNTERSIGN)
    row = _locked(agreement)
    if row.signatures.filter(signed_by=by.user_id).exists():
        raise Refused("Somebody other than the person who signed has to countersign")
    _require_state(row, AgreementState.SIGNED, "This agreement is not waiting for a countersignature")
    signature = _sign(row, AgreementSignature.Capacity.HOST, shown_sha256, typed_name, evidence, by)
    events.publish("agreement.countersigned", {"agreement": str(row.public_id)})
    return signature


@transaction.atomic
def suspend(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """Stop it for a while, at once."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = _locked(agreement)
    if agreement_selectors.state_of(row) in (AgreementState.SUSPENDED, AgreementState.TERMINATED):
        raise Refused("This agreement is already suspended or terminated")
    return _note(row, AgreementEvent.Kind.SUSPENDED, reason, by, needs_reason=True)


@transaction.atomic
def resume(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """Let a suspended agreement go on."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = _locked(agreement)
    _require_state(row, AgreementState.SUSPENDED, "This agreement is not suspended")
    return _note(row, AgreementEvent.Kind.RESUMED, reason, by, needs_reason=True)


@transaction.atomic
def terminate(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """End it for good, at once; the organisation needs a new agreement to come back."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = _locked(agreement)
    if agreement_selectors.state_of(row) == AgreementState.TERMINATED:
        raise Refused("This agreement is already terminated")
    return _note(row, AgreementEvent.Kind.TERMINATED, reason, by, needs_reason=True)


def _sign(
    row: Agreement, capacity: str, shown: str, typed_name: str, evidence: Evidence, by: Actor
) -> AgreementSignature:
    text = row.template_version
    if ledger.sha256(text.body.encode()) != text.sha256:
        raise Refused("The stored text is not the text that was published. Do not sign; tell the service desk")
    if shown != text.sha256:
        raise Conflict("The text of this agreement is not the one you were shown. Read it again before you sign.")
    signer = User.objects.get(pk=by.user_id)
    if not typed_name.strip() or _folded(typed_name) != _folded(signer.get_full_name()):
        raise Refused("Type your full name exactly as it stands on your account", "typed_name")
    signature = AgreementSignature.objects.create(
        agreement=row,
        capacity=capacity,
        signed_by=signer,
        typed_name=" ".join(typed_name.split()),
        post=AgreementSignature.Capacity(capacity).label,
        statement=STATEMENTS[AgreementSignature.Capacity(capacity)],
        document_sha256=text.sha256,
        signed_at=clock.now(),
        ip_address=evidence.ip_address,
        user_agent=evidence.user_agent[:200],
        authentication=evidence.authentication[:40],
    )
    detail = {"capacity": capacity, "sha256": text.sha256, "authentication": evidence.authentication}
    audit.record(by=by, action="agreement.signed", target=row, detail=detail)
    return signature


def _note(
    row: Agreement, kind: AgreementEvent.Kind, reason: str, by: Actor, needs_reason: bool = False
) -> AgreementEvent:
    if needs_reason and not reason.strip():
        raise Refused("Enter the reason", "reason")
    event = AgreementEvent.objects.create(
        agreement=row, kind=kind, at=clock.now(), by_id=by.user_id, reason=reason[:200]
    )
    audit.record(by=by, action=f"agreement.{kind}", target=row)
    if kind != AgreementEvent.Kind.SENT:
        events.publish(f"agreement.{kind}", {"agreement": str(row.public_id)})
    return event


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("template_version", "organisation")
    return rows.get(pk=agreement.pk)


def _require_state(row: Agreement, state: AgreementState, otherwise: str) -> None:
    if agreement_selectors.state_of(row) != state:
        raise Refused(otherwise)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
