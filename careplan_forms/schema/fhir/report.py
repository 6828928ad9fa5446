"""What an import did with each item of somebody else's form, so that nothing disappears in silence."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How an item came through, from best to worst; an item carries the worst of what happened to it."""

    KEPT = "kept"
    MAPPED = "mapped"
    NOT_EXECUTED = "kept but not executed"
    REFUSED = "refused"


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass
class ItemOutcome:
    """One item of the source: where it was, what it became, and why.

    ``link_id`` is the linkId exactly as the file has it (as text; empty when it had none), ``new_link_id`` the
    one it has in our document, ``path`` its place such as ``item[2].item[0]``, ``became`` our item type or
    nothing.
    """

    path: str
    link_id: str
    new_link_id: str
    source_type: str
    became: str = ""
    outcome: Outcome = Outcome.KEPT
    reasons: list[str] = field(default_factory=list)

    def note(self, outcome: Outcome, reason: str) -> None:
        """Add a reason and lower the outcome to at least ``outcome``."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        if _RANK[outcome] > _RANK[self.outcome]:
            self.outcome = outcome

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "linkId": self.link_id,
            "imported_as": self.new_link_id,
            "type": self.source_type,
            "became": self.became,
            "outcome": self.outcome.value,
            "reasons": list(self.reasons),
        }


@dataclass
class ImportReport:
    """The account of one import: every item by name, notes about the form, or why it was refused."""

    title: str = ""
    canonical: str = ""
    refusal: str = ""
    items: list[ItemOutcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verb = "Imported"

    @property
    def imported(self) -> bool:
        return not self.refusal

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def counts(self) -> dict[str, int]:
        """Number of items per outcome, every outcome present."""
        totals = {outcome.value: 0 for outcome in Outcome}
        for item in self.items:
            totals[item.outcome.value] += 1
        return totals

    def as_dict(self) -> dict[str, Any]:
        return {
            self.verb.lower(): self.imported,
            "refusal": self.refusal,
            "title": self.title,
            "canonical": self.canonical,
            "counts": self.counts(),
            "notes": list(self.notes),
            "items": [item.as_dict() for item in self.items],
        }

    def as_text(self) -> str:
        """The report in lines for a terminal: a summary, the notes, then one block per item."""
        if self.refusal:
            return f"Not {self.verb.lower()}. {self.refusal}"
        counts = ", ".join(f"{number} {name}" for name, number in self.counts().items())
        number_of_items = "1 item" if len(self.items) == 1 else f"{len(self.items):,} items"
        lines = [f"{self.verb} “{self.title}”: {number_of_items} ({counts})."]
        lines += [f"  Note: {note}" for note in self.notes]
        for item in self.items:
            name = item.link_id or item.new_link_id or item.path
            became = f" → {item.became}" if item.became else ""
            lines.append(f"  {name} ({item.source_type or 'no type'}{became}): {item.outcome.value}")
            lines += [f"      {reason}" for reason in item.reasons]
        return "\n".join(lines)


@dataclass(frozen=True)
class ImportResult:
    """A canonical form document (``None`` when the file was refused) and the report that explains it."""

    document: dict[str, Any] | None
    report: ImportReport


class ExportReport(ImportReport):
    """The account of one export: what became of every item on its way out."""

    verb = "Exported"


@dataclass(frozen=True)
class ExportResult:
    """A FHIR resource and the report that explains it."""

    resource: dict[str, Any]
    report: ExportReport
