"""The information sharing agreement: its texts, sending it, both signatures, stopping it.

What is legal here holds whatever a flow says: the Guardian signs exactly the text he was shown while he holds the
post, and whoever countersigns for the host is somebody else.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction

from core import clock, events, history
from core.exceptions import Conflict, Refused
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
from governance.services.agreement_records import check_is_guardian, locked, note, require_state
from governance.services.agreement_stops import NOT_CONCLUDED, OVER, decline, resume, suspend, terminate, withdraw

__all__ = [
    "NOT_CONCLUDED",
    "OVER",
    "STATEMENTS",
    "Evidence",
    "countersign",
    "decline",
    "draft",
    "publish_version",
    "resume",
    "send",
    "sign",
    "suspend",
    "terminate",
    "withdraw",
]

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
    events.publish("agreement.drafted", {"agreement": str(row.public_id)}, by=by)
    return row


@transaction.atomic
def send(*, agreement: Agreement, by: Actor) -> AgreementEvent:
    """Send it to the Guardian to sign; there has to be one."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(agreement)
    require_state(row, AgreementState.DRAFT, "This agreement has already been sent")
    guardian = agreement_selectors.guardian_of(row.organisation_id, clock.today())
    if guardian is None:
        raise Refused("Record who is the organisation's Caldicott Guardian before you send the agreement")
    event = note(row, AgreementEvent.Kind.SENT, "", by)
    payload = {"agreement": str(row.public_id), "guardian": str(guardian.public_id)}
    events.publish("agreement.sent", payload, by=by)
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
    row = locked(agreement)
    check_is_guardian(by, row)
    require_state(row, AgreementState.SENT, "This agreement is not waiting for your signature")
    signature = _sign(row, AgreementSignature.Capacity.GUARDIAN, shown_sha256, typed_name, evidence, by)
    events.publish("agreement.signed", {"agreement": str(row.public_id)}, by=by)
    return signature


@transaction.atomic
def countersign(
    *, agreement: Agreement, shown_sha256: str, typed_name: str, evidence: Evidence, by: Actor
) -> AgreementSignature:
    """Somebody else countersigns for the host; from its start date the agreement is then in force."""
    gate.check(by, Action.AGREEMENT_COUNTERSIGN)
    row = locked(agreement)
    if row.signatures.filter(signed_by=by.user_id).exists():
        raise Refused("Somebody other than the person who signed has to countersign")
    require_state(row, AgreementState.SIGNED, "This agreement is not waiting for a countersignature")
    signature = _sign(row, AgreementSignature.Capacity.HOST, shown_sha256, typed_name, evidence, by)
    events.publish("agreement.countersigned", {"agreement": str(row.public_id)}, by=by)
    return signature


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


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
