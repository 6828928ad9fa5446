"""A flow version as tables: its states, its steps, what is wrong with it, who signed it."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from governance.actors import Actor
from governance.enums import RoleKey
from workflows import catalogue, permissions, policies, registry
from workflows.engine.lint import Finding
from workflows.engine.spec import Counts, Spec, State, Transition, Use
from workflows.happenings import happenings
from workflows.models import FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.presenters.diagram import Diagram, diagram
from workflows.routing_facts import Fact
from workflows.selectors import unstaffed

OWNER = "the organisation that owns it"


@dataclass(frozen=True)
class StateRow:
    label: str
    meaning: str
    waits_for: str
    deadline: str


@dataclass(frozen=True)
class StepRow:
    """One step: its number in the diagram, from where to where, who, under which conditions, with what consequence."""

    number: int
    label: str
    source: str
    target: str
    who: str
    conditions: tuple[str, ...]
    consequences: tuple[str, ...]


@dataclass(frozen=True)
class SignatureRow:
    """A capacity and who signed in it; an empty `who` means that nobody has."""

    capacity: str
    who: str
    at: object
    exemption: str


@dataclass(frozen=True)
class FlowView:
    """One version, whole."""

    title: str
    applies: str
    note: str
    exemption: str
    diagram: Diagram
    states: tuple[StateRow, ...]
    steps: tuple[StepRow, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    candidate_link: str
    signatures: tuple[SignatureRow, ...]
    is_live: bool
    may_sign: bool
    is_signed: bool


def flow_view(viewer: Actor, version: FlowVersion) -> FlowView:
    """The version as somebody reads it who may sign it or not."""
    spec = policies.spec_of(version)
    signatures = tuple(_signatures(version))
    capacity = permissions.capacity_of(viewer)
    signed = {approval.capacity for approval in version.approvals.all()}
    findings = _named(spec, catalogue.lint(spec) + unstaffed.findings(spec))
    return FlowView(
        title=spec.title,
        applies=conditions(version.definition),
        note=spec.note,
        exemption=spec.exemption,
        diagram=diagram(spec),
        states=state_rows(spec),
        steps=step_rows(spec),
        errors=tuple(finding for finding in findings if finding.blocks),
        warnings=tuple(finding for finding in findings if not finding.blocks),
        candidate_link=_candidate_link(version),
        signatures=signatures,
        is_live=version.definition.live_version_id == version.pk,
        may_sign=bool(capacity) and capacity not in signed,
        is_signed=all(row.who for row in signatures),
    )


def _named(spec: Spec, findings: list[Finding]) -> list[Finding]:
    """Findings about states and steps by the names people see."""
    labels = {step.key: step.label for step in spec.transitions} | {state.key: state.label for state in spec.states}
    return [replace(finding, place=labels.get(finding.place, finding.place)) for finding in findings]


def _candidate_link(version: FlowVersion) -> str:
    if version.candidate is None:
        return ""
    return reverse("flows_candidate", args=[version.candidate.public_id])


def conditions(definition: FlowDefinition) -> str:
    """Which subjects take a flow, in words."""
    if definition.is_default:
        return "Whenever no other flow applies"
    known = registry.subjects.get(definition.subject_kind).facts if definition.subject_kind in registry.subjects else ()
    facts = "; ".join(_condition(known, *each) for each in sorted(definition.applies_when.items()))
    return f"When {facts} (priority {definition.priority})"


def _condition(known: tuple[Fact, ...], name: str, wanted: Any) -> str:
    """“The CPR decision changes: yes”; a fact the kind does not declare goes by its name."""
    fact = next((one for one in known if one.name == name), None)
    if fact is None:
        return f"{name}: {wanted}"
    value = str(dict(fact.values).get(wanted, wanted))
    return f"{fact.label[0].lower()}{fact.label[1:]}: {value[0].lower()}{value[1:]}"


def _state(state: State) -> StateRow:
    meanings = {"start": "A case begins here", "work": "Somebody works on it", "wait": "Something is awaited"}
    parts = []
    if state.reminder_hours:
        parts.append(f"reminder after {time_words(state.reminder_hours, state.counts)}")
    if state.due_hours:
        due = time_words(state.due_hours, state.counts)
        parts.append(f"due after {due}, then the {_role(state.escalate_to)} is told")
    if state.pauses:
        parts.append("the clock of the state before stands still")
    return StateRow(
        label=state.label,
        meaning=meanings.get(state.kind, f"The end: {state.outcome}"),
        waits_for=_capital(permissions.who_words(state.waits_for, OWNER)),
        deadline=_capital("; ".join(parts)),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def time_words(hours: int, counts: Counts) -> str:
    """So long, and on which days: "48 hours", "14 days", "2 working days", "36 hours of working days"."""
    if counts is Counts.EVERY_DAY:
        return f"{hours // 24} days" if hours > 48 and not hours % 24 else f"{hours} hours"
    days, rest = divmod(hours, 24)
    return f"{hours} hours of working days" if rest else f"{days} working day{'s' if days > 1 else ''}"


def _role(key: str) -> str:
    return RoleKey(key).label.lower() if key in RoleKey.values else key


def state_rows(spec: Spec) -> tuple[StateRow, ...]:
    """Every state, in the order of the flow."""
    return tuple(_state(state) for state in spec.states)


def step_rows(spec: Spec) -> tuple[StepRow, ...]:
    """Every step, numbered as in the diagram."""
    return tuple(_step(spec, step, number) for number, step in enumerate(spec.transitions, start=1))


def _step(spec: Spec, step: Transition, number: int) -> StepRow:
    return StepRow(
        number=number,
        label=step_label(step),
        source=spec.state(step.source).label,
        target=spec.state(step.target).label,
        who=_capital(permissions.quorum_words(step, OWNER)),
        conditions=tuple(_conditions(step)),
        consequences=tuple(_label(use, registry.effects) for use in step.effects),
    )


def step_label(step: Transition) -> str:
    """The step, and how it is taken when nobody presses it."""
    if step.on_event:
        known = happenings.get(step.on_event).label if step.on_event in happenings else step.on_event
        return f"{step.label} (taken when: {known})"
    return f"{step.label} (on opening)" if step.on_open else step.label


def _conditions(step: Transition) -> list[str]:
    words = ["Nobody who wrote it"] if step.four_eyes else []
    words += [_label(use, registry.guards) for use in step.guards]
    words += ["A reason is given"] if step.reason == "required" else []
    words += [f"Ticked: {text}" for text in step.checklist]
    words += [f"Only a change of these counts: {', '.join(step.significant)}"] if step.significant else []
    return [*words, "May be decided for several at once"] if step.bulk else words


def _label(use: Use, known: registry.Registry) -> str:
    words = known.get(use.name).label if use.name in known else f"{use.name} (not known here)"
    params = ", ".join(f"{name}: {value}" for name, value in sorted(use.params.items()))
    return f"{words} ({params})" if params else words


def _signatures(version: FlowVersion) -> list[SignatureRow]:
    found = {approval.capacity: approval for approval in version.approvals.all()}
    rows = []
    for capacity, label in FlowVersionApproval.Capacity.choices:
        row = found.get(capacity)
        who = row.signed_by.display_name if row and row.signed_by else ""
        rows.append(SignatureRow(label, who, row.signed_at if row else None, row.exemption if row else ""))
    return rows
