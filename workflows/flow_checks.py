"""What is said of a flow before it is signed: what the linter finds, who is missing, which cases it meets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workflows import catalogue, registry
from workflows.engine.findings import Finding
from workflows.engine.lint_routing import lint_items, lint_routing
from workflows.engine.loading import load_spec
from workflows.engine.spec import Spec
from workflows.selectors import unstaffed


@dataclass(frozen=True)
class Report:
    """Findings, worst first, and what the flow means for what is under way."""

    findings: tuple[Finding, ...]
    impact: dict[str, Any]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.blocks]

    @property
    def rows(self) -> list[dict[str, str]]:
        """The findings as they are kept with a candidate."""
        names = ("code", "severity", "place", "message")
        return [{name: getattr(finding, name) for name in names} for finding in self.findings]


def warnings_of(spec: Spec) -> list[str]:
    """What is left to be weighed by whoever signs a spec, each with its place by the name people see."""
    labels = {step.key: step.label for step in spec.transitions} | {state.key: state.label for state in spec.states}
    found = [*catalogue.lint(spec), *unstaffed.findings(spec)]
    return [f"{labels.get(each.place, each.place)}: {each.message}" for each in found if not each.blocks]


def check(spec: dict[str, Any], routing: dict[str, Any]) -> Report:
    """Everything known of a spec that `load_spec` takes, for the subjects its routing names."""
    read = load_spec(spec)
    found = [*catalogue.lint(read), *_of_its_subject(read, routing), *unstaffed.findings(read)]
    found.sort(key=lambda finding: not finding.blocks)
    return Report(tuple(found), unstaffed.open_cases(routing["subject_kind"], read))


def _of_its_subject(spec: Spec, routing: dict[str, Any]) -> Iterator[Finding]:
    if routing["subject_kind"] not in registry.subjects:
        return
    kind = registry.subjects.get(routing["subject_kind"])
    facts = {fact.name: [value for value, _ in fact.values] for fact in kind.facts}
    yield from lint_routing(routing["applies_when"], facts)
    yield from lint_items(spec, kind.known_keys())
