"""Filling a plan over HTTP, without scripts: nothing typed is ever lost, nothing is half-saved."""

import html
import json
import re

import pytest
from django.urls import reverse

from careplan_forms.models import PlanDraft, PlanSubmission
from careplan_forms.selectors import plans as selectors
from core import clock
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people

pytestmark = pytest.mark.django_db


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def fields_of(page):
    """The hidden fields of a section's page, as a browser would send them."""
    text = page.content.decode()
    found = re.findall(r'<input type="hidden" name="(_base|_page|_shown)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


def open_section(browser, plan, section="emergency"):
    page = browser.get(address("plan-section", plan, section))
    assert page.status_code == 200
    return fields_of(page)


def test_the_task_list_shows_every_section_and_how_far_it_is(browser, plan, nurse):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    page = browser.get(address("plan-tasks", plan)).content.decode()
    assert "1 of 2 sections completed" in page
    assert "Not yet started" in page


def field(plan, uid):
    return selectors.form_for_work(plan).items[uid].name


def test_what_is_chosen_stands_on_the_page_again(browser, plan, nurse):
    hidden = open_section(browser, plan)
    answer = browser.post(
        address("plan-section", plan, "emergency"), hidden | {field(plan, "cpr"): "dnacpr", "_then": "tasks"}
    )
    assert answer["Location"] == address("plan-tasks", plan)
    assert selectors.working_view(plan).answers["cpr"]["code"] == "dnacpr"
    assert "checked" in browser.get(address("plan-section", plan, "emergency")).content.decode()


def test_a_page_sent_twice_is_saved_and_recorded_once(browser, plan):
    hidden = open_section(browser, plan) | {field(plan, "cpr"): "dnacpr"}
    for _ in range(2):
        assert browser.post(address("plan-section", plan, "emergency"), hidden).status_code == 302
    assert AuditEvent.objects.filter(action="plan.section_saved").count() == 1


def test_a_wrong_date_is_said_at_its_field_and_nothing_is_saved_or_lost(browser, plan):
    hidden = open_section(browser, plan, "about")
    born = field(plan, "born")
    typed = {f"{born}__day": "31", f"{born}__month": "2", f"{born}__year": "2026"}
    page = browser.post(address("plan-section", plan, "about"), hidden | typed | {field(plan, "matters"): "Her roses"})
    text = page.content.decode()
    assert "There is a problem" in text
    assert "<title>Error: " in text
    assert f'href="#{born}' in text
    assert 'value="31"' in text and "Her roses" in text
    draft = PlanDraft.objects.get(plan=plan)
    assert draft.items == {}
    again = browser.get(address("plan-section", plan, "about")).content.decode()
    assert 'value="31"' in again and "Her roses" in again
    assert "did not save" in again


def test_a_text_that_is_too_long_is_kept_and_refused(browser, plan):
    hidden = open_section(browser, plan, "about")
    page = browser.post(address("plan-section", plan, "about"), hidden | {field(plan, "matters"): "x" * 501})
    text = page.content.decode()
    assert "500" in text and "x" * 501 in text
    assert PlanDraft.objects.get(plan=plan).items == {}


def test_hostile_text_is_saved_as_it_is_and_shown_harmless(browser, plan):
    hostile = '<script>alert("x")</script> {{ 7*7 }} \'; DROP TABLE'
    hidden = open_section(browser, plan, "about")
    browser.post(address("plan-section", plan, "about"), hidden | {field(plan, "matters"): hostile})
    assert selectors.working_view(plan).answers["matters"] == hostile
    page = browser.get(address("plan-section", plan, "about")).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "<script>alert" not in browser.get(address("plan-check", plan)).content.decode()


def test_what_a_script_keeps_is_shown_to_its_author_only(browser, plan, doctor):
    name = field(plan, "matters")
    url = address("plan-keep", plan, "about") + "?opened=" + clock.now().isoformat().replace("+", "%2B")
    answer = browser.post(url, {"_fields": [name], name: "Half a sen"})
    assert answer.json()["message"].startswith("Kept for you")
    assert "Half a sen" in browser.get(address("plan-section", plan, "about")).content.decode()
    colleague = people.client_of(doctor)
    assert "Half a sen" not in colleague.get(address("plan-section", plan, "about")).content.decode()
    assert selectors.working_view(plan).answers == {}
    assert not AuditEvent.objects.filter(action="plan.section_saved").exists()


def test_saving_ends_what_was_kept(browser, plan):
    name = field(plan, "matters")
    browser.post(address("plan-keep", plan, "about"), {"_fields": [name], name: "Half a sen"})
    hidden = open_section(browser, plan, "about")
    browser.post(address("plan-section", plan, "about"), hidden | {name: "A whole sentence"})
    page = browser.get(address("plan-section", plan, "about")).content.decode()
    assert "A whole sentence" in page and "did not save" not in page


def test_kept_text_can_be_forgotten(browser, plan):
    name = field(plan, "matters")
    browser.post(address("plan-keep", plan, "about"), {"_fields": [name], name: "Half a sen"})
    browser.post(address("plan-discard", plan, "about"))
    assert "Half a sen" not in browser.get(address("plan-section", plan, "about")).content.decode()


def test_kept_text_does_not_replace_what_a_colleague_saved_meanwhile(browser, plan, nurse, doctor):
    name = field(plan, "matters")
    opened = "2020-01-01T00:00:00+00:00"
    make.save(doctor, plan, "about", matters="The doctor's words")
    url = address("plan-keep", plan, "about") + "?opened=" + opened.replace("+", "%2B")
    browser.post(url, {"_fields": [name], name: "The nurse's words"})
    hidden = open_section(browser, plan, "about")
    answer = browser.post(address("plan-section", plan, "about"), hidden | {name: "The nurse's words"})
    assert answer["Location"] == address("plan-clashes", plan)
    page = browser.get(answer["Location"]).content.decode()
    assert "The doctor&#39;s words" in page and "The nurse&#39;s words" in page


def test_a_session_that_ended_mid_section_loses_nothing(browser, plan, nurse):
    """Save is pressed after the session ended; the text waits for its author behind the sign-in."""
    hidden = open_section(browser, plan, "about")
    browser.logout()
    answer = browser.post(
        address("plan-section", plan, "about"), hidden | {field(plan, "matters"): "Typed for ten minutes"}
    )
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
    assert address("plan-section", plan, "about") in answer["Location"]
    again = people.client_of(nurse).get(address("plan-section", plan, "about")).content.decode()
    assert "Typed for ten minutes" in again and "did not save" in again
    assert PlanDraft.objects.get(plan=plan).items == {}


def test_nobody_signed_in_writes_nothing_without_the_page_s_own_mark(browser, plan):
    hidden = open_section(browser, plan, "about")
    browser.logout()
    other = make.plan(people.staff(people.organisation(), role="clinician"))
    for fields, target in [
        (hidden | {"_page": "forged"}, plan),
        ({key: value for key, value in hidden.items() if key != "_page"}, plan),
        (hidden, other),
    ]:
        browser.post(address("plan-section", target, "about"), fields | {field(plan, "matters"): "Sneaked in"})
    assert "Sneaked in" not in str(list(PlanDraft.objects.values_list("unsaved", "items")))


def test_two_pages_open_at_once_end_in_a_clash_not_in_a_loss(browser, plan, nurse, doctor):
    colleague = people.client_of(doctor)
    mine, theirs = open_section(browser, plan), open_section(colleague, plan)
    browser.post(address("plan-section", plan, "emergency"), mine | {field(plan, "cpr"): "dnacpr"})
    answer = colleague.post(address("plan-section", plan, "emergency"), theirs | {field(plan, "cpr"): "attempt"})
    assert answer["Location"] == address("plan-clashes", plan)
    assert {one.value["code"] for one in selectors.working_view(plan).clashes["cpr"]} == {"dnacpr", "attempt"}
    chosen = selectors.working_view(plan).clashes["cpr"][0].fingerprint
    colleague.post(address("plan-clashes", plan), {"uid": "cpr", "chosen": chosen})
    assert selectors.working_view(plan).clashes == {}


def test_a_clash_page_without_a_choice_says_so(browser, plan, nurse, doctor):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT, shown={})
    make.save(doctor, plan, cpr=make.CPR_DO_NOT, shown={})
    page = browser.post(address("plan-clashes", plan), {"uid": "cpr"}).content.decode()
    assert "Select which answer goes on" in page


def test_adding_an_entry_needs_no_script_and_keeps_what_was_typed(browser, plan):
    hidden = open_section(browser, plan)
    page = browser.post(
        address("plan-section", plan, "emergency"),
        hidden | {field(plan, "cpr"): "attempt", "_add": "contacts"},
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "app-repeat__entry" in text and "There is a problem" not in text
    assert 'value="attempt" checked' in text


def test_known_values_are_offered_with_their_source(browser, plan):
    page = browser.get(address("plan-section", plan, "about")).content.decode()
    assert "Zephyrine" in page and "the person&#39;s record" in page


def test_an_unknown_section_is_not_found(browser, plan):
    assert browser.get(address("plan-section", plan, "nonsense")).status_code == 404
    assert browser.post(address("plan-section", plan, "nonsense"), {}).status_code == 404


@pytest.mark.parametrize("base", ["", "{", "[]", '"x"', "null", '{"cpr": 5}'])
def test_a_broken_page_mark_is_no_error(browser, plan, base):
    sent = {"_base": base, field(plan, "cpr"): "attempt"}
    assert browser.post(address("plan-section", plan, "emergency"), sent).status_code == 302


def test_the_check_page_lists_what_is_left_and_sending_it_is_refused_in_words(browser, plan, flows):
    page = browser.get(address("plan-check", plan)).content.decode()
    assert "Still to do" in page and "CPR decision" in page
    sent = {"discussed_with": "Her son", "review_on_day": "1", "review_on_month": "1", "review_on_year": "2020"}
    page = browser.post(address("plan-check", plan), sent)
    assert page.status_code == 200
    assert "Her son" in page.content.decode()
    assert not PlanSubmission.objects.exists()


def test_a_complete_plan_is_sent_and_says_who_can_approve(browser, plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    due = clock.today().replace(day=1)
    sent = {
        "discussed_with": "Mrs Zephyrine",
        "review_on_day": "1",
        "review_on_month": str(due.month),
        "review_on_year": str(due.year + 1),
    }
    answer = browser.post(address("plan-check", plan), sent)
    assert answer["Location"] == address("plan-sent", plan)
    page = browser.get(answer["Location"]).content.decode()
    assert "Sent for approval" in page and "1 person" in page
    browser.post(address("plan-take-back", plan, PlanSubmission.objects.get().public_id))
    plan.refresh_from_db()
    assert plan.waiting_submission is None


def test_a_page_carries_the_fingerprint_of_every_question_it_asks(browser, plan):
    hidden = json.loads(open_section(browser, plan)["_base"])
    assert set(hidden) == {"cpr", "cpr-why", "contacts"}
