"""Who knocks at every door: one persona for every role, and those who may no longer come in."""

import datetime
from dataclasses import dataclass

from django.test import Client

from core import clock
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import StaffListEntry, User
from tests.factories import governance as make
from tests.factories import portal

HOST = ("clinical_lead", "clinical_safety_officer", "ig_officer", "content_editor", "operator")
PRACTICE = ("clinician", "doctor", "care_home", "org_lead", "caldicott_guardian", "privacy_officer")
ELSEWHERE = ("urgent_reader", "commissioner")
ROLES = (*HOST, *PRACTICE, *ELSEWHERE)
#: On no staff list: the person a plan is about, and somebody who acts for one.
PEOPLE = ("patient", "delegate")
#: Shut out of everything that needs a place on a staff list, each for another reason.
SHUT_OUT = ("stranger", "learner", "suspended", "ended", "lapsed", "untrained", "no_factor")
ALL = (*ROLES, *PEOPLE, *SHUT_OUT)


@dataclass(frozen=True)
class World:
    """The personas and how to sign in as one."""

    actors: dict[str, Actor]

    def client(self, persona: str) -> Client:
        """A client signed in as the persona, afresh, so that no request spoils the next."""
        if persona == "stranger":
            return Client()
        if persona in ("learner", "no_factor", *PEOPLE):
            client = Client()
            client.force_login(User.objects.get(pk=self.actors[persona].user_id))
            return client
        return make.client_of(self.actors[persona])


def people() -> World:
    """A practice, an ambulance service, a commissioner, the host, a practice whose agreement has ended."""
    host = make.organisation(care_setting="host", agreement="none")
    practice = make.organisation()
    homes = dict.fromkeys(HOST, host) | dict.fromkeys(PRACTICE, practice)
    homes["urgent_reader"] = make.organisation(care_setting="ambulance")
    homes["commissioner"] = make.organisation(care_setting="commissioner")
    actors = {role: make.staff(homes[role], RoleKey(role)) for role in ROLES}
    actors["suspended"] = _suspended(make.staff(practice, "doctor"))
    actors["ended"] = _ended(make.staff(practice, "doctor"))
    actors["lapsed"] = make.staff(make.organisation(agreement="lapsed"), "doctor")
    actors["untrained"] = make.staff(practice, "doctor", trained=False)
    actors["no_factor"] = make.staff(practice, "doctor")
    actors["learner"] = Actor(kind=actors["doctor"].kind, label="learner", user_id=make.user().pk)
    return World(actors | portal.somebodys_people(actors["clinician"]))


def _suspended(actor: Actor) -> Actor:
    rows = StaffListEntry.objects.filter(pk=actor.entry_id)
    rows.update(suspended_at=clock.now(), suspended_by=actor.user_id)
    return actor


def _ended(actor: Actor) -> Actor:
    rows = StaffListEntry.objects.filter(pk=actor.entry_id)
    rows.update(ends_on=clock.today() - datetime.timedelta(days=20))
    return actor


def form_editor() -> Actor:
    """A clinician who may edit one form by a grant: the administration shows that form and nothing else."""
    from careplan_forms.models import FormDefinition
    from governance.services import grants

    lead = make.staff(make.organisation(care_setting="host", agreement="none"), "clinical_lead")
    editor = make.staff(make.organisation(), "clinician")
    form = FormDefinition.objects.create(key="granted", title="Granted", live=False)
    until = clock.now() + datetime.timedelta(days=30)
    user = User.objects.get(pk=editor.user_id)
    grants.grant(user=user, subject=form, until=until, reason="Test", by=lead)
    return editor
