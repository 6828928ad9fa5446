"""An audit row that carries its own digest beside the same row without one, each in its own transaction."""

from django.db import transaction

from benchmarks import data
from benchmarks.harness import Case, Part
from core import clock
from core.ids import uuid7
from governance import ledger
from governance.models import AuditEvent
from governance.services import audit


def build() -> list[Case]:
    crew = data.crew()

    def recorded() -> AuditEvent:
        with transaction.atomic():
            return audit.record(by=crew, action="benchmark.done", target=("plan", "x"), detail={"version": 3})

    def plain() -> AuditEvent:
        actor = {"actor_kind": crew.kind.value, "actor_id": str(crew.user_id), "actor_label": crew.label}
        with transaction.atomic():
            return AuditEvent.objects.create(
                at=clock.now(),
                id=uuid7(),
                action="benchmark.plain",
                target_kind="plan",
                target_ref="x",
                organisation_ref=str(crew.organisation_id),
                role=crew.role.value if crew.role else "",
                detail={"version": 3},
                digest="0" * 64,
                **actor,
            )

    kept = AuditEvent.objects.get(id=recorded().id)
    fields = {each.attname: getattr(kept, each.attname) for each in kept._meta.concrete_fields}
    assert kept.digest == ledger.event_digest(fields), "the digest must be of the row as it stands"
    return [Case("audit record / plain insert", Part("record", recorded), Part("insert", plain))]
