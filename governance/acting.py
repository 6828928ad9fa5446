"""Whom a signed-in account may act for, and which one it has chosen for this session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.registry import Registry
from governance.actors import Actor, reference
from governance.enums import ActorKind, RoleKey

#: The session key that remembers the choice: a `Capacity.key`.
SESSION_KEY = "acting_for"


@dataclass(frozen=True, slots=True)
class Capacity:
    """One way an account may act: under a staff-list entry, as a lead by grant, as the person, for the person.

    `organisation_name` is what stands beside the role: the organisation, or whom somebody acts for (then it is a name:
    for the page, never for a log). `key` is what the chooser posts and the session keeps; `current` is False for a
    place that ended or is suspended (it can still be acted under, so that the gate can say why nothing is open);
    `actor` carries the references. `unread` is how many notices the account has not read, where that is known.
    """

    key: str
    role_label: str
    organisation_name: str = field(repr=False)
    actor: Actor
    current: bool = True
    unread: int = 0


#: Layers above add capacities of people who are on no staff list (the person, a carer): user → capacities.
capacity_sources: Registry[Callable[[Any], list[Capacity]]] = Registry("capacities of people")


def learner(user: Any) -> Capacity:
    """An account that is on no list: it may learn, and nothing else."""
    actor = Actor(
        kind=ActorKind.STAFF,
        label=f"{RoleKey.LEARNER} {reference(user.public_id)}",
        user_id=user.pk,
        role=RoleKey.LEARNER,
    )
    return Capacity("learner", RoleKey.LEARNER.label, "", actor)


def undecided(user: Any) -> Capacity:
    """An account with several places that has not said yet which one it acts under."""
    actor = Actor(kind=ActorKind.STAFF, label=f"undecided {reference(user.public_id)}", user_id=user.pk)
    return Capacity("", "", "", actor)


def chosen(capacities: list[Capacity], session: Mapping[str, Any]) -> Capacity | None:
    """The capacity the session has chosen, else the only one there is; None while there are several.

    Somebody who is no member of staff is not asked: their own plan comes first, and the header leads to the others.
    """
    wanted = session.get(SESSION_KEY)
    for capacity in capacities:
        if capacity.key == wanted:
            return capacity
    current = [capacity for capacity in capacities if capacity.current] or capacities[:1]
    private = all(capacity.actor.kind != ActorKind.STAFF for capacity in current)
    return current[0] if current and (private or len(current) == 1) else None
