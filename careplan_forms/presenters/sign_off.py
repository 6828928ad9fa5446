"""A proposed form as the sign-off pages draw it: findings that lead to their place, changes by section, impact."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.selectors import form_drafts
from workflows.presenters.sign_off import Group, groups_of

JSONDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What is wrong, where (a title, and the editor's address for who may edit), and how to mend it."""

    message: str
    how_to_mend: str
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that `designer/_report.html` draws."""

    errors: list[FindingRow]
    warnings: list[FindingRow]
    tests: list[JSONDict]
    failing: int
    changes: list[Group]
    impact: JSONDict
    impact_in_words: str


def report_page(report: Any, definition: FormDefinition, may_edit: bool) -> ReportPage:
    """`report` is a candidate or a `services.checking.Report`: both hold lint, tests, diff and impact."""
    places = _places(definition)
    rows = [(row["severity"], _finding(row, places, definition, may_edit)) for row in report.lint]
    return ReportPage(
        errors=[row for severity, row in rows if severity == "error"],
        warnings=[row for severity, row in rows if severity != "error"],
        tests=report.tests,
        failing=sum(not row["passed"] for row in report.tests),
        changes=groups_of(report.diff),
        impact=report.impact,
        impact_in_words=impact_in_words(report.impact),
    )


def impact_in_words(impact: JSONDict) -> str:
    """“412 open plans: 390 carry over, 17 need a clinician, 5 lose an answer.”"""
    total, carry, need, lose = (impact[key] for key in ("open_plans", "carry_over", "need_clinician", "lose_answer"))
    if not total:
        return "No plan is open on this form."
    return (
        f"{total:,} open plan{'' if total == 1 else 's'}: {carry:,} {'carries' if carry == 1 else 'carry'} over, "
        f"{need:,} need{'s' if need == 1 else ''} a clinician, {lose:,} lose{'s' if lose == 1 else ''} an answer."
    )


def _places(definition: FormDefinition) -> dict[str, tuple[str, int]]:
    """Key of a section of the draft → its title and row."""
    return {section.key: (section.title, section.pk) for section in form_drafts.sections_of(definition)}


def _finding(
    row: JSONDict, places: dict[str, tuple[str, int]], definition: FormDefinition, may_edit: bool
) -> FindingRow:
    title, pk = places.get(row["section"], ("", 0))
    return FindingRow(
        row["message"], row["how_to_mend"], title, _editor(pk, row["uid"], definition) if may_edit else ""
    )


def _editor(section: int, uid: str, definition: FormDefinition) -> str:
    """The section's editor at the item, or the form's own."""
    from careplan_forms.models import FormSection

    viewset = (FormSection if section else FormDefinition).snippet_viewset
    address = reverse(viewset.get_url_name("edit"), args=[section or definition.pk])
    return f"{address}#block-{uid}-section" if section and uid else address
