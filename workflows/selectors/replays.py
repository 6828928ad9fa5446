"""Decisions that were taken, as they were kept, for asking another version of their flow about them."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from django.db.models import QuerySet

from workflows.engine.replay_report import Report
from workflows.engine.replaying import Past, PastCase, Rules, replay
from workflows.engine.spec import Spec, Transition
from workflows.models import FlowCase, FlowCaseMove, FlowDecision, FlowDefinition, FlowVersion
from workflows.selectors.inbox import readable_spec
from workflows.selectors.past_places import Places

#: Cases read at one go, with their decisions.
CHUNK = 500
DAYS = 90


def replayed(
    definition: FlowDefinition, rules: Rules, *, since: datetime.datetime, most_cases: int | None = None
) -> Report:
    """What another version would say to every decision since then on a case of the flow, the newest cases first.

    With `most_cases` the older ones are left out.
    """
    report, versions = Report(), _Versions()
    keys = iter(_case_keys(definition, since)[:most_cases])
    while chunk := list(islice(keys, CHUNK)):
        for case in _past_cases(chunk, since, versions):
            report.cases += 1
            for verdict in replay(rules, case):
                report.add(verdict)
    return report


def case_count(definition: FlowDefinition, since: datetime.datetime) -> int:
    """How many cases of the flow had a decision since then."""
    return _case_keys(definition, since).count()


def _case_keys(definition: FlowDefinition, since: datetime.datetime) -> QuerySet[FlowDecision, int]:
    rows = FlowDecision.objects.filter(case__version__definition=definition, at__gte=since)
    return rows.order_by("-case").values_list("case", flat=True).distinct()


class _Versions:
    """The flow each version was, read once; nothing for one that cannot be read."""

    def __init__(self) -> None:
        self._specs: dict[int, Spec | None] = {}

    def step(self, version: FlowVersion, decision: FlowDecision) -> tuple[Transition | None, str]:
        """What a version says of the step a decision took, and what it calls the state."""
        if version.pk not in self._specs:
            self._specs[version.pk] = readable_spec(version)
        spec = self._specs[version.pk]
        step = spec.transition(decision.transition, decision.from_state) if spec else None
        return step, spec.state(decision.from_state).label if spec and step else ""


def _past_cases(keys: list[int], since: datetime.datetime, versions: _Versions) -> Iterator[PastCase]:
    decisions: dict[int, list[FlowDecision]] = defaultdict(list)
    for row in FlowDecision.objects.filter(case__in=keys).order_by("at", "pk"):
        decisions[row.case_id].append(row)
    moves: dict[int, list[FlowCaseMove]] = defaultdict(list)
    moved = FlowCaseMove.objects.filter(case__in=keys, outcome=FlowCaseMove.Outcome.MOVED)
    for move in moved.select_related("migration__from_version").order_by("at", "pk"):
        moves[move.case_id].append(move)
    cases, places = FlowCase.objects.select_related("version").in_bulk(keys), Places(keys)
    for key in keys:
        case = cases[key]
        rows = (
            replace(_past(row, _version_at(row, case, moves[key]), versions, since), **places.of(row))
            for row in decisions[key]
        )
        yield PastCase(str(case.public_id), str(case.owner_id), str(case.opened_by_id or ""), tuple(rows))


def _version_at(row: FlowDecision, case: FlowCase, moves: list[FlowCaseMove]) -> FlowVersion:
    """The version a case stood on when a decision was taken."""
    later = next((move for move in moves if move.at > row.at), None)
    return later.migration.from_version if later else case.version


def _past(row: FlowDecision, version: FlowVersion, versions: _Versions, since: datetime.datetime) -> Past:
    step, state_label = versions.step(version, row)
    return Past(
        transition=row.transition,
        from_state=row.from_state,
        to_state=row.to_state,
        at=row.at,
        user=row.user_id_text,
        on_behalf_of=row.on_behalf_of,
        organisation=row.organisation_ref,
        role=row.role_at_time,
        reason=row.reason,
        sha256=row.sha256,
        alone=bool(row.evidence.get("alone")),
        opening=bool(row.evidence.get("opening")),
        ticked=frozenset(row.evidence.get("ticked", ())),
        awaits=row.awaits,
        parts=frozenset(row.evidence["parts"]) if "parts" in row.evidence else None,
        step=step,
        state_label=state_label,
        counted=row.at >= since,
    )
