"""Words in other languages through the drafts: out to a translator, back, and marked when the text changes."""

import pytest
from django.urls import reverse

from careplan_forms.models import FormSection
from careplan_forms.selectors.form_drafts import document_of, draft_of
from careplan_forms.services.translations import Line, lines_of, take_words
from core.exceptions import NotAllowed, Refused
from tests.factories import governance as make
from workflows.models import DraftAuthor

pytestmark = pytest.mark.django_db


def back(definition, by, **words):
    lines = [each._replace(words=words.get(each.text.split()[0], "")) for each in lines_of(definition, "cy")]
    return take_words(definition=definition, language="cy", given=lines, by=by)


def test_words_come_back_to_form_section_and_list(definition, lead):
    assert back(definition, lead, Winter="Cynllun gaeaf", Is="Ydy hi'n gynnes?", Too="Rhy oer") == 3
    document = document_of(definition)
    assert document["translations"] == {"cy": {"title": "Cynllun gaeaf"}}
    assert document["sections"][0]["items"][0]["translations"] == {"cy": {"label": "Ydy hi'n gynnes?"}}
    assert document["value_sets"]["warmth"]["options"][1]["translations"] == {"cy": {"display": "Rhy oer"}}
    assert DraftAuthor.objects.filter(kind="valueset", user_id=lead.user_id).exists()


def test_a_changed_text_is_marked_until_it_is_looked_at(definition, lead):
    back(definition, lead, Why="Pam?")
    section = draft_of(FormSection.objects.get(key="home"))
    section.items[1].value["label"] = "Why is it cold?"
    section.save_revision()
    [marked] = [each for each in lines_of(definition, "cy") if each.look_again]
    assert (marked.text, marked.words) == ("Why is it cold?", "Pam?")
    back(definition, lead, Why="Pam mae'n oer?")
    assert not any(each.look_again for each in lines_of(definition, "cy"))


@pytest.mark.parametrize("words", ["a\u202eb", "x" * 2001])
def test_hostile_words_are_refused_and_nothing_is_kept(definition, lead, words):
    with pytest.raises(Refused):
        back(definition, lead, Winter="Gaeaf", Why=words)
    assert not any(each.words for each in lines_of(definition, "cy"))


def test_an_unknown_language_or_text_or_person_changes_nothing(definition, lead, safety_officer):
    stray = [Line("section/none/title", "X", "Y", False)]
    assert take_words(definition=definition, language="cy", given=stray, by=lead) == 0
    with pytest.raises(Refused):
        take_words(definition=definition, language="not one", given=stray, by=lead)
    with pytest.raises(NotAllowed):
        take_words(definition=definition, language="cy", given=stray, by=safety_officer)


@pytest.fixture
def browser(lead):
    return make.admin_client_of(lead)


def test_the_table_keeps_words_and_says_how_far_a_language_is(browser, definition):
    page = reverse("forms_languages", args=[definition.public_id])
    assert "Welsh</a>: 0 of" in browser.get(page).content.decode()
    assert browser.post(f"{page}?language=cy", {"words-0": "Cynllun gaeaf"}).status_code == 302
    shown = browser.get(f"{page}?language=cy").content.decode()
    assert "Welsh</a>: 1 of" in shown and "Cynllun gaeaf" in shown


def test_words_that_are_refused_are_shown_again(browser, definition):
    page = reverse("forms_languages", args=[definition.public_id])
    refused = browser.post(f"{page}?language=ar", {"words-0": "a\u202eb"})
    assert refused.status_code == 400
    assert 'dir="rtl"' in refused.content.decode()
    assert browser.get(f"{page}?language=%22%3E%3Cscript%3E").status_code == 200
