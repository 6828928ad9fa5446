"""Whether a case's history is whole: nothing changed, removed, added or reordered since it was written."""

from collections.abc import Iterator

from workflows.engine.chain import DECISION_FIELDS, decision_digest, event_digest
from workflows.models import FlowCase, FlowDecision, FlowEvent


def verify_case_chain(case: FlowCase) -> list[str]:
    """What is wrong with the history of a case, in words; an empty list when it is whole.

    Checks every event's digest and its link to the one before, that each decision is told of exactly once and
    as it was taken, and that the case stands where its last event left it, on the version its first event
    or its last move to another version names.
    """
    events = sorted(case.events.all(), key=lambda event: event.number)
    decisions = sorted(case.decisions.all(), key=lambda decision: decision.pk)
    return [*_links(case, events), *_decisions(events, decisions), *_end(case, events)]


def _links(case: FlowCase, events: list[FlowEvent]) -> Iterator[str]:
    previous = ""
    for number, event in enumerate(events, start=1):
        digest = event_digest(
            case=str(case.public_id),
            number=event.number,
            kind=event.kind,
            detail=event.detail,
            at=event.at,
            actor_label=event.actor_label,
            previous=event.previous_sha256,
        )
        if event.number != number:
            yield f"event {number} is missing"
            return
        if event.sha256 != digest:
            yield f"event {number} does not match its digest"
        if event.previous_sha256 != previous:
            yield f"event {number} does not follow the event before it"
        previous = event.sha256


def _decisions(events: list[FlowEvent], decisions: list[FlowDecision]) -> Iterator[str]:
    told = [event.detail.get("decision_sha256") for event in events if event.kind == "decided"]
    taken = [decision_digest({name: getattr(row, name) for name in DECISION_FIELDS}) for row in decisions]
    if told != taken:
        yield "the decisions are not those the events tell of"


def _end(case: FlowCase, events: list[FlowEvent]) -> Iterator[str]:
    if not events or events[0].kind != "opened":
        yield "the history does not begin with the opening"
        return
    pinned = [event.detail.get("version_sha256") for event in events if event.kind in ("opened", "migrated")]
    if pinned[-1] != case.version.sha256:
        yield "the case is not on the version it was opened on or moved to"
    yield from _moves(events)
    states = [event.detail["to_state"] for event in events if "to_state" in event.detail]
    if states[-1:] != [case.state]:
        yield "the case does not stand where its history left it"


def _moves(events: list[FlowEvent]) -> Iterator[str]:
    """A case is moved to another version from where it stood."""
    state = ""
    for event in events:
        if event.kind == "migrated" and event.detail.get("from_state") != state:
            yield f"event {event.number} moves the case from where it did not stand"
        state = event.detail.get("to_state", state)
