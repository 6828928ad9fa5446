"""The arithmetic of a case's history: each event's digest covers the one before it and the decision it tells
of.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from workflows.engine.loading import sha256_of

#: The fields of a decision its digest covers: all of them.
DECISION_FIELDS = (
    *(
        "visit",
        "transition",
        "from_state",
        "to_state",
        "user_id_text",
        "user_label",
        "on_behalf_of",
        "organisation_ref",
    ),
    *("role_at_time", "sha256", "reason", "evidence", "at"),
)


def moment(value: datetime.datetime) -> str:
    """A moment as text: UTC with microseconds, the same from every database."""
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def decision_digest(fields: Mapping[str, Any]) -> str:
    """The digest of a decision; `fields` maps DECISION_FIELDS to values as the model holds them."""
    plain = {name: fields[name] for name in DECISION_FIELDS}
    return sha256_of(plain | {"at": moment(fields["at"])})


def event_digest(
    *,
    case: str,
    number: int,
    kind: str,
    detail: Mapping[str, Any],
    at: datetime.datetime,
    actor_label: str,
    previous: str,
) -> str:
    """The digest of one event of the case with that public id."""
    return sha256_of(
        {
            "case": case,
            "number": number,
            "kind": kind,
            "detail": detail,
            "at": moment(at),
            "actor": actor_label,
            "previous": previous,
        }
    )
