"""What is said of a flow before it is signed: what the linter finds, who is missing, which cases it meets."""

from dataclasses import dataclass
from typing import Any

from workflows import catalogue
from workflows.engine.findings import Finding
from workflows.engine.loading import load_spec
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


def check(spec: dict[str, Any], routing: dict[str, Any]) -> Report:
    """Everything known of a spec that `load_spec` takes, for the subjects its routing names."""
    read = load_spec(spec)
    found = [*catalogue.lint(read), *unstaffed.findings(read)]
    found.sort(key=lambda finding: not finding.blocks)
    return Report(tuple(found), unstaffed.open_cases(routing["subject_kind"], read))
