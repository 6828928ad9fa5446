"""Whether a case can go on in another version of its flow, and where; nothing is written here."""

import copy
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from workflows import policies
from workflows.engine.spec import State
from workflows.engine.state_map import STAYS
from workflows.models import FlowCase, FlowCaseMove, FlowMigration
from workflows.registry import Subject
from workflows.selectors import able, standing
from workflows.services import tasks

Outcome = FlowCaseMove.Outcome


@dataclass(frozen=True)
class Judged:
    """One case: the state it stands in, the one it would go to (empty when it stays) and, when it stays, why."""

    case: FlowCase
    source: str
    target: str
    outcome: FlowCaseMove.Outcome


class Judge:
    """Judges cases of one migration by what holds at one moment."""

    def __init__(self, migration: FlowMigration, now: datetime.datetime) -> None:
        self._map = migration.state_map
        self._version = migration.to_version
        self._new = policies.spec_of(migration.to_version)
        self._held = standing.Held(now)

    def judge(self, cases: list[FlowCase]) -> Iterator[Judged]:
        """Each case in turn, with what they decide on read at one go."""
        subjects, voted = standing.subjects_of(cases), standing.voted(cases)
        for case in cases:
            subject = subjects.get((case.subject_kind, case.subject_id))
            outcome = self._outcome(case, subject, case.pk in voted)
            moves = outcome is Outcome.MOVED
            yield Judged(case, case.state, self._map[case.state] if moves else STAYS, outcome)

    def _outcome(self, case: FlowCase, subject: Subject | None, has_votes: bool) -> FlowCaseMove.Outcome:
        target = self._map.get(case.state, STAYS)
        if target == STAYS:
            return Outcome.NO_STATE
        if subject is None:
            return Outcome.GONE
        if has_votes:
            return Outcome.VOTES
        if self._waits_for_nobody(case, subject, self._new.state(target)):
            return Outcome.NOBODY
        return Outcome.MOVED

    def _waits_for_nobody(self, case: FlowCase, subject: Subject, state: State) -> bool:
        """Whether the new state asks people of whom none is there who did not write the subject; those of a care team
        that has no member are not there either.
        """
        asked = tasks.asked(case, state.waits_for)
        there = copy.copy(case)
        there.version = self._version
        return bool(state.waits_for) and not any(self._anybody(there, subject, state, *pair) for pair in asked)

    def _anybody(self, case: FlowCase, subject: Subject, state: State, role: str, place: int) -> bool:
        steps = able.steps_ahead(self._new, state.key, role)
        bars = able.Bars(subject.author_ids, exempt=able.is_exempt(case, self._new, steps))
        return bool(set(self._held.by(place, role)) - bars.of(steps))
