"""The organisation's agreement as something a flow moves: from its preparation to both signatures, and its renewal.

Every legal act is done on governance's own pages by its services, which keep their own rules; the case follows.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core import clock
from governance import gate, policies
from governance.actors import Actor
from governance.enums import Action, AgreementState
from governance.models import Agreement
from governance.selectors import agreements
from workflows.happenings import Happening
from workflows.registry import Subject, SubjectKind, subjects
from workflows.routing_facts import YES_NO, Fact
from workflows.services.following import subscribe

KIND = "agreement"
#: How long before its last day somebody is asked to renew it.
RENEWAL_DAYS = 90


class AgreementKind(SubjectKind):
    """An organisation's information sharing agreement; seen by whoever may see its page."""

    label = "Information sharing agreement"
    facts = (Fact("ending", "It ends soon", YES_NO),)

    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, Subject]:
        rows = Agreement.objects.filter(public_id__in=list(subject_ids))
        return {row.public_id: _subject(row) for row in rows.select_related("organisation", "template_version")}

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        return gate.decide(viewer, Action.ORGANISATION_READ, subject.gate_subject).allowed


def is_ending(agreement: Agreement, today: datetime.date) -> bool:
    """Whether it is in force and has at most ninety days to go."""
    fact = agreements.facts_of(agreement)
    last = policies.last_day(fact)
    near = last is not None and last - today <= datetime.timedelta(days=RENEWAL_DAYS)
    return near and policies.agreement_state(fact, today) in policies.IN_FORCE


def has_ended(agreement: Agreement, today: datetime.date) -> bool:
    """Whether its last day has passed."""
    return agreements.state_of(agreement, today) == AgreementState.LAPSED


def _subject(row: Agreement) -> Subject:
    # Read when a case is opened and never for a list.
    facts = SimpleLazyObject(lambda: {"ending": is_ending(row, clock.today())})
    return Subject(
        kind=KIND,
        id=row.public_id,
        owner_id=row.organisation_id,
        content_sha256=row.template_version.sha256,
        label=f"Agreement of {row.organisation.name}",
        link=reverse("governance:agreement", args=[row.public_id]),
        facts=cast(Mapping[str, Any], facts),
        record=row,
        gate_subject=row.organisation,
    )


def _named(payload: Mapping[str, Any]) -> list[UUID]:
    return [UUID(payload["agreement"])]


def _replaced(payload: Mapping[str, Any]) -> list[UUID]:
    """The other agreements of the organisation on the same kind of text: the one that was just concluded follows
    them.
    """
    new = Agreement.objects.select_related("template_version").get(public_id=payload["agreement"])
    earlier = Agreement.objects.filter(
        organisation=new.organisation_id, template_version__template=new.template_version.template_id
    )
    return list(earlier.exclude(pk=new.pk).values_list("public_id", flat=True))


_HAPPENINGS = {
    "agreement.drafted": Happening("An agreement is prepared", KIND, _named, "agreement.drafted", opens=True),
    "agreement.sent": Happening("The agreement is sent to be signed", KIND, _named, "agreement.sent"),
    "agreement.signed": Happening("The Caldicott Guardian signs", KIND, _named, "agreement.signed"),
    "agreement.countersigned": Happening("The host countersigns", KIND, _named, "agreement.countersigned"),
    "agreement.declined": Happening("The Caldicott Guardian declines", KIND, _named, "agreement.declined"),
    "agreement.withdrawn": Happening(
        "The host takes the agreement back", KIND, _named, "agreement.withdrawn", ends="withdrawn"
    ),
    "agreement.terminated": Happening(
        "The agreement is terminated", KIND, _named, "agreement.terminated", ends="terminated"
    ),
    "agreement.renewed": Happening("A new agreement is concluded", KIND, _replaced, "agreement.countersigned"),
    "agreement.lapsed": Happening("The last day of the agreement has passed", KIND, _named, ends="lapsed"),
}


def register() -> None:
    """Called once the apps are ready."""
    if KIND not in subjects:
        subjects.add(KIND, AgreementKind())
    for name, happening in _HAPPENINGS.items():
        subscribe(name, happening)
