"""The frame of every page, the error pages and the shared macros."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.middleware.csrf import _does_token_match
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from jinja2 import UndefinedError
from markupsafe import Markup

ERRORS = ["400", "403", "404", "409", "429", "500", "503", "csrf"]


def environment():
    return engines["jinja"].env


def draw(source, **context):
    return environment().from_string(source).render(**context)


def soup(source, **context):
    return BeautifulSoup(draw(source, **context), "html.parser")


def test_the_forms_of_one_page_carry_one_token_and_the_next_page_another():
    request = RequestFactory().get("/")
    template = engines["jinja"].from_string("{{ csrf_input }}{{ csrf_input }}")
    pages = [template.render({}, request) for _ in range(2)]
    tokens = [[field["value"] for field in BeautifulSoup(page, "html.parser").find_all("input")] for page in pages]
    (first, again), (other, _) = tokens
    assert first == again != other
    assert all(_does_token_match(token, request.META["CSRF_COOKIE"]) for token in (first, other))


def test_the_way_back_leads_where_each_page_says_in_its_own_words():
    source = '{% from "macros/buttons.jinja" import back %}{{ back(href, text) }}'
    for href, text in (('/a/?b=1&c="2"', "Back"), ("/d/", "Back"), ("/d/", "Back to <all>")):
        link = soup(source, href=href, text=text).find("a", class_="nhsuk-back-link")
        assert (link["href"], link.get_text(strip=True)) == (href, text)


def test_a_button_is_drawn_anew_for_other_words_and_other_kinds_of_text():
    source = '{% from "macros/buttons.jinja" import submit %}{{ submit(text, value=value) }}'
    for text, value in (("Save", "1"), ("Save", "2"), ("<b>", "1"), (Markup("<b>"), "1"), ("Send", None)):
        button = soup(source, text=text, value=value).find("button")
        assert (button.get("value"), bool(button.find("b"))) == (value, isinstance(text, Markup))


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_draw_without_a_request_in_one_frame(name):
    context = {"message": "Say why.", "reasons": [], "changes": []}
    page = BeautifulSoup(render_to_string(f"errors/{name}.jinja", context), "html.parser")
    assert len(page.select("h1")) == 1 and len(page.select("main")) == 1
    assert page.title.string.endswith(" - Foreword")
    assert page.body.find(True).get("href") == "#maincontent"
    assert page.find(id="help-link")


def test_the_page_for_what_is_not_there_has_the_same_bytes_for_everybody():
    def seen_by(user):
        request = RequestFactory().get("/plans/1/")
        request.user = user
        request.capacity = SimpleNamespace(role_label="Doctor", organisation_name="Hill Surgery")
        return render_to_string("errors/404.jinja", request=request)

    stranger, doctor = SimpleNamespace(is_authenticated=False), SimpleNamespace(is_authenticated=True)
    assert seen_by(stranger) == seen_by(doctor)


def test_reasons_say_who_can_help():
    reason = SimpleNamespace(text="Training has expired.", fixer="You", link="/learning/1/")
    page = BeautifulSoup(render_to_string("errors/403.jinja", {"reasons": [reason]}), "html.parser")
    assert "Training has expired." in page.main.get_text()
    assert page.main.a["href"] == "/learning/1/"


def test_a_conflict_shows_both_texts_and_escapes_them():
    context = {"message": "Somebody saved first.", "changes": [("Place", "Home\n<i>", "Hospice")]}
    page = BeautifulSoup(render_to_string("errors/409.jinja", context), "html.parser")
    cells = page.select("tbody td")
    assert cells[0].br and "<i>" in cells[0].get_text() and cells[1].get_text(strip=True) == "Hospice"


def test_a_page_in_error_says_so_in_its_title():
    source = '{% extends "base.jinja" %}{% block title %}Sign in{% endblock %}'
    assert soup(source).title.string == "Sign in - Foreword"
    assert soup(source, form=SimpleNamespace(is_bound=True, errors={"a": 1})).title.string.startswith("Error: ")
    assert soup(source, has_errors=True).title.string.startswith("Error: ")


def test_nothing_on_a_page_is_inline_or_from_outside():
    page = soup('{% extends "base.jinja" %}{% block title %}x{% endblock %}')
    assert not page.find_all("style") and not [tag for tag in page.find_all(True) if tag.has_attr("style")]
    assert all(script.has_attr("src") for script in page.find_all("script"))
    for tag in page.find_all(True):
        for attribute in ("src", "href"):
            assert "//" not in tag.get(attribute, ""), tag


def test_back_links_stand_in_a_landmark():
    source = '{% extends "base.jinja" %}{% block before_content %}<a href="/">Back</a>{% endblock %}'
    assert soup(source).find("a", string="Back").find_parent(role="navigation")
    assert not soup('{% extends "base.jinja" %}').find(role="navigation")


def test_in_tests_a_name_the_view_forgot_is_an_error():
    with pytest.raises(UndefinedError):
        draw("{{ forgotten }}")
    with pytest.raises(UndefinedError):
        draw("{{ thing.misspelt }}", thing=SimpleNamespace(right=1))
    with pytest.raises(UndefinedError):
        draw("{% for one in forgotten %}{% endfor %}")
    assert draw("{{ params.optional }}", params={}) == ""


PERSON = {
    "family_name": "Black",
    "given_name": "Margaret",
    "title": "Mrs",
    "born": "1938-03-12",
    "sex": "Female",
    "nhs_number": "9990000018",
}


def test_the_banner_gives_name_born_sex_and_number_in_that_order():
    source = '{% from "macros/patient.jinja" import patient_banner %}{{ patient_banner(person, age=88) }}'
    page = soup(source, person=PERSON)
    assert page.select_one(".fw-patient__name").get_text(strip=True) == "BLACK, Margaret (Mrs)"
    assert [dt.get_text() for dt in page.select("dt")] == ["Born", "Sex", "NHS number"]
    assert page.select("dd")[2].get_text(strip=True) == "999 000 0018"


def test_the_banner_says_what_is_not_recorded_and_that_somebody_died():
    source = '{% from "macros/patient.jinja" import patient_banner %}{{ patient_banner(person, age=80) }}'
    page = soup(source, person={"family_name": "Black", "died": "2026-01-02"})
    words = page.get_text(" ", strip=True)
    assert words.count("Not recorded") == 3
    assert "Died 02-Jan-2026 (age at death 80y)" in words
    assert "fw-patient--died" in page.section["class"]


def test_a_task_that_cannot_start_has_no_link_and_every_link_has_its_status():
    groups = [{"title": "Facts", "tasks": [{"title": "CPR", "href": "/c", "state": "in_progress"},
                                           {"title": "Send", "href": "/s", "state": "cannot_start"}]}]  # fmt: skip
    source = '{% from "macros/task_list.jinja" import task_groups %}{{ task_groups(groups) }}'
    page = soup(source, groups=groups)
    assert [a["href"] for a in page.select("a")] == ["/c"]
    assert page.find(id=page.a["aria-describedby"].split()[-1]).get_text(strip=True) == "In progress"


def test_a_summary_keeps_line_breaks_and_names_each_change_link():
    rows = [{"key": "Place", "value": "Home\n& dog", "change": "/c"}, {"key": "CPR", "value": "", "change": "/d"}]
    page = soup('{% from "macros/lists.jinja" import summary %}{{ summary(rows) }}', rows=rows)
    values = page.select("dd.nhsuk-summary-list__value")
    assert values[0].br and "& dog" in values[0].get_text()
    assert values[1].get_text(strip=True) == "Not provided"
    assert page.select("a")[0].get_text(" ", strip=True).startswith("Change") and "Place" in page.select("a")[0].text
