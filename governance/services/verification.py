"""Checking the audit trail against its digests, its seals and the anchor kept elsewhere, and what upper layers keep."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

from core.registry import Registry
from governance import ledger
from governance.models import AuditEvent, AuditSeal, AuditSealedEvent
from governance.services import audit_spool, sealing

CHUNK = 500

#: What upper layers keep that has to be as it was written: what it is, in the plural ("cases") → for each of them what
#: is wrong with it, in sentences; none when it is whole.
checks: Registry[Callable[[], Iterator[Sequence[str]]]] = Registry("checks of what was written")


@dataclass
class Report:
    """What was counted and every break found, each a sentence for an operator."""

    events: int = 0
    sealed: int = 0
    seals: int = 0
    anchors: int = 0
    waiting: int = 0
    checked: dict[str, int] = field(default_factory=dict)
    breaks: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.breaks


def verify() -> Report:
    """Walk everything. Any break means that somebody changed what may not change, or that the disk did."""
    report = Report(events=0, waiting=len(audit_spool.waiting()))
    _check_events(report)
    _check_seals(report)
    _check_anchors(report)
    for path in audit_spool.damaged():
        report.breaks.append(f"Spooled event {path.name} is not what was written")
    for name, check in checks.items():
        _run(name, check, report)
    return report


def _run(name: str, check: Callable[[], Iterator[Sequence[str]]], report: Report) -> None:
    """Whatever a forger may have written: what cannot be read is a break, and hides no other check's."""
    report.checked[name] = 0
    try:
        for breaks in check():
            report.checked[name] += 1
            report.breaks += breaks
    except DatabaseError:
        raise
    except Exception as error:
        read = report.checked[name]
        report.breaks.append(f"After {read} {name} one could not be read ({type(error).__name__}); the rest was not")


def _check_events(report: Report) -> None:
    """Every row still has the digest of its own content."""
    for row in AuditEvent.objects.order_by("at", "id").values("digest", *ledger.EVENT_FIELDS).iterator(CHUNK):
        report.events += 1
        if not _digest_fits(row):
            report.breaks.append(f"Event {row['id']} was changed: its digest does not fit")


def _digest_fits(row: dict[str, Any]) -> bool:
    """Not either when its moment, as the database holds it now, is none."""
    return row["at"] is not None and ledger.event_digest(row) == row["digest"]


def _check_seals(report: Report) -> None:
    """The chain has no gap, and every seal covers exactly the events it was made over, in their order."""
    before, expected = "", 1
    for seal in AuditSeal.objects.order_by("number").iterator(CHUNK):
        report.seals += 1
        if seal.number != expected:
            report.breaks.append(f"Seal {expected} is missing: the next one is {seal.number}")
        if seal.previous_sha256 != before:
            report.breaks.append(f"Seal {seal.number} does not follow the seal before it")
        if not _hash_fits(seal):
            report.breaks.append(f"Seal {seal.number} was changed: its hash does not fit")
        _check_leaves(seal, report)
        before, expected = seal.seal_sha256, seal.number + 1


def _hash_fits(seal: AuditSeal) -> bool:
    parts = (seal.number, seal.sealed_at, seal.count, seal.merkle_root, seal.previous_sha256)
    return seal.sealed_at is not None and ledger.seal_digest(*parts) == seal.seal_sha256


def _check_leaves(seal: AuditSeal, report: Report) -> None:
    digests: list[str] = []
    for leaf, digest in _leaves(seal):
        if digest is None:
            report.breaks.append(f"Event {leaf.event_id} was deleted: seal {seal.number} covers it")
        digests.append(digest or "")
    report.sealed += sum(map(bool, digests))
    if len(digests) != seal.count:
        report.breaks.append(f"Seal {seal.number} covers {seal.count} events, its list names {len(digests)}")
    elif "" not in digests and not _root_fits(digests, seal):
        report.breaks.append(f"Seal {seal.number} does not fit its events: one was changed or moved")


def _root_fits(digests: Sequence[str], seal: AuditSeal) -> bool:
    try:
        return ledger.merkle_root(digests) == seal.merkle_root
    except ValueError:
        # A digest that is no number any more, which only a forger writes.
        return False


def _leaves(seal: AuditSeal) -> Iterator[tuple[AuditSealedEvent, str | None]]:
    """The seal's leaves in order, each with the digest its event has today, None for one that is gone."""
    rows = list(AuditSealedEvent.objects.filter(seal=seal).order_by("position"))
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        moments = [row.event_at for row in part]
        found = AuditEvent.objects.filter(
            at__gte=min(moments), at__lte=max(moments), id__in=[row.event_id for row in part]
        )
        digests = dict(found.values_list("id", "digest"))
        for row in part:
            yield row, digests.get(row.event_id)


def _check_anchors(report: Report) -> None:
    """The file outside the database knows every seal, so taking the newest away shows."""
    seals = dict(AuditSeal.objects.values_list("number", "seal_sha256"))
    try:
        lines = sealing.anchors()
    except OSError as error:
        report.breaks.append(f"The anchor file cannot be read: {error.strerror}")
        return
    report.anchors = len(lines)
    for line in lines:
        if line["number"] not in seals:
            report.breaks.append(f"Seal {line['number']} is in the anchor file but not in the database")
        elif seals[line["number"]] != line["seal_sha256"]:
            report.breaks.append(f"Seal {line['number']} is not the one the anchor file names")
    for number in sorted(set(seals) - {line["number"] for line in lines}):
        report.breaks.append(f"Seal {number} is not in the anchor file")
