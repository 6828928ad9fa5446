"""A flow that is being edited or was proposed, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.differences import differences
from workflows.engine.findings import Finding
from workflows.engine.loading import SpecError, load_spec
from workflows.engine.spec import Spec
from workflows.flow_checks import check
from workflows.models import FlowCandidate, FlowDefinition, FlowVersion
from workflows.presenters.diagram import Diagram, diagram
from workflows.presenters.flows import StateRow, StepRow, conditions, state_rows, step_rows
from workflows.presenters.sign_off import Group, groups_of
from workflows.selectors import flow_drafts
from workflows.unfinished import in_words


@dataclass(frozen=True)
class Said:
    """One finding in words: what it is about, as people see it, and the sentence."""

    place: str
    message: str
    blocks: bool


@dataclass(frozen=True)
class DraftPage:
    """A draft drawn; without a drawing, `unfinished` says what is missing."""

    title: str
    unfinished: str = ""
    diagram: Diagram | None = None
    states: tuple[StateRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    errors: tuple[Said, ...] = ()
    warnings: tuple[Said, ...] = ()
    impact: str = ""
    applies: str = ""
    changes: tuple[Group, ...] = ()
    is_new: bool = True


def draft_page(flow: FlowDefinition, against: FlowVersion | None = None) -> DraftPage:
    """The draft as it stands, saved or not; `against` is the version in use, to say what changes."""
    document, routing = flow_drafts.spec_in(flow), flow_drafts.routing_in(flow)
    try:
        load_spec(document)
    except SpecError as error:
        return DraftPage(flow.title or flow.name, unfinished=in_words(error))
    report = check(document, routing)
    changes = differences(against.spec, document) if against else []
    return _page(document, routing, report.findings, report.impact, changes, against is None)


def candidate_page(candidate: FlowCandidate) -> DraftPage:
    """What was proposed, with what the checks said then."""
    findings = [Finding(**row) for row in candidate.lint]
    is_new = not candidate.definition.activations.filter(at__lt=candidate.created_at).exists()
    return _page(candidate.document, candidate.routing, findings, candidate.impact, candidate.diff, is_new)


def _page(
    document: dict[str, Any],
    routing: dict[str, Any],
    findings: Iterable[Finding],
    impact: dict[str, Any],
    changes: Iterable[dict[str, str]],
    is_new: bool,
) -> DraftPage:
    spec = load_spec(document)
    found = said(spec, findings)
    return DraftPage(
        title=spec.title,
        diagram=diagram(spec),
        states=state_rows(spec),
        steps=step_rows(spec),
        errors=tuple(row for row in found if row.blocks),
        warnings=tuple(row for row in found if not row.blocks),
        impact=impact_in_words(impact),
        applies=conditions(FlowDefinition(**routing)),
        changes=tuple(groups_of(changes)),
        is_new=is_new,
    )


def said(spec: Spec, findings: Iterable[Finding]) -> list[Said]:
    """Findings about states and steps by the names people see."""
    labels = {step.key: step.label for step in spec.transitions} | {state.key: state.label for state in spec.states}
    return [Said(labels.get(each.place, each.place), each.message, each.blocks) for each in findings]


def impact_in_words(impact: dict[str, Any]) -> str:
    """“12 cases are open; they stay on their version. 2 of them …”"""
    total, elsewhere = impact.get("open_cases", 0), impact.get("elsewhere", 0)
    if not total:
        return "No case of this kind is open."
    words = f"{total:,} case{'s are' if total > 1 else ' is'} open; each stays on the version it began with."
    if elsewhere:
        words += f" {elsewhere:,} of them stand{'' if elsewhere > 1 else 's'} in a state this flow does not have."
    return words
