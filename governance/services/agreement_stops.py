"""Stopping an agreement: declined or taken back before both have signed, suspended for a while, or terminated."""

from django.db import transaction

from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action, AgreementState
from governance.models import Agreement, AgreementEvent
from governance.selectors import agreements as agreement_selectors
from governance.services.agreement_records import check_is_guardian, locked, note, require_state

#: States from which a named person has led it out of use for good.
OVER = frozenset({AgreementState.TERMINATED, AgreementState.DECLINED, AgreementState.WITHDRAWN})
#: States before both have signed.
NOT_CONCLUDED = frozenset({AgreementState.DRAFT, AgreementState.SENT, AgreementState.SIGNED})


@transaction.atomic
def decline(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """The Guardian says that he will not sign it, and why; another agreement can be prepared."""
    gate.check(by, Action.AGREEMENT_SIGN)
    row = locked(agreement)
    check_is_guardian(by, row)
    require_state(row, AgreementState.SENT, "This agreement is not waiting for your signature")
    return note(row, AgreementEvent.Kind.DECLINED, reason, by, needs_reason=True)


@transaction.atomic
def withdraw(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """The host takes it back before both have signed; afterwards it can only be terminated."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(agreement)
    if agreement_selectors.state_of(row) not in NOT_CONCLUDED:
        raise Refused("Only an agreement that not both have signed can be taken back")
    return note(row, AgreementEvent.Kind.WITHDRAWN, reason, by, needs_reason=True)


@transaction.atomic
def suspend(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """Stop it for a while, at once."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(agreement)
    if agreement_selectors.state_of(row) in (*OVER, AgreementState.SUSPENDED):
        raise Refused("This agreement is already suspended or terminated")
    return note(row, AgreementEvent.Kind.SUSPENDED, reason, by, needs_reason=True)


@transaction.atomic
def resume(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """Let a suspended agreement go on."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(agreement)
    require_state(row, AgreementState.SUSPENDED, "This agreement is not suspended")
    return note(row, AgreementEvent.Kind.RESUMED, reason, by, needs_reason=True)


@transaction.atomic
def terminate(*, agreement: Agreement, reason: str, by: Actor) -> AgreementEvent:
    """End it for good, at once; the organisation needs a new agreement to come back."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = locked(agreement)
    if agreement_selectors.state_of(row) in OVER:
        raise Refused("This agreement is already terminated")
    return note(row, AgreementEvent.Kind.TERMINATED, reason, by, needs_reason=True)
