"""Holding a case while something is done to it."""

from django.db.models import BigIntegerField

from governance.selectors.prepared import Prepared, Slot
from workflows.models import FlowCase

_HELD = Prepared(
    lambda: (
        FlowCase.objects.select_for_update(of=("self",))
        .select_related("version", "owner")
        .filter(pk=Slot("case", BigIntegerField()))
    )
)


def lock_case(pk: int) -> FlowCase:
    """The case with its version and owner, held until the transaction ends; everything that moves it asks here.

    PostgreSQL leaves a row out that was moved to another version while it was waited for, because the version it
    was joined to is no longer its own. Asked again, it is there as it stands now.
    """
    rows: list[FlowCase] = _HELD.models(case=pk) or _HELD.models(case=pk)
    return rows[0]
