"""Who has looked at a plan, from the audit trail."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from careplan_forms import trail
from careplan_forms.enums import ReadReason
from careplan_forms.models import CarePlan
from governance.actors import Actor
from governance.enums import Action, ActorKind, RoleKey
from governance.gate import check
from governance.models import AuditEvent, Organisation, User

#: The newest looks a page shows.
MOST_LOOKS = 200
#: Pages turned by one person within this time are one look.
ONE_SITTING = datetime.timedelta(minutes=10)

_LOOKS = {
    "plan.read": "Looked at the plan",
    "my_plan.read": "Looked at the plan in their own account",
    "plan.file_read": "Opened a file of the plan",
    "my_plan.file_read": "Opened a file of the plan in their own account",
    "emergency.read_file": "Opened a file in an emergency",
    "emergency.read": "Read it in an emergency",
    "emergency.read_full": "Read the full plan in an emergency",
    "emergency.access_code": "Was shown the access code",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, who, in which role, for whom, what they did and why; then the same as codes, for the page that
    says it to the person.
    """

    at: datetime.datetime
    who: str
    role: str
    organisation: str
    what: str
    why: str
    code: str
    role_key: str
    reason: str


def looks_at(*, viewer: Actor, plan: CarePlan, action: Action = Action.PLAN_READ) -> list[Look]:
    """The newest looks at a plan, the viewer's own among them; pages turned in one sitting count as one.

    `action` is what the viewer's page is for.
    """
    check(viewer, action, plan)
    kind, ref = trail.plan_target(plan)
    events = list(
        AuditEvent.objects.filter(target_kind=kind, target_ref=ref, action__in=_LOOKS).order_by("-at")[:MOST_LOOKS]
    )
    events = list(_sittings(events))
    users = _users({event.actor_id for event in events if event.actor_kind == ActorKind.STAFF})
    places = _places({event.organisation_ref for event in events})
    return [
        Look(
            at=event.at,
            who=users.get(event.actor_id, event.actor_label),
            role=RoleKey(event.role).label if event.role in RoleKey.values else "",
            organisation=places.get(event.organisation_ref, ""),
            what=_LOOKS[event.action],
            why=_why(event.purpose),
            code=event.action,
            role_key=event.role,
            reason=event.purpose.partition(":")[0],
        )
        for event in events
    ]


def _sittings(events: list[AuditEvent]) -> Iterator[AuditEvent]:
    """The first look of each sitting, newest first: the same person for the same organisation, doing the same."""
    kept: dict[tuple[str, ...], AuditEvent] = {}
    found = []
    for event in reversed(events):
        key = (event.actor_kind, event.actor_id, event.organisation_ref, event.action, event.purpose)
        before = kept.get(key)
        if before is None or event.at - before.at > ONE_SITTING:
            found.append(event)
        kept[key] = event
    return iter(found[::-1])


def _why(purpose: str) -> str:
    code, _, words = purpose.partition(":")
    if code not in ReadReason.values:
        return purpose
    return words.strip() or ReadReason(code).label


def _users(ids: set[str]) -> dict[str, str]:
    rows = User.objects.filter(pk__in=[int(each) for each in ids if each.isdigit()])
    return {str(user.pk): user.display_name for user in rows}


def _places(refs: set[str]) -> dict[str, str]:
    rows = Organisation.objects.filter(pk__in=[int(ref) for ref in refs if ref.isdigit()])
    return {str(place.pk): place.name for place in rows}
