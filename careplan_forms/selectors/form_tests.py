"""Test cases of a form, and how they come out against a document of it."""

import uuid
from typing import Any

from careplan_forms.models import FormDefinition, FormSection, FormTestCase
from careplan_forms.schema.audience import view_of
from careplan_forms.schema.cases import Case
from careplan_forms.schema.compiler import Audience, CompiledForm, compile_form
from careplan_forms.schema.testing import CaseResult, run_case
from careplan_forms.selectors import form_drafts
from core.exceptions import Absent, Refused

JSONDict = dict[str, Any]


def rows_of(definition: FormDefinition) -> list[FormTestCase]:
    """The test cases of a form, by title."""
    return list(definition.test_cases.select_related("changed_by")) if definition.pk else []


def case_by_id(definition: FormDefinition, public_id: uuid.UUID) -> FormTestCase:
    """A test case of this form. Raises Absent, for another form's too."""
    found = definition.test_cases.select_related("changed_by").filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def case_by_key(definition: FormDefinition, key: str) -> FormTestCase | None:
    """A test case of this form by its key."""
    return definition.test_cases.filter(key=key).first() if definition.pk and key else None


def people_for_section(section: FormSection) -> list[FormTestCase]:
    """The test people of the forms a section stands in."""
    places = form_drafts.places_of(section) if section.pk else []
    return list(FormTestCase.objects.filter(definition__in=places))


def person_for_section(section: FormSection, key: str) -> FormTestCase | None:
    """A test person of one of the forms a section stands in."""
    return next((row for row in people_for_section(section) if row.key == key), None) if key else None


def form_named(key: str, number: int | None, draft: bool) -> tuple[FormDefinition, JSONDict]:
    """A form by its key, with the document of its drafts, of a version, or of the live one. Raises Refused."""
    definition = FormDefinition.objects.filter(key=key).select_related("live_version").first()
    if definition is None:
        raise Refused(f"There is no form with the key “{key}”")
    if draft:
        return definition, form_drafts.document_of(definition)
    version = definition.live_version
    if number is not None:
        version = definition.versions.filter(number=number).first()
    if version is None:
        asked = "live version" if number is None else f"version {number}"
        raise Refused(f"The form “{key}” has no {asked}. Use --draft for what is being written")
    return definition, version.document


def case_of(row: FormTestCase) -> Case:
    """A stored case as the form language runs it."""
    return Case(row.key, row.title, row.today, row.role, row.audience, row.answers, row.expects)


def cases_of(definition: FormDefinition) -> list[Case]:
    """Every test case of a form."""
    return [case_of(row) for row in rows_of(definition)]


def run(case: Case, document: JSONDict, sha256: str | None = None) -> CaseResult:
    """One case against a document, in the words of the case's audience."""
    return run_case(form_for(case, document, sha256), case)


def form_for(case: Case, document: JSONDict, sha256: str | None = None, language: str = "en") -> CompiledForm:
    """The form as a case looks at it, in one of the languages it has words in."""
    audience: Audience = "patient" if case.audience == "patient" else "clinician"
    return view_of(compile_form(document, sha256=sha256, language=language, audience=audience), case.role or None)


def runs_for_sign_off(definition: FormDefinition, document: JSONDict) -> list[JSONDict]:
    """Every case as a candidate keeps it: how it came out, and the case itself as it was."""
    results = [run(case, document) for case in cases_of(definition)]
    return [
        {
            "name": result.case.title,
            "passed": result.passed,
            "messages": [row.sentence for row in result.failures],
            "case": result.case.as_dict(),
        }
        for result in results
    ]


def with_cases(document: JSONDict, cases: list[Case]) -> JSONDict:
    """A form's canonical document and its test cases, as they travel together."""
    return {"document": document, "test_cases": [case.as_dict() for case in cases]}
