"""The worklist: mine and my team's, at any length, without anybody's name in an address."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from careplan_forms.models import CarePlan
from core import clock
from tests.factories import careplan_forms as make
from tests.factories import governance as people

pytestmark = pytest.mark.django_db

URL = "/worklist/"


def link_of(text, relation):
    """The address of the next or previous page, or an empty text."""
    found = re.search(rf'<a href="([^"]*)" rel="{relation}"', text)
    return URL + html.unescape(found.group(1)) if found else ""


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


def test_it_says_when_nothing_needs_anybody(browser):
    assert "Nothing needs you." in browser.get(URL).content.decode()


def test_each_list_holds_what_its_name_says(nurse, doctor, form, flows, browser):
    for number, name in enumerate(("Draftword", "Waitword", "Dueword")):
        person = make.patient(people.Organisation.objects.get(pk=nurse.organisation_id), family_name=name)
        plan = make.plan(nurse, person)
        make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
        if number:
            sent = make.submission(nurse, plan)
        if number == 2:
            make.approve(doctor, sent)
            CarePlan.objects.filter(pk=plan.pk).update(review_on=clock.today() + datetime.timedelta(days=5))
    shown = {
        key: people.client_of(doctor).get(URL, {"show": key}).content.decode() for key in ("approve", "review", "all")
    }
    assert "WAITWORD" in shown["approve"] and "DUEWORD" not in shown["approve"]
    assert "DUEWORD" in shown["review"] and "WAITWORD" not in shown["review"]
    assert all(name in shown["all"] for name in ("DRAFTWORD", "WAITWORD", "DUEWORD"))
    drafts = browser.get(URL, {"show": "drafts"}).content.decode()
    assert "DRAFTWORD" in drafts and "WAITWORD" not in drafts


def test_an_unknown_list_or_filter_shows_the_whole_list(browser, plan):
    for query in ({"show": "nonsense"}, {"held_by": "x"}, {"after": "x"}, {"before": "bm9uc2Vuc2U"}, {"after": "é"}):
        page = browser.get(URL, {"show": "all"} | query)
        assert page.status_code == 200
        assert "ZEPHYRINE" in page.content.decode()


def test_filters_narrow_the_list(browser, plan):
    assert "ZEPHYRINE" not in browser.get(URL, {"show": "all", "held_by": "shared"}).content.decode()
    assert "ZEPHYRINE" not in browser.get(URL, {"show": "all", "approved": "yes"}).content.decode()
    assert "ZEPHYRINE" in browser.get(URL, {"show": "all", "approved": "no"}).content.decode()


def test_pages_follow_each_other_and_miss_nobody(nurse, form, browser):
    names = [f"Person{number:02d}".upper() for number in range(30)]
    for name in names:
        place = people.Organisation.objects.get(pk=nurse.organisation_id)
        make.plan(nurse, make.patient(place, family_name=name), agreed=False)
    CarePlan.objects.update(updated_at=clock.now())
    seen, url, pages = [], f"{URL}?show=all", []
    while url and len(pages) < 4:
        page = browser.get(url)
        text = page.content.decode()
        pages.append(text)
        seen += [name for name in names if name in text]
        url = link_of(text, "next")
    assert sorted(seen) == names and len(pages) == 2
    back = browser.get(link_of(text, "prev")).content.decode()
    assert [name for name in names if name in back] == [name for name in names if name in pages[0]]


def test_the_list_costs_the_same_however_long_it_is(nurse, form, browser):
    place = people.Organisation.objects.get(pk=nurse.organisation_id)
    costs = []
    browser.get(URL, {"show": "all"})  # what a process asks only once is asked before anything is counted
    for _ in range(2):
        for _ in range(3):
            make.plan(nurse, make.patient(place), agreed=False)
        with CaptureQueriesContext(connection) as queries:
            browser.get(URL, {"show": "all"})
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 17


def test_names_and_numbers_stand_in_cells_and_in_no_address(browser, plan):
    text = browser.get(URL, {"show": "all"}).content.decode()
    number = plan.patient.nhs_number
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in text
    assert f'href="{reverse("careplan_forms:plan", args=[plan.public_id])}"' in text
    assert number not in text.replace(f"{number[:3]} {number[3:6]} {number[6:]}", "")


def test_urgent_readers_have_no_worklist(paramedic):
    assert people.client_of(paramedic).get(URL).status_code == 403
