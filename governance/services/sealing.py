"""Sealing the audit trail in batches, and keeping the anchor that proves it outside the database.

A seal takes whatever is not sealed yet (an anti-join, never a range of ids or times: a transaction that commits late
would fall between ranges), so the chain is never locked inside a request.
"""

import datetime
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from core import clock, locks
from governance import ledger
from governance.models import AuditEvent, AuditSeal, AuditSealedEvent

BATCH = 5_000
#: A minute's sealing looks this far back; a full sweep, nightly, looks at everything.
LOOK_BACK = datetime.timedelta(days=2)


def seal(*, full: bool = False, batch: int = BATCH) -> AuditSeal | None:
    """Seal the oldest unsealed events and anchor the seal; None when there was nothing to seal."""
    made = _seal_batch(full, batch)
    anchor_missing()
    return made


def seal_everything() -> int:
    """Seal until nothing is left, wherever it lies in time; returns how many seals that took."""
    count = 0
    while seal(full=True):
        count += 1
    return count


@transaction.atomic
def _seal_batch(full: bool, batch: int) -> AuditSeal | None:
    # Not by locking the last seal's row: that takes the right to change it, which the service does not have.
    locks.wait_within_transaction("audit-seal")
    previous = AuditSeal.objects.order_by("-number").first()
    sealed = AuditSealedEvent.objects.filter(event_id=OuterRef("id"))
    events = AuditEvent.objects.filter(~Exists(sealed)).order_by("at", "id")
    if previous and not full:
        events = events.filter(at__gte=previous.sealed_at - LOOK_BACK)
    leaves = list(events.values_list("at", "id", "digest")[:batch])
    if not leaves:
        return None
    made = _insert_seal(previous, [digest for _, _, digest in leaves])
    AuditSealedEvent.objects.bulk_create(
        AuditSealedEvent(event_at=at, event_id=key, seal=made, position=position)
        for position, (at, key, _) in enumerate(leaves)
    )
    return made


def _insert_seal(previous: AuditSeal | None, digests: list[str]) -> AuditSeal:
    number = previous.number + 1 if previous else 1
    before = previous.seal_sha256 if previous else ""
    now, root = clock.now(), ledger.merkle_root(digests)
    return AuditSeal.objects.create(
        number=number,
        sealed_at=now,
        count=len(digests),
        merkle_root=root,
        previous_sha256=before,
        seal_sha256=ledger.seal_digest(number, now, len(digests), root, before),
    )


def anchors() -> list[dict[str, Any]]:
    """What the anchor file says, line by line; a line that is no JSON counts as an anchor that fits nothing."""
    path = Path(settings.AUDIT_ANCHOR_FILE)
    if not path.exists():
        return []
    return [_anchor(line) for line in path.read_text(errors="replace").splitlines() if line.strip()]


def anchor_missing() -> int:
    """Append every seal the anchor file does not have yet, synced; returns how many."""
    known = max((line["number"] for line in anchors()), default=0)
    missing = list(AuditSeal.objects.filter(number__gt=known).order_by("number"))
    if missing:
        _append([_line(row) for row in missing])
    return len(missing)


def _anchor(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
        return {"number": int(found["number"]), "seal_sha256": str(found["seal_sha256"])}
    except (ValueError, KeyError, TypeError):
        return {"number": 0, "seal_sha256": "unreadable"}


def _line(row: AuditSeal) -> dict[str, Any]:
    return {
        "number": row.number,
        "seal_sha256": row.seal_sha256,
        "count": row.count,
        "sealed_at": ledger.moment(row.sealed_at),
    }


def _append(lines: list[dict[str, Any]]) -> None:
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(ledger.canonical(line) + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
