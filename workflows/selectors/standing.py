"""What many cases depend on, asked once for all of them: their subjects, and who holds which role where."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q

from governance.facts import ActorFacts
from governance.selectors.facts import facts_of
from workflows import registry
from workflows.models import FlowCase, FlowDecision
from workflows.registry import Subject
from workflows.selectors import people
from workflows.selectors.able import Holders

#: An organisation and a role.
Place = tuple[int, str]


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
    """Who holds a role where at a moment, with what governance knows of them; asked once for each role and place."""

    def __init__(self, now: datetime.datetime) -> None:
        self._now = now
        self._found: dict[Place, dict[int, list[ActorFacts]]] = {}

    def by(self, organisation_id: int, role: str) -> Holders:
        """The users, with their facts."""
        self.ask([(organisation_id, role)])
        return self._found[organisation_id, role]

    def ask(self, places: Iterable[Place]) -> None:
        """Read those of the places that have not been read, in one query."""
        wanted = [place for place in dict.fromkeys(places) if place not in self._found]
        if not wanted:
            return
        self._found |= {place: {} for place in wanted}
        where = Q()
        for organisation_id, role in wanted:
            where |= Q(organisation_id=organisation_id, role=role)
        for user_id, facts in facts_of(people.listed(self._now).filter(where), self._now):
            if facts.entry and facts.organisation:
                self._found[facts.organisation.pk, facts.entry.role].setdefault(user_id, []).append(facts)
