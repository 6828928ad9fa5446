"""In which relation somebody stands to a case, in their own name or that of a colleague they stand in for."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import ActorKind
from governance.helping import LEAD
from workflows.engine.spec import ANY_ROLE, ActorRule, Scope
from workflows.models import FlowCase
from workflows.registry import Subject
from workflows.selectors import people


@dataclass(frozen=True)
class Person:
    """Whose relation to the case is looked at: the actor's own, or that of the colleague they stand in for."""

    user_id: int | None
    organisation_id: int | None
    roles: frozenset[str]
    is_patient_side: bool


def acting_as(actor: Actor, now: datetime.datetime) -> tuple[Person, list[Reason]]:
    """The person whose relation counts for the actor's decisions, and why the actor may not decide for them."""
    roles = frozenset({str(actor.role)}) if actor.role else frozenset()
    patient_side = actor.kind in (ActorKind.PERSON, ActorKind.DELEGATE)
    oneself = Person(actor.user_id, actor.organisation_id, roles, patient_side)
    if actor.kind != ActorKind.STAFF or not actor.on_behalf_of:
        return oneself, []
    principal = _live_delegation(actor, now)
    if principal is None:
        text = "You may not decide for this colleague today: there is no delegation to you that covers it"
        return oneself, [Reason("no-delegation", text, LEAD, reverse("workflows:away"))]
    place = actor.organisation_id or 0
    roles = people.roles_of(user_id=principal, organisation_id=place, now=now)
    return Person(principal, place, roles, False), []


def _live_delegation(actor: Actor, now: datetime.datetime) -> int | None:
    """The colleague the actor stands in for, when that colleague (or their lead) said so for this time and
    place.
    """
    if not actor.on_behalf_of.isdigit() or actor.user_id is None or actor.organisation_id is None:
        return None
    principal = int(actor.on_behalf_of)
    live = people.may_stand_in(
        from_user_id=principal, to_user_id=actor.user_id, organisation_id=actor.organisation_id, now=now
    )
    return principal if live else None


def matches(rule: ActorRule, person: Person, case: FlowCase, subject: Subject) -> bool:
    """Whether a step for `rule` is one for the person."""
    return rule.role in person.roles | {ANY_ROLE} and _in_scope(rule.scope, person, case, subject)


def _in_scope(scope: Scope, person: Person, case: FlowCase, subject: Subject) -> bool:
    if person.user_id is None:
        return False
    if scope is Scope.PATIENT_OR_PROXY:
        return person.is_patient_side and person.user_id in subject.person_user_ids
    place = person.organisation_id
    if person.is_patient_side or place is None:
        return False
    return {
        Scope.OWNER_ORG: lambda: place == case.owner_id,
        Scope.SHARING_ORG: lambda: place in subject.sharing_organisation_ids,
        Scope.HOST: lambda: place in people.host_ids(),
        Scope.SUBMITTER: lambda: person.user_id == case.opened_by_id,
        Scope.AUTHOR: lambda: person.user_id in subject.author_ids,
        Scope.NAMED_USER: lambda: people.has_task(user_id=person.user_id, case=case, organisation_id=place),
    }[scope]()
