"""Accounts of people plans are about, and of those who act for them, given by the services that give them."""

import datetime
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from careplan_forms.models import CarePlan, Delegation, PatientAccount
from careplan_forms.services import portal
from core import clock
from governance.actors import Actor
from governance.enums import ActorKind
from governance.models import User
from governance.selectors.capacities import current_capacities_of
from tests.factories import careplan_forms as make
from tests.factories import governance as people

_numbers = itertools.count(1)


def account(by: Actor, plan: CarePlan, email: str = "", **fields: Any) -> PatientAccount:
    """An account for the plan's person."""
    return portal.give_account(
        by=by,
        plan=plan,
        email=email or f"patient{next(_numbers)}@example.org",
        identity_check=fields.pop("identity_check", "documents"),
        now=fields.pop("now", None) or clock.now(),
        **fields,
    )


def delegation(by: Actor, plan: CarePlan, email: str = "", **fields: Any) -> Delegation:
    """Somebody who acts for the plan's person, for thirty days and for everything unless said otherwise."""
    given = {
        "email": email or f"delegate{next(_numbers)}@example.org",
        "first_name": "Delia",
        "last_name": "Gate",
        "capacity": "attorney",
        "evidence": "Registered document seen",
        "sections": [],
        "until": clock.today() + datetime.timedelta(days=30),
        "now": clock.now(),
    } | fields
    return portal.delegate(by=by, plan=plan, **given)


def confirmed_user() -> User:
    """An account with a password whose address its owner confirmed."""
    user = people.user()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def person_of(user: User) -> Actor:
    """The account acting as the person."""
    return _acting(user, ActorKind.PERSON)


def delegate_of(user: User) -> Actor:
    """The account acting for a person."""
    return _acting(user, ActorKind.DELEGATE)


def browser_of(user: User) -> Client:
    """A browser signed in with the account, without a second factor."""
    client = Client()
    client.force_login(user)
    return client


def _acting(user: User, kind: ActorKind) -> Actor:
    return next(each.actor for each in current_capacities_of(user) if each.actor.kind == kind)


def somebodys_people(clinician: Actor) -> dict[str, Actor]:
    """The person of a plan of the clinician's, and somebody who acts for them, by persona; both have a password."""
    plan = make.plan(clinician)
    return {
        "patient": person_of(account(clinician, plan, confirmed_user().email).user),
        "delegate": delegate_of(delegation(clinician, plan, confirmed_user().email).user),
    }
