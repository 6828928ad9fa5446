"""One query for everything the gate knows of an actor. Lists inside it come back as JSON, on every database."""

import datetime
import json
from typing import Any

from django.db.models import Exists, Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from core import clock
from governance.actors import Actor
from governance.enums import ActorKind
from governance.facts import (
    ActorFacts,
    AgreementFact,
    EntryFact,
    OrganisationFact,
    RequirementFact,
    SignatureFact,
    SystemFact,
)
from governance.models import (
    Agreement,
    AgreementEvent,
    AgreementSignature,
    AgreementTemplateVersion,
    StaffListEntry,
    SystemAccess,
    TrainingRecord,
    TrainingRequirement,
    User,
)
from governance.selectors.grants import live_lead_grants


class JSONList(Func):
    """All rows of a subquery as one JSON list; a plain function to Django, so that it adds no GROUP BY."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def actor_facts(actor: Actor, at: datetime.datetime | None = None) -> ActorFacts:
    """The actor's facts at `at` (now). One query; a stranger and a job need none."""
    at = at or clock.now()
    today = clock.today(at)
    if actor.kind == ActorKind.SYSTEM:
        return _system_facts(actor, at, today)
    if actor.user_id is None:
        return ActorFacts(at=at, today=today)
    if actor.entry_id is not None:
        return _entry_facts(actor, at, today)
    if actor.organisation_id is not None:
        return _lead_facts(actor, at, today)
    active = User.objects.filter(pk=actor.user_id).values_list("is_active", flat=True).first()
    return ActorFacts(at=at, today=today, account_active=active)


def with_agreements(organisations_key: str) -> Subquery:
    """The agreements of the organisation whose key is `organisations_key` in the outer query, as JSON."""
    return Subquery(agreement_rows(Agreement.objects.filter(organisation=OuterRef(organisations_key))))


def agreement_rows(agreements: QuerySet[Agreement]) -> QuerySet:
    """One row, one JSON value: the facts of these agreements."""
    return (
        agreements.order_by()
        .annotate(_signatures=Subquery(_signatures()), _events=Subquery(_events()), _resign=Subquery(_resign()))
        .values(
            rows=JSONList(
                JSONObject(
                    starts_on="starts_on",
                    ends_on="ends_on",
                    text="template_version__sha256",
                    signatures="_signatures",
                    events="_events",
                    resign="_resign",
                )
            )
        )
    )


def agreements_from(value: Any) -> tuple[AgreementFact, ...]:
    """What `with_agreements` brought, as facts."""
    return tuple(_agreement(row) for row in loaded(value))


def requirements_from(value: Any) -> tuple[RequirementFact, ...]:
    """What `requirement_rows` brought, as facts."""
    return tuple(_requirement(row) for row in loaded(value))


def loaded(value: Any) -> list[dict[str, Any]]:
    """A JSON list as the database gave it: text in SQLite's nested values, a list elsewhere, None when empty."""
    if isinstance(value, str | bytes):
        value = json.loads(value)
    return value or []


def _signatures() -> QuerySet:
    rows = AgreementSignature.objects.filter(agreement=OuterRef("pk")).order_by()
    return rows.values(rows=JSONList(JSONObject(capacity="capacity", by="signed_by_id", sha256="document_sha256")))


def _events() -> QuerySet:
    rows = AgreementEvent.objects.filter(agreement=OuterRef("pk")).order_by()
    return rows.values(rows=JSONList(JSONObject(at="at", pk="pk", kind="kind")))


def _resign() -> QuerySet:
    """The first newer text that has to be signed again: when it came and how long the old one may still run."""
    newer = AgreementTemplateVersion.objects.filter(
        template=OuterRef("template_version__template"),
        number__gt=OuterRef("template_version__number"),
        resign_required=True,
    )
    return newer.order_by("number").values(row=JSONObject(at="created_at", days="grace_days"))[:1]


def requirement_rows() -> QuerySet:
    """One row, one JSON value: the courses the outer staff-list entry's role needs, and its last passes."""
    latest = TrainingRecord.objects.filter(user=OuterRef(OuterRef("user")), course_key=OuterRef("course_key"))
    rows = TrainingRequirement.objects.filter(role=OuterRef("role")).order_by()
    return rows.annotate(_passed=Subquery(latest.order_by("-passed_at").values("passed_at")[:1])).values(
        rows=JSONList(JSONObject(course="course_key", months="valid_months", grace="grace_days", passed="_passed"))
    )


def _entry_facts(actor: Actor, at: datetime.datetime, today: datetime.date) -> ActorFacts:
    row = (
        StaffListEntry.objects.filter(pk=actor.entry_id, user=actor.user_id)
        .annotate(
            _agreements=with_agreements("organisation"),
            _requirements=Subquery(requirement_rows()),
            _leads=Exists(live_lead_grants(actor.user_id or 0, at).filter(content_object=OuterRef("organisation"))),
        )
        .select_related("organisation", "user")
        .only(*_ENTRY_FIELDS, *_organisation_fields("organisation"), "user__is_active")
        .first()
    )
    if row is None:
        return ActorFacts(at=at, today=today)
    return ActorFacts(
        at=at,
        today=today,
        account_active=row.user.is_active,
        entry=EntryFact(
            role=row.role,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_suspended=row.suspended_at is not None,
            registration_number=row.registration_number,
        ),
        organisation=_organisation(row.organisation),
        agreements=agreements_from(row._agreements),
        requirements=requirements_from(row._requirements),
        has_lead_grant=row._leads,
    )


def _lead_facts(actor: Actor, at: datetime.datetime, today: datetime.date) -> ActorFacts:
    """Somebody who leads an organisation by a grant, before the organisation has a staff list."""
    row = (
        live_lead_grants(actor.user_id or 0, at)
        .filter(content_object=actor.organisation_id)
        .annotate(_agreements=with_agreements("content_object"))
        .select_related("content_object", "user")
        .first()
    )
    if row is None:
        return ActorFacts(at=at, today=today)
    return ActorFacts(
        at=at,
        today=today,
        account_active=row.user.is_active,
        organisation=_organisation(row.content_object),
        agreements=agreements_from(row._agreements),
        has_lead_grant=True,
    )


def _system_facts(actor: Actor, at: datetime.datetime, today: datetime.date) -> ActorFacts:
    row = (
        SystemAccess.objects.filter(client_id=actor.client_id)
        .annotate(_agreements=with_agreements("organisation"))
        .select_related("organisation")
        .only("valid_from", "valid_until", *_organisation_fields("organisation"))
        .first()
    )
    if row is None:
        return ActorFacts(at=at, today=today)
    return ActorFacts(
        at=at,
        today=today,
        organisation=_organisation(row.organisation),
        agreements=agreements_from(row._agreements),
        system=SystemFact(valid_from=row.valid_from, valid_until=row.valid_until),
    )


_ENTRY_FIELDS = ("user_id", "role", "starts_on", "ends_on", "suspended_at", "registration_number")


def _organisation_fields(prefix: str) -> list[str]:
    return [f"{prefix}__{name}" for name in ("name", "care_setting", "closed_on", "suspended_at")]


def _organisation(row: Any) -> OrganisationFact:
    return OrganisationFact(
        pk=row.pk,
        name=row.name,
        care_setting=row.care_setting,
        closed_on=row.closed_on,
        is_suspended=row.suspended_at is not None,
    )


def _agreement(row: dict[str, Any]) -> AgreementFact:
    events = sorted(loaded(row["events"]), key=lambda event: (_moment(event["at"]), event["pk"]))
    resign = row["resign"]
    resign = json.loads(resign) if isinstance(resign, str) else resign
    return AgreementFact(
        starts_on=datetime.date.fromisoformat(row["starts_on"]),
        ends_on=datetime.date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        text_sha256=row["text"],
        signatures=tuple(
            SignatureFact(item["capacity"], item["by"], item["sha256"]) for item in loaded(row["signatures"])
        ),
        events=tuple(event["kind"] for event in events),
        resign_by=_resign_by(resign),
    )


def _resign_by(resign: dict[str, Any] | None) -> datetime.date | None:
    if not resign:
        return None
    return clock.today(_moment(resign["at"])) + datetime.timedelta(days=resign["days"])


def _requirement(row: dict[str, Any]) -> RequirementFact:
    return RequirementFact(
        course_key=row["course"],
        valid_months=row["months"],
        grace_days=row["grace"],
        passed_at=_moment(row["passed"]) if row["passed"] else None,
    )


def _moment(text: str) -> datetime.datetime:
    """A moment inside JSON: with an offset from PostgreSQL, bare UTC from SQLite."""
    value = datetime.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
