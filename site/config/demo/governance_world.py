"""Organisations, agreements, staff, training: built through the services a person would use."""

import datetime
from dataclasses import dataclass, field
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from config.demo.organisations import AGREEMENT_TEXT, ORGANISATIONS, Org
from config.demo.personas import PASSWORD, PERSONAS, Persona
from core import clock, history
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import (
    Agreement,
    AgreementTemplate,
    Area,
    JobTitle,
    Organisation,
    Role,
    StaffListEntry,
    TrainingRequirement,
    User,
)
from governance.selectors.capacities import capacities_of
from governance.services import accounts, agreements, geography, groups, organisations, staff, training
from governance.services.agreements import Evidence
from workflows.subjects import agreement_upkeep

JOB = Actor.job("practice world")
COURSE = "using-foreword"
EVIDENCE = Evidence("192.0.2.1", "practice world", "practice world")
#: Whose agreement is to be renewed soon.
RENEWAL_DUE = "ZZN01"
UNTRAINED_ROLES = {RoleKey.LEARNER, RoleKey.PATIENT, RoleKey.DELEGATE}


@dataclass
class People:
    """Accounts and actors by persona key, organisations by code."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """The persona as the one they act as."""
        return capacities_of(self.users[key])[0].actor


def build() -> People:
    """Organisations and the people who may be here; see `join` for what lets them in."""
    geography.load(by=JOB)
    groups.sync_roles(by=JOB)
    for role in RoleKey:
        if not Role.objects.filter(key=role).exists():
            history.save(Role(key=role, label=role.label), by=None, reason="The roles of the service")
        if role not in UNTRAINED_ROLES:
            row = TrainingRequirement(role=role, course_key=COURSE, valid_months=12)
            history.save(row, by=None, reason="Every role takes the first course")
    people = People()
    for org in ORGANISATIONS:
        people.organisations[org.code] = _organisation(org)
    for serial, persona in enumerate(PERSONAS):
        people.users[persona.key] = _persona(people, persona, serial)
    return people


def join(people: People) -> None:
    """How far each organisation has come with its agreement, on the flow for it; and everybody's troubles."""
    _agreements(people)
    _troubles(people)
    groups.sync_everybody(by=JOB)
    agreement_upkeep.follow_dates(by=JOB, now=clock.now())


def _organisation(org: Org) -> Organisation:
    row = organisations.register(ods_code=org.code, name=org.name, care_setting=org.setting, by=JOB)
    area = Area.objects.get(code=org.area)
    starts = max(datetime.date(2022, 7, 1), area.starts_on or datetime.date.min)
    organisations.place(organisation=row, area=area, starts_on=starts, by=JOB)
    return row


def _persona(people: People, persona: Persona, serial: int) -> User:
    user = accounts.for_email(email=persona.email, first_name=persona.first_name, last_name=persona.last_name, by=JOB)
    user.password = _hashed()
    user.save(update_fields=["password"])
    confirmed = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=user, email=persona.email, defaults=confirmed)
    if not persona.org:
        return user
    doctor = persona.role == RoleKey.DOCTOR
    role = Role.objects.get(key=persona.role)
    title, _ = JobTitle.objects.get_or_create(label=persona.job, defaults={"role": role})
    staff.list_person(
        organisation=people.organisations[persona.org],
        user=user,
        role=persona.role,
        by=JOB,
        starts_on=clock.today() - datetime.timedelta(days=900),
        job_title=title,
        registration_body="GMC" if doctor else "",
        registration_number=f"70{serial:05d}" if doctor else "",
    )
    if persona.trouble != "never_trained":
        _train(user, (800, 500) if persona.trouble == "training_expired" else (800, 470, 140, 40))
    return user


@cache
def _hashed() -> str:
    """One hash for all: hashing forty times would take half a minute."""
    return make_password(PASSWORD)


def _train(user: User, days_ago: tuple[int, ...]) -> None:
    """A pass on each of these days; plans of the past were written by people trained then."""
    for days in days_ago:
        passed = clock.now() - datetime.timedelta(days=days)
        training.record_completion(user=user, course_key=COURSE, by=JOB, score=90, passed_at=passed)


def _agreements(people: People) -> None:
    template = AgreementTemplate(key="sharing", title="Information sharing agreement")
    history.save(template, by=None, reason="The first template")
    version = agreements.publish_version(template=template, body=AGREEMENT_TEXT, by=JOB)
    officer = people.actor("ig")
    for org in ORGANISATIONS:
        if org.joined == "host":
            continue
        row = people.organisations[org.code]
        today = clock.today()
        agreement = agreements.draft(
            organisation=row,
            template_version=version,
            starts_on=today - datetime.timedelta(days=600),
            ends_on=today + datetime.timedelta(days=80 if org.code == RENEWAL_DUE else 365),
            by=officer,
        )
        _through(people, org, agreement)


def _through(people: People, org: Org, agreement: Agreement) -> None:
    """Bring an agreement as far as its organisation has come."""
    if org.joined == "draft":
        return
    guardian = _guardian(people, org)
    agreements.send(agreement=agreement, by=people.actor("ig"))
    if org.joined == "sent":
        return
    sha256 = agreement.template_version.sha256
    by = people.actor(guardian)
    name = people.users[guardian].get_full_name()
    agreements.sign(agreement=agreement, shown_sha256=sha256, typed_name=name, evidence=EVIDENCE, by=by)
    if org.joined == "signed":
        return
    host, host_name = people.actor("ig"), people.users["ig"].get_full_name()
    agreements.countersign(agreement=agreement, shown_sha256=sha256, typed_name=host_name, evidence=EVIDENCE, by=host)
    if org.joined == "terminated":
        agreements.terminate(agreement=agreement, reason="The organisation closed its service", by=host)
    if org.joined == "lapsed":
        agreement.ends_on = clock.today() - datetime.timedelta(days=3)
        history.save(agreement, by=None, reason="Not renewed")


def _guardian(people: People, org: Org) -> str:
    """The persona who is the organisation's Guardian; where none is named, one is made."""
    named = [p.key for p in PERSONAS if p.org == org.code and p.role == RoleKey.CALDICOTT_GUARDIAN]
    key = named[0] if named else f"guardian-{org.code.lower()}"
    if not named:
        persona = Persona(key, "Guardian", org.code, org.code, RoleKey.CALDICOTT_GUARDIAN, "Caldicott Guardian")
        people.users[key] = _persona(people, persona, 0)
    organisations.appoint(
        organisation=people.organisations[org.code],
        user=people.users[key],
        post="caldicott_guardian",
        evidence="Letter of the chief executive",
        by=JOB,
        starts_on=clock.today() - datetime.timedelta(days=450),
    )
    return key


def _troubles(people: People) -> None:
    """One person for each reason to be refused."""
    ig = people.actor("ig")
    for persona in PERSONAS:
        entry = StaffListEntry.objects.filter(user=people.users[persona.key]).first()
        if persona.trouble == "suspended" and entry:
            staff.suspend(entry=entry, reason="Under review", by=ig)
        if persona.trouble == "ended" and entry:
            staff.end(entry=entry, reason="Left", by=ig, ends_on=clock.today() - datetime.timedelta(days=1))
        if persona.trouble == "closed":
            accounts.close(user=people.users[persona.key], reason="Left the service", by=ig)
    for org in ORGANISATIONS:
        if org.joined == "suspended":
            row = people.organisations[org.code]
            organisations.suspend(organisation=row, reason="Staff list not kept", by=ig)
