"""In which capacities an account acts that is on no staff list: as the person, or for a person."""

from typing import Any

from django.db.models import BigIntegerField

from careplan_forms.enums import DelegateCapacity
from careplan_forms.models import CarePlan, Delegation, PatientAccount
from careplan_forms.portal_permissions import DELEGATE_PERMISSION
from careplan_forms.services import portal
from core import clock
from governance.acting import Capacity, capacity_sources
from governance.actors import Actor, reference
from governance.enums import ActorKind, RoleKey
from governance.selectors.prepared import Prepared, Slot
from governance.services.grants import Grantable, grantable

_USER = Slot("user", BigIntegerField())
_ACCOUNTS = Prepared(lambda: PatientAccount.objects.filter(user=_USER).order_by("-opened_at", "-pk"))
_DELEGATIONS = Prepared(
    lambda: Delegation.objects.filter(user=_USER).select_related("plan__patient").order_by("-given_at", "-pk")
)


def capacities(user: Any) -> list[Capacity]:
    """The account's own plan first, then the people it acts for; what has ended stays, so that the gate can say so."""
    return [*_own(user), *_for_others(user)]


def _own(user: Any) -> list[Capacity]:
    newest = sorted(_ACCOUNTS.models(user=user.pk), key=lambda row: row.ended_at is not None)[:1]
    return [_as_the_person(user, row) for row in newest]


def _as_the_person(user: Any, row: PatientAccount) -> Capacity:
    actor = Actor(
        kind=ActorKind.PERSON,
        label=f"{RoleKey.PATIENT} {reference(user.public_id)}",
        user_id=user.pk,
        role=RoleKey.PATIENT,
    )
    return Capacity(f"person:{row.public_id}", RoleKey.PATIENT.label, "", actor, row.ended_at is None)


def _for_others(user: Any) -> list[Capacity]:
    """One for each person, whatever the number of their plans; a live delegation speaks before an ended one."""
    today = clock.today()
    rows = _DELEGATIONS.models(user=user.pk)
    found: dict[int, Delegation] = {}
    for row in sorted(rows, key=lambda row: not _is_live(row, today)):
        found.setdefault(row.plan.patient_id, row)
    return [_as_a_delegate(user, row, _is_live(row, today)) for row in found.values()]


def _is_live(row: Delegation, today: Any) -> bool:
    return row.revoked_at is None and row.until >= today


def _as_a_delegate(user: Any, row: Delegation, live: bool) -> Capacity:
    patient = row.plan.patient
    actor = Actor(
        kind=ActorKind.DELEGATE,
        label=f"{RoleKey.DELEGATE} {reference(user.public_id)}",
        user_id=user.pk,
        role=RoleKey.DELEGATE,
        on_behalf_of=str(patient.public_id),
    )
    name = " ".join(filter(None, (patient.given_names, patient.family_name)))
    return Capacity(f"for:{patient.public_id}", DelegateCapacity(row.capacity).label, f"for {name}", actor, live)


def register() -> None:
    """Called once the apps are ready."""
    if "people" not in capacity_sources:
        capacity_sources.add("people", capacities)
    if "careplan" not in grantable:
        grantable.add("careplan", Grantable(CarePlan, DELEGATE_PERMISSION, portal.check_may_delegate))
