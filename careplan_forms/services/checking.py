"""What the checks say of a form that is proposed: faults, test cases, differences in words, and what it meets."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from careplan_forms.models import FormDefinition, FormVersion
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import normalise
from careplan_forms.schema.lint_live import against_live
from careplan_forms.schema.linter import lint
from careplan_forms.selectors.impact import impact_of
from core import clock
from core.registry import Registry

#: Who runs the test cases of a form: callables (definition, document) → rows of `Report.tests`.
test_runs: Registry[Callable[[FormDefinition, dict[str, Any]], list[dict[str, Any]]]] = Registry(
    "runs of a form's test cases"
)


@dataclass(frozen=True, slots=True)
class Report:
    """Plain values, as a candidate keeps them.

    `lint` rows hold code, severity, message, how_to_mend, section, uid; `diff` rows kind, section (its title), uid,
    label, sentence; `impact` is that of `selectors.impact.impact_of`; `tests` rows hold name, passed, and messages
    that say what came out otherwise than expected.
    """

    lint: list[dict[str, Any]]
    diff: list[dict[str, Any]]
    impact: dict[str, Any]
    tests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What has to be mended before anybody is asked to sign off."""
        return [row for row in self.lint if row["severity"] == "error"]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What the people signing off weigh."""
        return [row for row in self.lint if row["severity"] != "error"]


def report_on(definition: FormDefinition, document: dict[str, Any], live: FormVersion | None) -> Report:
    """Check a document against the version that is live (None: the form is new)."""
    before = live.document if live else normalise({})
    found = [*lint(document, clock.today()), *(against_live(before, document) if live else ())]
    changes = diff_documents(before, document) if live else []
    return Report(
        lint=[asdict(each) for each in found],
        diff=in_sections(changes, before, document),
        impact=impact_of(definition, document),
        tests=[row for run in test_runs for row in run(definition, document)],
    )


def in_sections(changes: list[Any], before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes as rows, each with the title of the section it is in, in the order of the new form's sections."""
    places = _places(before) | _places(after)
    titles = [section["title"] for section in (*after["sections"], *before["sections"])]
    rows = [
        {
            "kind": each.kind,
            "section": places.get(each.uid) or (each.label if each.label in titles else ""),
            "uid": each.uid,
            "label": each.label,
            "sentence": each.sentence,
        }
        for each in changes
    ]
    return sorted(rows, key=lambda row: titles.index(row["section"]) if row["section"] else -1)


def _places(document: dict[str, Any]) -> dict[str, str]:
    """uid → the title of the section it stands in."""
    found: dict[str, str] = {}

    def read(items: list[dict[str, Any]], title: str) -> None:
        for item in items:
            found[item["uid"]] = title
            read(item["items"], title)

    for section in document["sections"]:
        read(section["items"], section["title"])
    return found
