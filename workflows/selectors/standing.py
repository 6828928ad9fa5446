"""What many cases depend on, asked once for all of them: their subjects, and who holds which role where."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from workflows import registry
from workflows.models import FlowCase, FlowDecision
from workflows.registry import Subject
from workflows.selectors import people


def subjects_of(cases: Iterable[FlowCase]) -> dict[tuple[str, UUID], Subject]:
    """What the cases decide on by (kind, id), as far as it is there."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for case in cases:
        wanted[case.subject_kind].append(case.subject_id)
    found: dict[tuple[str, UUID], Subject] = {}
    for name, ids in wanted.items():
        if name in registry.subjects:
            there = registry.subjects.get(name).load_many(ids)
            found |= {(name, key): subject for key, subject in there.items()}
    return found


def voted(cases: Iterable[FlowCase]) -> frozenset[int]:
    """The keys of the cases on which somebody has decided since they came into their state, and more have to."""
    rows = FlowDecision.objects.filter(case__in=[case.pk for case in cases], visit=F("case__visit"))
    return frozenset(row.case_id for row in rows.only("case", "evidence") if row.awaits)


class Held:
    """Who holds a role where at a moment, asked once for each role and place."""

    def __init__(self, now: datetime.datetime) -> None:
        self._now = now
        self._found: dict[tuple[int, str], frozenset[int]] = {}

    def by(self, organisation_id: int, role: str) -> frozenset[int]:
        """The users."""
        key = (organisation_id, role)
        if key not in self._found:
            entries = people.holders(organisation_id=organisation_id, role=role, now=self._now)
            self._found[key] = frozenset(entries.values_list("user_id", flat=True))
        return self._found[key]
