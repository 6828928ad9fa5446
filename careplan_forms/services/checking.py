"""What the checks say of a form that is proposed: faults, differences in words, and what it meets."""

from dataclasses import asdict, dataclass
from typing import Any

from careplan_forms.models import FormDefinition, FormVersion
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import normalise
from careplan_forms.schema.linter import lint
from careplan_forms.selectors.definitions import impact_of


@dataclass(frozen=True, slots=True)
class Report:
    """Plain values, as a candidate keeps them.

    `lint` rows hold code, severity, message, how_to_mend, section, uid; `diff` rows kind, uid, label, sentence;
    `impact` is that of `selectors.definitions.impact_of`.
    """

    lint: list[dict[str, Any]]
    diff: list[dict[str, Any]]
    impact: dict[str, Any]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What has to be mended before anybody is asked to sign off."""
        return [row for row in self.lint if row["severity"] == "error"]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What the person signing off weighs."""
        return [row for row in self.lint if row["severity"] != "error"]


def report_on(definition: FormDefinition, document: dict[str, Any], live: FormVersion | None) -> Report:
    """Check a document against the version that is live (None: the form is new)."""
    changes = diff_documents(live.document if live else normalise({}), document)
    removed = [(each.uid, each.label) for each in changes if each.kind == "removed" and each.uid]
    return Report(
        lint=[asdict(each) for each in lint(document)],
        diff=[_row(each) for each in changes] if live else [],
        impact=impact_of(definition, removed),
    )


def _row(change: Any) -> dict[str, Any]:
    return {"kind": change.kind, "uid": change.uid, "label": change.label, "sentence": change.sentence}
