"""The person reads their plan in a language its form has; what it has no words for stays English."""

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan
from tests.factories import careplan_forms as make
from tests.factories import portal
from tests.integration.careplan_forms.portal.conftest import patient_form
from tests.worlds import shared

pytestmark = pytest.mark.django_db


def in_welsh():
    document = patient_form()
    about = document["sections"][0]
    about["translations"] = {"cy": {"title": "Amdanaf i"}}
    about["items"][1]["translations"] = {"cy": {"patient_label": "Beth sydd bwysicaf?"}}
    document["value_sets"]["cpr"]["options"][0]["translations"] = {"cy": {"display": "Ceisio CPR"}}
    return document


@shared
def welsh_plan(nurse, doctor, flows):
    make.form_version(in_welsh())
    found = make.plan(nurse)
    make.save(nurse, found, "about", matters="Seeing the sea", born="2026-03-27")
    make.save(nurse, found, cpr=make.CPR_ATTEMPT, contacts=[{"id": "a", "contact-name": "Joan"}])
    make.approve(doctor, make.submission(nurse, found))
    return CarePlan.objects.get(pk=found.pk)


@shared
def reader(nurse, welsh_plan):
    return portal.browser_of(portal.account(nurse, welsh_plan).user)


def page(browser, plan):
    return browser.get(reverse("careplan_forms:my-plan", args=[plan.public_id])).content.decode()


def turn(browser, plan, language):
    where = reverse("careplan_forms:my-plan-language", args=[plan.public_id])
    return browser.post(where, {"_language": language})


def test_the_plan_is_read_in_english_until_another_language_is_chosen(reader, welsh_plan):
    text = page(reader, welsh_plan)
    assert "What matters most to you?" in text and "<button" in text and ">Cymraeg</button>" in text
    assert '<span lang="cy"' not in text.replace('<span class="fw-language" lang', "")


def test_the_choice_lasts_and_each_text_says_its_language(reader, welsh_plan):
    answer = turn(reader, welsh_plan, "cy")
    assert answer["Location"] == reverse("careplan_forms:my-plan", args=[welsh_plan.public_id])
    for text in (page(reader, welsh_plan), page(reader, welsh_plan)):
        assert '<span lang="cy" dir="ltr">Amdanaf i</span>' in text
        assert '<span lang="cy" dir="ltr">Beth sydd bwysicaf?</span>' in text
        assert '<span lang="cy" dir="ltr">Ceisio CPR</span>' in text
        assert "Seeing the sea" in text and 'lang="cy" dir="ltr">Seeing' not in text
        assert "Name: Joan" in text and "What matters most to you?" not in text
        assert '<html lang="en">' in text
    turn(reader, welsh_plan, "en")
    assert "What matters most to you?" in page(reader, welsh_plan)


@pytest.mark.parametrize("language", ["fr", "", 'cy"><script>', "en-GB", "c" * 5000])
def test_a_language_the_form_has_not_got_changes_nothing(reader, welsh_plan, language):
    assert turn(reader, welsh_plan, language).status_code == 400
    assert "What matters most to you?" in page(reader, welsh_plan)


def test_a_choice_is_no_hindrance_on_a_form_without_that_language(patient, plan, reader, welsh_plan, monkeypatch):
    session = patient.session
    session["form_language"] = "cy"
    session.save()
    assert "What matters most to you?" in page(patient, plan)


def test_another_person_s_plan_is_absent_there_too(reader, stranger_plan):
    assert turn(reader, stranger_plan, "cy").status_code == 404
