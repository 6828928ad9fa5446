"""The arithmetic of the audit trail: canonical bytes, digests, Merkle roots and seals. No database here.

A leaf is the digest of one event. A seal covers a batch of leaves by their Merkle root and is chained to the seal
before it, so that changing, removing or reordering anything sealed changes every later seal.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

#: The fields of an event its digest covers, which is all of them but the digest.
EVENT_FIELDS = (
    *("at", "id", "actor_kind", "actor_id", "actor_label", "organisation_ref", "role", "on_behalf_of", "action"),
    *("result", "target_kind", "target_ref", "purpose", "session", "request_id", "route", "detail"),
)


def moment(value: datetime.datetime) -> str:
    """A moment as text: UTC, microseconds always written, the same from every database."""
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: one value, one sequence of bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def as_plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The covered fields of an event as JSON values."""
    plain = {name: fields[name] for name in EVENT_FIELDS}
    return plain | {"at": moment(fields["at"]), "id": str(fields["id"])}


def event_digest(fields: Mapping[str, Any]) -> str:
    """The digest of one event; `fields` maps `EVENT_FIELDS` to values as the model holds them."""
    return sha256(canonical(as_plain(fields)))


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over hex digests in order. Leaves and nodes are hashed apart, so a node can never pass as a leaf."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex() if level else sha256(b"")


def seal_digest(number: int, sealed_at: datetime.datetime, count: int, root: str, previous: str) -> str:
    """What the next seal and the anchor outside the database repeat."""
    parts = {"number": number, "sealed_at": moment(sealed_at), "count": count, "root": root, "previous": previous}
    return sha256(canonical(parts))
