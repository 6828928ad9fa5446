"""How a case stands, for the page of whatever it moves: state, who must act, what one may do, what was decided."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from core import clock
from governance.actors import JOB_LABEL, Actor
from governance.enums import RoleKey
from governance.panels import Panel
from workflows import policies, registry
from workflows.engine.spec import Spec, State, StateKind
from workflows.models import FlowCase, FlowDecision
from workflows.presenters.deciding import Offer, offers
from workflows.presenters.diagram import Diagram, diagram
from workflows.presenters.pauses import stopped_clock
from workflows.selectors import cases as cases_seen
from workflows.selectors import people
from workflows.selectors.decided import SinceThen, since_last
from workflows.services import cases
from workflows.services.explanations import WhoCan


@dataclass(frozen=True)
class StepLink(Offer):
    """A step that is offered, with where to take it."""

    href: str = ""


@dataclass(frozen=True)
class DecisionLine:
    """One decision in words; `opens` says that it is the sending in."""

    what: str
    who: str
    role: str
    at: datetime.datetime
    reason: str
    on_behalf_of: str
    alone: bool
    opens: bool
    awaits: int = 0


@dataclass(frozen=True)
class WayRow:
    """A step of the flow, numbered as in the diagram; `taken` says by whom and when, once for each time."""

    number: int
    label: str
    source: str
    target: str
    taken: tuple[DecisionLine, ...]


@dataclass(frozen=True)
class CaseWay:
    """Where a case stands in its flow and how it got there, as a picture, as a table and decision by decision."""

    diagram: Diagram
    steps: tuple[WayRow, ...]
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True)
class CasePanel:
    """Everything `workflows/_case_panel.jinja` prints; `stopped` says so when the clock stands still."""

    state: str
    mood: str
    is_closed: bool
    flow: str
    due_at: datetime.datetime | None
    overdue: bool
    must_act: tuple[WhoCan, ...]
    steps: tuple[StepLink, ...]
    way: CaseWay
    since: SinceThen | None = None
    stopped: str = ""


def case_way(viewer: Actor, subject_kind: str, subject_id: UUID) -> CaseWay | None:
    """The way of the newest case of a subject; None when there is none the viewer may see."""
    case = cases_seen.latest_case_of(viewer, subject_kind, subject_id)
    if case is None:
        return None
    return _way(case, policies.spec_of(case.version), list(cases_seen.decisions_of(viewer, case)))


def case_panel(viewer: Actor, subject_kind: str, subject_id: UUID, now: datetime.datetime) -> CasePanel | None:
    """The newest case of a subject as the viewer sees it; None when there is none they may see.

    The links carry the hash of the subject as it stands now, so put the panel on the page that shows it.
    """
    case = cases_seen.latest_case_of(viewer, subject_kind, subject_id)
    return _panel(viewer, case, now) if case else None


def open_panel(viewer: Actor, subject_kind: str, subject_id: UUID, now: datetime.datetime) -> CasePanel | None:
    """The open case of a subject as the viewer sees it; None when nothing of it is open."""
    case = cases_seen.open_case_of(viewer, subject_kind, subject_id)
    return _panel(viewer, case, now) if case else None


def panel_of(viewer: Actor, kind: str, public_id: UUID) -> Panel | None:
    """The same for a page of governance."""
    found = case_panel(viewer, kind, public_id, clock.now()) if kind in registry.subjects else None
    return Panel("workflows/_case_panel.jinja", found) if found else None


def _panel(viewer: Actor, case: FlowCase, now: datetime.datetime) -> CasePanel:
    spec = policies.spec_of(case.version)
    state = spec.state(case.state)
    closed = case.closed_at is not None
    return CasePanel(
        state=_standing(case, state),
        mood=_mood(state.kind, state.outcome),
        is_closed=closed,
        flow=f"{case.version.definition.name}, version {case.version.number}",
        due_at=case.due_at,
        overdue=bool(case.due_at and case.due_at < now and not closed),
        must_act=() if closed else tuple(cases.who_must_act(case)),
        steps=() if closed else tuple(_steps(viewer, case)),
        way=_way(case, spec, list(cases_seen.decisions_of(viewer, case))),
        since=None if closed else since_last(viewer, cases_seen.subject_of(case)),
        stopped="" if closed else stopped_clock(case, spec),
    )


def _standing(case: FlowCase, state: State) -> str:
    """Where it is; of a case that something outside ended, how."""
    if case.closed_at is None or state.kind is StateKind.FINAL:
        return state.label
    return f"Ended before a decision: {case.outcome.replace('_', ' ')}"


def _way(case: FlowCase, spec: Spec, decisions: list[FlowDecision]) -> CaseWay:
    keys = [(row.from_state, row.transition) for row in decisions]
    lines = _lines(case, spec, decisions)
    keyed = list(zip(keys, lines, strict=True))
    rows = (
        WayRow(
            number=number,
            label=step.label,
            source=spec.state(step.source).label,
            target=spec.state(step.target).label,
            taken=tuple(line for key, line in keyed if key == (step.source, step.key)),
        )
        for number, step in enumerate(spec.transitions, start=1)
    )
    return CaseWay(diagram(spec, current=case.state, taken=set(keys)), tuple(rows), tuple(lines))


def _steps(viewer: Actor, case: FlowCase) -> list[StepLink]:
    shown = cases_seen.subject_of(case).content_sha256
    query = urlencode({"shown": shown, "state": case.state})
    return [
        StepLink(
            offer.view, offer.stand_ins, offer.who, f"{reverse('workflows:decide', args=[case.public_id, key])}?{query}"
        )
        for key, offer in offers(viewer, case).items()
    ]


def _lines(case: FlowCase, spec: Spec, decisions: list[FlowDecision]) -> list[DecisionLine]:
    ids = {int(text) for row in decisions for text in (row.user_id_text, row.on_behalf_of) if text.isdigit()}
    names, specs = people.names(ids), _specs(case, spec, decisions)
    return [
        DecisionLine(
            what=_step_label(specs, row),
            who=_name(names, row.user_id_text) or _unnamed(row.user_label),
            role=RoleKey(row.role_at_time).label if row.role_at_time in RoleKey.values else row.role_at_time,
            at=row.at,
            reason=row.reason,
            on_behalf_of=_name(names, row.on_behalf_of),
            alone=bool(row.evidence.get("alone")),
            opens=bool(row.evidence.get("opening")),
            awaits=row.awaits,
        )
        for row in decisions
    ]


def _specs(case: FlowCase, spec: Spec, decisions: list[FlowDecision]) -> list[Spec]:
    """The flow of a case, and those it was moved from when one of its decisions has no step there."""
    if all(spec.transition(row.transition, row.from_state) for row in decisions):
        return [spec]
    return [spec, *(policies.spec_of(version) for version in cases_seen.earlier_versions(case))]


def _step_label(specs: list[Spec], row: FlowDecision) -> str:
    steps = (spec.transition(row.transition, row.from_state) for spec in specs)
    return next((step.label for step in steps if step), row.transition)


def _name(names: dict[int, str], text: str) -> str:
    return names.get(int(text), "") if text.isdigit() else ""


def _unnamed(label: str) -> str:
    """Whoever has no account: background work goes by the service it is part of."""
    return "The service" if label.startswith(JOB_LABEL) else label


def _mood(kind: StateKind, outcome: str) -> str:
    """The colour beside the words, as `macros/tags.jinja` knows them."""
    if kind is not StateKind.FINAL:
        return "waiting"
    return "good" if outcome == "approved" else "neutral"
