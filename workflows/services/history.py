"""Writing a case's history: every event is chained to the one before it."""

import datetime
from typing import Any

from django.db.models import BigIntegerField

from governance.actors import Actor
from governance.selectors.prepared import Prepared, Slot
from workflows.engine.chain import DECISION_FIELDS, decision_digest, event_digest
from workflows.models import FlowCase, FlowDecision, FlowEvent

_LAST = Prepared(
    lambda: (
        FlowEvent.objects.filter(case=Slot("case", BigIntegerField()))
        .order_by("-number")
        .values_list("number", "sha256")[:1]
    )
)


def append(*, by: Actor, case: FlowCase, kind: str, detail: dict[str, Any], now: datetime.datetime) -> FlowEvent:
    """The next event of a case whose row the caller has locked; `detail` holds codes and hashes only."""
    last, previous = _LAST.first(case=case.pk) or (0, "")
    number = last + 1
    label = by.label[:120]
    digest = event_digest(
        case=str(case.public_id),
        number=number,
        kind=kind,
        detail=detail,
        at=now,
        actor_label=label,
        previous=previous,
    )
    return FlowEvent.objects.create(
        case=case,
        number=number,
        kind=kind,
        detail=detail,
        at=now,
        actor_label=label,
        previous_sha256=previous,
        sha256=digest,
    )


def digest_of(decision: FlowDecision) -> str:
    """The digest of a decision row, as the event that tells of it repeats it."""
    return decision_digest({name: getattr(decision, name) for name in DECISION_FIELDS})
