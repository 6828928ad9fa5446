"""Builds people and organisations as tests need them. Everything goes through models, not services."""

import datetime
import itertools
from dataclasses import replace

from django.test import Client

from core import clock
from governance import acting, ledger
from governance.actors import Actor, reference
from governance.enums import ActorKind, RoleKey
from governance.identity import second_factor
from governance.models import (
    Agreement,
    AgreementSignature,
    AgreementTemplate,
    AgreementTemplateVersion,
    Organisation,
    StaffListEntry,
    SystemAccess,
    TrainingRecord,
    TrainingRequirement,
    User,
)
from governance.services import groups

#: All of one width: no name is the beginning of another, and they sort as they were made.
_numbers = itertools.count(100_001)
TEXT = "## Purpose\nTo share plans for direct care.\n"
COURSE = "using-foreword"
PASSWORD = "correct horse battery staple"


def user(email: str = "", **fields) -> User:
    number = next(_numbers)
    return User.objects.create_user(email or f"person{number}@example.org", PASSWORD, **fields)


def template_version() -> AgreementTemplateVersion:
    template, _ = AgreementTemplate.objects.get_or_create(key="isa", defaults={"title": "Information sharing"})
    version = template.versions.order_by("-number").first()
    return version or AgreementTemplateVersion.objects.create(
        template=template, number=1, body=TEXT, sha256=ledger.sha256(TEXT.encode())
    )


def text(template: AgreementTemplate, body: str, **fields) -> AgreementTemplateVersion:
    """The next text of a template."""
    number = template.versions.count() + 1
    digest = ledger.sha256(body.encode())
    return AgreementTemplateVersion.objects.create(template=template, number=number, body=body, sha256=digest, **fields)


def system(org: Organisation, client_id: str, **fields) -> SystemAccess:
    """A connected system of an organisation."""
    return SystemAccess.objects.create(client_id=client_id, label=client_id, organisation=org, **fields)


def resign_by_one_person(agreement: Agreement) -> Agreement:
    """Put the organisation on a new agreement whose two signatures are one person's."""
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=agreement.starts_on + datetime.timedelta(days=1))
    other = text(agreement.template_version.template, "The text one person signed twice", resign_required=False)
    row = Agreement.objects.create(
        organisation=agreement.organisation, template_version=other, starts_on=agreement.starts_on
    )
    signer = user()
    for capacity in AgreementSignature.Capacity.values:
        sign(row, capacity, signer)
    Agreement.objects.filter(pk=agreement.pk).update(template_version=other)
    return row


def organisation(ods_code: str = "", care_setting: str = "gp_practice", agreement: str = "in_force", **fields):
    """An organisation whose agreement is `in_force`, `lapsed`, `unsigned` or `none`."""
    number = next(_numbers)
    org = Organisation.objects.create(
        ods_code=ods_code or f"T{number}",
        name=fields.pop("name", f"Organisation {number}"),
        care_setting=care_setting,
        **fields,
    )
    if agreement != "none":
        today = clock.today()
        starts, ends = today - datetime.timedelta(days=400), today + datetime.timedelta(days=365)
        if agreement == "lapsed":
            ends = today - datetime.timedelta(days=1)
        row = Agreement.objects.create(
            organisation=org, template_version=template_version(), starts_on=starts, ends_on=ends
        )
        if agreement != "unsigned":
            for capacity in AgreementSignature.Capacity.values:
                sign(row, capacity)
    return org


def sign(agreement: Agreement, capacity: str, signer: User | None = None) -> AgreementSignature:
    return AgreementSignature.objects.create(
        agreement=agreement,
        capacity=capacity,
        signed_by=signer or user(),
        typed_name="A Guardian",
        post="Caldicott Guardian",
        statement="I sign.",
        document_sha256=agreement.template_version.sha256,
        signed_at=clock.now(),
    )


def entry(org: Organisation, role: str = "clinician", trained: bool = True, **fields) -> StaffListEntry:
    """A staff-list entry, its account, and (when `trained`) a pass in the course its role needs."""
    number = next(_numbers)
    account = fields.pop("user", None) or user(first_name="Sam", last_name=f"Tester{number}")
    if role == RoleKey.DOCTOR:
        fields.setdefault("registration_body", "GMC")
        fields.setdefault("registration_number", f"7{number}")
    fields.setdefault("starts_on", clock.today() - datetime.timedelta(days=30))
    row = StaffListEntry.objects.create(organisation=org, user=account, role=role, **fields)
    TrainingRequirement.objects.get_or_create(role=role, course_key=COURSE)
    if trained:
        train(account)
    return row


def replace_for(someone: Actor, absent: Actor) -> Actor:
    """Somebody as they decide for a colleague."""
    return replace(someone, on_behalf_of=str(absent.user_id))


def train(account: User, days_ago: int = 10) -> TrainingRecord:
    return TrainingRecord.objects.create(
        user=account,
        course_key=COURSE,
        passed_at=clock.now() - datetime.timedelta(days=days_ago),
        score=90,
        certificate_code=f"T{next(_numbers)}",
    )


def actor(row: StaffListEntry, **fields) -> Actor:
    """The actor of a staff-list entry."""
    return Actor(
        kind=ActorKind.STAFF,
        label=f"{row.role} {reference(row.user.public_id)}",
        user_id=row.user_id,
        entry_id=row.pk,
        organisation_id=row.organisation_id,
        role=RoleKey(row.role),
        **fields,
    )


def client_of(someone: Actor) -> Client:
    """A client signed in as the actor, acting under his place, with a second factor given in this session."""
    client = Client()
    client.force_login(User.objects.get(pk=someone.user_id))
    session = client.session
    session[second_factor.SET_UP] = 1.0
    if someone.entry_id is not None:
        session[acting.SESSION_KEY] = f"entry:{StaffListEntry.objects.get(pk=someone.entry_id).public_id}"
    session.save()
    return client


def admin_client_of(someone: Actor) -> Client:
    """A client of somebody whose role opens the administration, signed in with a second factor."""
    groups.sync(user=User.objects.get(pk=someone.user_id), by=Actor.job("test"))
    return client_of(someone)


def staff(org: Organisation, role: str = "clinician", **fields) -> Actor:
    return actor(entry(org, role, **fields))
