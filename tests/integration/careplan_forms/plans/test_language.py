"""Filling a plan with its questions in another language: nothing typed is lost, answers keep the form's own words."""

import html
import re

import pytest
from django.urls import reverse

from careplan_forms.selectors import plans as selectors
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db


def in_arabic():
    document = make.document()
    about, emergency = document["sections"]
    about["translations"] = {"ar": {"title": "عن الشخص"}}
    about["items"][1]["translations"] = {"ar": {"label": "ما الأهم؟"}}
    document["value_sets"]["cpr"]["options"][0]["translations"] = {"ar": {"display": "حاول"}}
    emergency["items"][0]["translations"] = {"ar": {"label": "قرار"}}
    return document


@shared
def plan(nurse):
    make.form_version(in_arabic())
    return make.plan(nurse)


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def opened(browser, plan, section):
    text = browser.get(address("plan-section", plan, section)).content.decode()
    found = re.findall(r'<input type="hidden" name="(_base|_page|_form)" value="([^"]*)"', text)
    return text, {name: html.unescape(value) for name, value in found}


def field(plan, uid):
    return selectors.form_for_work(plan).items[uid].name


def test_the_task_list_turns_to_the_language_and_says_so(browser, plan):
    assert ">العربية</button>" in browser.get(address("plan-tasks", plan)).content.decode()
    answer = browser.post(address("plan-language", plan), {"_language": "ar"})
    assert answer["Location"] == address("plan-tasks", plan)
    text = browser.get(answer["Location"]).content.decode()
    assert '<span lang="ar" dir="rtl">عن الشخص</span>' in text
    assert "Emergency facts" in text


def test_questions_turn_and_answers_keep_the_forms_own_words(browser, plan):
    browser.post(address("plan-language", plan), {"_language": "ar"})
    text, hidden = opened(browser, plan, "emergency")
    assert '<div lang="ar" dir="rtl">' in text and "حاول" in text
    assert '<span lang="en" dir="ltr">Do not attempt CPR</span>' in text
    browser.post(address("plan-section", plan, "emergency"), hidden | {field(plan, "cpr"): "attempt", "_then": "tasks"})
    assert selectors.working_view(plan).answers["cpr"]["display"] == "Attempt CPR"


def test_what_is_typed_and_not_saved_is_there_after_the_turn(browser, plan):
    _, hidden = opened(browser, plan, "about")
    typed = hidden | {field(plan, "matters"): "Seeing the sea", "_language": "ar"}
    answer = browser.post(address("plan-section", plan, "about"), typed)
    assert answer["Location"] == address("plan-section", plan, "about")
    text, _ = opened(browser, plan, "about")
    assert "ما الأهم؟" in text and "Seeing the sea" in text
    assert "matters" not in selectors.working_view(plan).answers


def test_a_turn_without_anything_typed_keeps_nothing(browser, plan, nurse):
    text, hidden = opened(browser, plan, "emergency")
    browser.post(address("plan-section", plan, "emergency"), hidden | {"_language": "ar"})
    text, _ = opened(browser, plan, "emergency")
    assert "حاول" in text and "did not save" not in text


def test_a_language_the_form_has_not_got_is_refused(browser, plan):
    assert browser.post(address("plan-language", plan), {"_language": "fr"}).status_code == 400
    _, hidden = opened(browser, plan, "about")
    assert browser.post(address("plan-section", plan, "about"), hidden | {"_language": "fr"}).status_code == 400
