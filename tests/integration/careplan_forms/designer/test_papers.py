"""Blank forms in the administration: of every version and of the draft, on screen and as PDF."""

import io
import uuid

import pypdf
import pytest
from django.urls import reverse

from careplan_forms.models import FormVersion
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors.form_drafts import document_of
from careplan_forms.services import definitions, translations
from core.jobs import queue
from tests.factories import governance as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter():
    return make.admin_client_of


@pytest.fixture
def version(definition, lead, sign_off) -> FormVersion:
    return sign_off(definitions.create_candidate(definition=definition, change_note="First", by=lead))


def blank(definition, number, query=""):
    return reverse("forms_blank", args=[definition.public_id, number]) + query


def test_a_version_is_shown_with_its_number_and_hash(enter, safety_officer, version):
    page = enter(safety_officer).get(blank(version.definition, "1")).content.decode()
    assert "Version 1. For staff" in page
    assert version.sha256 in page
    assert "Cross one" in page


def test_the_draft_says_that_it_is_one(enter, lead, version):
    page = enter(lead).get(blank(version.definition, "draft")).content.decode()
    assert "Draft, not signed off: not for use with people" in page
    assert sha256_of(document_of(version.definition)) in page


def test_the_pdf_has_title_version_hash_and_page_on_every_foot(
    enter, lead, version, django_capture_on_commit_callbacks
):
    client = enter(lead)
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(blank(version.definition, "1", "?for=person"), {"size": "large"})
    queue.send_due()
    answer = client.get(asked["Location"])
    assert answer["Content-Type"] == "application/pdf"
    assert "winter-plan-v1-for-person.pdf" in answer["Content-Disposition"]
    pages = [
        " ".join(page.extract_text().split())
        for page in pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    ]
    for number, text in enumerate(pages, 1):
        assert f"Winter plan. Version 1. For the person. Page {number} of {len(pages)}" in text
        assert version.sha256 in text
        assert "Name of the person" in text


def test_nobody_else_fetches_it_and_nothing_is_there_for_what_is_unknown(enter, lead, other_lead, version):
    asked = enter(lead).post(blank(version.definition, "1"))
    assert enter(other_lead).get(asked["Location"]).status_code == 404
    for number in ("0", "2", "x", "9" * 30):
        assert enter(lead).get(blank(version.definition, number)).status_code == 404
    nowhere = reverse("forms_blank", args=[uuid.uuid4(), "1"])
    assert enter(lead).get(nowhere).status_code == 404


def test_a_language_written_from_the_right_is_for_the_browser_to_print(enter, lead, definition):
    lines = [each._replace(words="خطة") for each in translations.lines_of(definition, "ar")[:1]]
    translations.take_words(definition=definition, language="ar", given=lines, by=lead)
    client, where = enter(lead), blank(definition, "draft", "?language=ar")
    page = client.get(where).content.decode()
    assert 'lang="ar" dir="rtl"' in page and "خطة" in page
    assert "Print this page from your browser" in page and "Make a PDF" not in page
    assert client.post(where).status_code == 400
    assert "?language" not in client.get(blank(definition, "draft", "?language=zz")).content.decode()


def test_the_pages_of_a_form_lead_to_its_papers(enter, lead, version):
    client = enter(lead)
    page = client.get(reverse("forms_versions", args=[version.definition.public_id])).content.decode()
    assert blank(version.definition, 1) in page
    page = client.get(f"/admin/forms/definitions/edit/{version.definition.pk}/").content.decode()
    assert blank(version.definition, "draft") in page
