"""The data dictionary as a spreadsheet: of versions and drafts, and without a cell that could be run."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from careplan_forms.dictionaries import dictionary_workbook
from careplan_forms.models import FormDefinition
from careplan_forms.papers import Edition
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.services import definitions
from tests.factories import governance as make
from tests.unit.careplan_forms.schema.documents import document, item, option

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']


def sheets(content):
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def test_no_cell_is_a_formula_whatever_the_form_says():
    items = [item(f"q{number}", label=text, hint=text, unit=text) for number, text in enumerate(HOSTILE)]
    options = [option(text, display=text, system=text) for text in HOSTILE]
    whole = normalise(document(*items, item("c", "choice", options=options), key="k", title="=1+1", purpose="@x"))
    content = dictionary_workbook(Edition(FormDefinition(key="k"), whole, sha256_of(whole), None))
    cells = [cell for rows in sheets(content).values() for row in rows for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(("=", "+", "-", "@", "\t"))]
    assert "'=1+1" in {cell.value for cell in cells}


@pytest.mark.django_db
def test_a_version_and_the_draft_are_sent_as_files(definition, lead, sign_off, safety_officer):
    version = sign_off(definitions.create_candidate(definition=definition, change_note="First", by=lead))
    browser = make.admin_client_of(safety_officer)
    answer = browser.get(reverse("forms_dictionary", args=[definition.public_id, 1]))
    assert 'filename="winter-plan-v1-dictionary.xlsx"' in answer["Content-Disposition"]
    found = sheets(answer.content)
    assert list(found) == ["Items", "Value sets", "Rules", "About"]
    about = {row[0].value: row[1].value for row in found["About"]}
    assert about["Edition"] == "Version 1"
    assert about["Hash of its bytes (SHA-256)"] == version.sha256
    assert about["Signed off on"] == version.published_at.date().isoformat()
    draft = browser.get(reverse("forms_dictionary", args=[definition.public_id, "draft"]))
    assert 'filename="winter-plan-draft-dictionary.xlsx"' in draft["Content-Disposition"]
    assert browser.get(reverse("forms_dictionary", args=[definition.public_id, 2])).status_code == 404
    page = browser.get(reverse("forms_versions", args=[definition.public_id])).content.decode()
    assert reverse("forms_dictionary", args=[definition.public_id, 1]) in page
