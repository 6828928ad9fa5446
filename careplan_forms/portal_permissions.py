"""Who may see a plan as the person it is about, or as somebody who acts for them.

After a death nobody reads as the person, and nobody acts for them: an attorney's power ends with the life it served.
"""

import datetime

from django.db.models import QuerySet

from careplan_forms.enums import IdentityLevel
from careplan_forms.models import CarePlan, Delegation, PatientAccount
from careplan_forms.permissions import holds_grant, newest_consent
from careplan_forms.policies import permits_sharing
from core import clock
from governance.actors import Actor
from governance.enums import ActorKind

#: Apart from the permission of a clinician from elsewhere, so that neither is ever taken for the other.
DELEGATE_PERMISSION = "careplan_forms.act_for_person"


def open_accounts(user_id: int | None) -> QuerySet[PatientAccount]:
    """The account's own: verified to the level that reading takes, and not ended. At most one."""
    return PatientAccount.objects.filter(
        user=user_id, ended_at=None, verified_at__isnull=False, identity_level=IdentityLevel.HIGH
    )


def live_delegations(user_id: int | None, today: datetime.date | None = None) -> QuerySet[Delegation]:
    """What somebody was asked to act for, not revoked and not past its last day. One half: see the gate's grant."""
    return Delegation.objects.filter(user=user_id, revoked_at=None, until__gte=today or clock.today())


def user_can_read_as_person(user: Actor, plan: CarePlan) -> bool:
    """Their own verified, open account. Whether they agree to share with others makes no difference to them."""
    return plan.patient.died_on is None and open_accounts(user.user_id).filter(patient=plan.patient_id).exists()


def user_can_read_for_person(user: Actor, plan: CarePlan) -> bool:
    """A live delegation for whom they chose to act for, its grant in both halves, and the person's agreement."""
    if plan.patient.died_on is not None or user.on_behalf_of != str(plan.patient.public_id):
        return False
    return (
        live_delegations(user.user_id).filter(plan=plan).exists()
        and holds_grant(user.user_id, plan, DELEGATE_PERMISSION)
        and permits_sharing(newest_consent(plan.patient))
    )


def user_can_read_my_plan(user: Actor, plan: CarePlan) -> bool:
    """As the one they act as now: a person who is also somebody's carer never mixes the two."""
    if user.kind == ActorKind.PERSON:
        return user_can_read_as_person(user, plan)
    return user.kind == ActorKind.DELEGATE and user_can_read_for_person(user, plan)


def sections_open_to(user: Actor, plan: CarePlan) -> frozenset[str] | None:
    """The keys of the sections somebody is shown of a plan they may read; None is all of them."""
    if user.kind == ActorKind.PERSON:
        return None
    named = live_delegations(user.user_id).filter(plan=plan).values_list("sections", flat=True).first()
    if named is None:
        return frozenset()
    return frozenset(named) or None
