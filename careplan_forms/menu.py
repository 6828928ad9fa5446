"""What people who work with plans, and the people plans are about, find in the header."""

from core.navigation import NavItem, menu
from governance.actors import Actor
from governance.enums import CLINICAL_ROLES, ActorKind, RoleKey

_WORKLIST_ROLES = CLINICAL_ROLES | {RoleKey.CARE_HOME}


def works_with_plans(actor: Actor | None) -> bool:
    return actor is not None and actor.role in _WORKLIST_ROLES


def finds_people(actor: Actor | None) -> bool:
    return actor is not None and actor.role in CLINICAL_ROLES


def reads_in_emergencies(actor: Actor | None) -> bool:
    return actor is not None and actor.urgent_care


def has_a_plan_of_their_own(actor: Actor | None) -> bool:
    return actor is not None and actor.kind in (ActorKind.PERSON, ActorKind.DELEGATE)


def register() -> None:
    """Called once the apps are ready."""
    items = {
        "my-plan": NavItem("My plan", "careplan_forms:my-plans", order=5, shown_to=has_a_plan_of_their_own),
        "worklist": NavItem("Worklist", "careplan_forms:worklist", order=10, shown_to=works_with_plans),
        "emergency": NavItem("Find a plan", "careplan_forms:emergency-search", order=5, shown_to=reads_in_emergencies),
        "people": NavItem("Find a person", "careplan_forms:people", order=20, shown_to=finds_people),
    }
    for key, item in items.items():
        if key not in menu:
            menu.add(key, item)
