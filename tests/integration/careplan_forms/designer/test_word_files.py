"""Translators' files in the administration: downloaded, brought back, and never kept by half."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careplan_forms.selectors.form_drafts import document_of
from careplan_forms.services.translations import lines_of
from governance.actors import Actor
from governance.models import User
from governance.services import groups
from tests.factories import governance as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(lead):
    return make.admin_client_of(lead)


def bring(browser, definition, content, language="cy"):
    where = reverse("forms_words_file", args=[definition.public_id, language])
    return browser.post(where, {"file": SimpleUploadedFile("words.csv", content)})


def downloaded(browser, definition):
    return browser.get(reverse("forms_words_csv", args=[definition.public_id, "cy"])).content


def test_a_downloaded_file_comes_back_with_words(browser, definition):
    out = downloaded(browser, definition)
    page = bring(browser, definition, out.replace(b"Winter plan,,", b"Winter plan,Cynllun gaeaf,"))
    assert page.status_code == 200
    assert "1 text kept as draft" in page.content.decode()
    assert document_of(definition)["translations"] == {"cy": {"title": "Cynllun gaeaf"}}
    assert "The file changes nothing" in bring(browser, definition, downloaded(browser, definition)).content.decode()


def test_with_one_bad_row_nothing_is_kept(browser, definition):
    out = downloaded(browser, definition).replace(b"Winter plan,,", b"Winter plan,Cynllun gaeaf,")
    page = bring(browser, definition, out.replace(b"Warm enough,,", b"Warm enough,<b>Cynnes</b>,"))
    assert page.status_code == 400
    said = page.content.decode()
    assert "Nothing was kept: 1 row of the file must be mended" in said and "Take the tags" in said
    assert not any(line.words for line in lines_of(definition, "cy"))


@pytest.mark.parametrize("content", [b"PK\x03\x04", "ŵ".encode("utf-16-le"), b"x"])
def test_another_kind_of_file_gets_a_sentence(browser, definition, content):
    page = bring(browser, definition, content)
    assert page.status_code == 400
    assert "Nothing was kept." in page.content.decode()


def test_no_file_is_asked_for_and_no_other_language_or_person_gets_in(browser, definition, safety_officer):
    where = reverse("forms_words_file", args=[definition.public_id, "cy"])
    assert "Choose the file" in browser.post(where).content.decode()
    for language in ("en", "not one", "%22"):
        assert browser.get(reverse("forms_words_csv", args=[definition.public_id, language])).status_code == 404
    groups.sync(user=User.objects.get(pk=safety_officer.user_id), by=Actor.job("test"))
    assert make.client_of(safety_officer).get(where).status_code == 403


def test_the_page_of_a_language_leads_to_its_file(browser, definition):
    page = reverse("forms_languages", args=[definition.public_id])
    where = reverse("forms_words_file", args=[definition.public_id, "cy"])
    assert where in browser.get(f"{page}?language=cy").content.decode()
    assert where not in browser.get(f"{page}?language=en").content.decode()
