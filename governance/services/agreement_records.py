"""What every act on an agreement begins and ends with: its row held, the right people and state, a dated fact."""

from core import clock, events
from core.exceptions import Absent, Refused
from governance.actors import Actor
from governance.enums import AgreementState
from governance.models import Agreement, AgreementEvent
from governance.selectors import agreements as agreement_selectors
from governance.services import audit


def locked(agreement: Agreement) -> Agreement:
    """The agreement with its text and organisation, held until the transaction ends."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("template_version", "organisation")
    return rows.get(pk=agreement.pk)


def require_state(row: Agreement, state: AgreementState, otherwise: str) -> None:
    """Raise Refused with the sentence unless it is in the state today."""
    if agreement_selectors.state_of(row) != state:
        raise Refused(otherwise)


def check_is_guardian(by: Actor, row: Agreement) -> None:
    """Raise Absent for another organisation's agreement, Refused for whoever does not hold the post today."""
    if by.organisation_id != row.organisation_id:
        raise Absent
    holder = agreement_selectors.guardian_of(row.organisation_id, clock.today())
    if holder is None or holder.pk != by.user_id:
        raise Refused("Only the person who is the organisation's Caldicott Guardian today can sign or decline")


def note(
    row: Agreement, kind: AgreementEvent.Kind, reason: str, by: Actor, needs_reason: bool = False
) -> AgreementEvent:
    """Record a dated fact and tell who listens; Refused when it needs a reason and there is none."""
    if needs_reason and not reason.strip():
        raise Refused("Enter the reason", "reason")
    event = AgreementEvent.objects.create(
        agreement=row, kind=kind, at=clock.now(), by_id=by.user_id, reason=reason[:200]
    )
    audit.record(by=by, action=f"agreement.{kind}", target=row)
    if kind != AgreementEvent.Kind.SENT:
        events.publish(f"agreement.{kind}", {"agreement": str(row.public_id)}, by=by)
    return event
