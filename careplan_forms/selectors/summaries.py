"""Reading the emergency row: one indexed query, never the access code.

These selectors take the viewer and refuse whoever the gate does not let read in an emergency; a row whose person did
not consent does not exist for any reader.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from careplan_forms.models import PlanSummary
from careplan_forms.names import name_key, postcode_key
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.selectors.prepared import Prepared, Slot

#: Enough to find the right person among namesakes, few enough to be useless for browsing.
MOST_MATCHES = 10


def readable(viewer: Actor) -> QuerySet[PlanSummary]:
    """The rows a reader may be shown; raises NotAllowed for everybody else."""
    check(viewer, Action.EMERGENCY_READ)
    return _rows()


def _rows() -> QuerySet[PlanSummary]:
    return PlanSummary.objects.filter(readable=True).defer("access_code_encrypted")


#: What an ambulance waits for: built once a process.
_BY_PLAN = Prepared(lambda: _rows().filter(plan_public_id=Slot("plan", UUIDField())))


def by_plan(*, viewer: Actor, plan_id: UUID) -> PlanSummary | None:
    """The row of one plan, with the decision it is read under: the page says what it warned of, asking once."""
    decision = check(viewer, Action.EMERGENCY_READ)
    found: PlanSummary | None = next(iter(_BY_PLAN.models(plan=plan_id)), None)
    if found is not None:
        found.read_under = decision
    return found


def by_nhs_number(*, viewer: Actor, nhs_number: str) -> list[PlanSummary]:
    """The person with exactly these ten digits, as a list of none or one."""
    return list(readable(viewer).filter(nhs_number=nhs_number)[:1])


def by_details(
    *, viewer: Actor, family_name: str, date_of_birth: datetime.date | None, postcode: str = ""
) -> list[PlanSummary]:
    """People with this surname and birth date or postcode. Restricted people are never found by details."""
    filters: dict[str, Any] = {"family_name_key": name_key(family_name)}
    if date_of_birth:
        filters["date_of_birth"] = date_of_birth
    if postcode:
        filters["postcode_key"] = postcode_key(postcode)
    rows = readable(viewer).filter(**filters).exclude(identity__restricted=True)
    return list(rows.order_by("date_of_birth", "pk")[:MOST_MATCHES])


def available_plan(*, viewer: Actor, nhs_number: str, areas: list[str]) -> UUID | None:
    """The public id of the person's readable plan when it lies in one of `areas` (none named: anywhere).

    For connected systems: the caller has asked the gate for `availability.read`.
    """
    rows = PlanSummary.objects.filter(nhs_number=nhs_number, readable=True, withdrawn_at=None, died_on=None)
    if areas:
        rows = rows.filter(area_code__in=areas)
    return rows.values_list("plan_public_id", flat=True).first() if viewer.is_signed_in else None
