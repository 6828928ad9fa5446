"""The doctor who answers for a plan: read again from the staff list for every act that is a doctor's alone."""

from django.db.models import BigIntegerField

from core.exceptions import NotAllowed
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import RoleKey
from governance.models import StaffListEntry
from governance.selectors.prepared import Prepared, Slot

_DOCTOR = Prepared(
    lambda: (
        StaffListEntry.objects.filter(role=RoleKey.DOCTOR, suspended_at=None)
        .exclude(registration_number="")
        .filter(pk=Slot("entry", BigIntegerField()), user=Slot("user", BigIntegerField()))
        .select_related("user", "organisation")
    )
)


def registered_doctor(by: Actor, act: str) -> StaffListEntry:
    """The actor's place on the staff list as a doctor with a registration number; NotAllowed when they have none.

    The facts are read again, the session's memory does not count. `act` ends the sentence of the refusal.
    """
    entry = None
    if by.entry_id is not None and by.user_id is not None:
        entry = next(iter(_DOCTOR.models(entry=by.entry_id, user=by.user_id)), None)
    if entry is None:
        text = f"Only a doctor with a registration number can {act}"
        raise NotAllowed(Decision(False, reasons=(Reason("not-a-doctor", text, "A colleague"),)))
    return entry
