"""Who may see and do what to governance's own objects: the clauses the gate asks about them."""

from typing import Any

from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import Action, ActorKind, CareSetting, RoleKey
from governance.helping import DESK
from governance.models import Organisation

#: Roles that, at the host, see every organisation. Elsewhere the same roles see their own.
SEE_ALL_AT_HOST = frozenset({RoleKey.IG_OFFICER, RoleKey.PRIVACY_OFFICER, RoleKey.OPERATOR})

_NOT_YOURS = Reason("not-your-organisation", "This is another organisation's", DESK)


def sees_every_organisation(actor: Actor) -> bool:
    """Whether the actor's role at the host reaches over all organisations; one query for the few who might."""
    if actor.kind == ActorKind.JOB:
        return True
    if actor.role not in SEE_ALL_AT_HOST or actor.organisation_id is None:
        return False
    return Organisation.objects.filter(pk=actor.organisation_id, care_setting=CareSetting.HOST).exists()


def organisation_clause(actor: Actor, action: Action, subject: Any) -> list[Reason]:
    """One's own organisation, or any for the host's officers. A Guardian signs for his own only."""
    if actor.organisation_id == subject.pk:
        return []
    if action == Action.AGREEMENT_SIGN:
        return [_NOT_YOURS]
    if action == Action.STAFF_LIST_MANAGE and actor.role not in (RoleKey.IG_OFFICER, None):
        return [_NOT_YOURS]
    return [] if sees_every_organisation(actor) else [_NOT_YOURS]
