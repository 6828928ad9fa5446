"""Lists of facts inside one query: as JSON, on every database, and back as values."""

import datetime
import json
from typing import Any

from django.db.models import Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from core import clock
from governance.facts import AgreementFact, RequirementFact, SignatureFact
from governance.models import (
    Agreement,
    AgreementEvent,
    AgreementSignature,
    AgreementTemplateVersion,
    TrainingRecord,
    TrainingRequirement,
)


class JSONList(Func):
    """All rows of a subquery as one JSON list; a plain function to Django, so that it adds no GROUP BY."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


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


def loaded(value: Any) -> list[Any]:
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


def _agreement(row: dict[str, Any]) -> AgreementFact:
    events = sorted(loaded(row["events"]), key=lambda event: (as_moment(event["at"]), event["pk"]))
    resign = row["resign"]
    resign = json.loads(resign) if isinstance(resign, str) else resign
    return AgreementFact(
        starts_on=datetime.date.fromisoformat(row["starts_on"]),
        ends_on=as_day(row["ends_on"]),
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
    return clock.today(as_moment(resign["at"])) + datetime.timedelta(days=resign["days"])


def _requirement(row: dict[str, Any]) -> RequirementFact:
    return RequirementFact(
        course_key=row["course"],
        valid_months=row["months"],
        grace_days=row["grace"],
        passed_at=as_moment(row["passed"]) if row["passed"] else None,
    )


def as_day(value: datetime.date | str | None) -> datetime.date | None:
    """A date as a driver or JSON gives it."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: datetime.datetime | str) -> datetime.datetime:
    """A moment as a driver or JSON gives it: with an offset from PostgreSQL, bare UTC from SQLite."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
