"""The section editor at work: conditions by rows, copies, and how soon a long section can be worked on."""

import json
import time

import pytest

from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions
from tests.functional.test_accessibility import STOCK, WCAG

HOSTILE = "<img src=x onerror=alert(1)>"
#: px; more than the section of these tests needs with an item unfolded.
TALL = 6000
TAGS = {"type": "tag", "values": WCAG}


def question(number, **more):
    return {"uid": f"q{number}", "link_id": f"q-{number}", "type": "text", "label": f"Question {number}"} | more


def document(key, items):
    before = [
        question("-yes", type="yes_no", label=f"Lives alone? {HOSTILE}", absent=["not-known"]),
        question("-many", type="number", label="Falls this year", unit="falls"),
        question("-born", type="date", label="Date of birth"),
    ]
    sections = [
        {"key": "first", "title": "First", "items": before},
        {"key": "second", "title": "Second", "items": items},
    ]
    return {"key": key, "url": f"https://foreword.example/{key}", "title": "Frailty", "sections": sections}


@pytest.fixture
def lead(world):
    return world.actor("clinical-lead")


@pytest.fixture
def made(lead):
    """Makes a form of two sections; gives the second."""

    def make(key, items):
        definition = definitions.create_from_document(document=document(key, items), by=lead)
        return form_drafts.sections_of(definition)[1]

    return make


def items_in(section):
    fresh = FormSection.objects.select_related("latest_revision").get(pk=section.pk)
    return form_drafts.section_in(form_drafts.draft_of(fresh))["items"]


def open_section(visitor, section):
    visitor.open(f"/admin/forms/sections/edit/{section.pk}/")
    visitor.page.locator(".fw-rule__said").first.wait_for(state="attached")


def item(page, number):
    return page.locator(f'[data-streamfield-child]:has(> input[name="items-{number}-type"])')


def unfold(page, number):
    """Open an item of the section and its folded part with the rules; gives the item."""
    child = item(page, number)
    toggle = child.locator("[data-panel-toggle]").first
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    folded = child.locator('input[data-fw-rule="show_if"]').locator("xpath=ancestor::*[@data-panel][1]")
    if folded.locator("[data-panel-toggle]").first.get_attribute("aria-expanded") == "false":
        folded.locator("[data-panel-toggle]").first.click()
    return child


def sentence(child, part):
    return child.locator(f'input[data-fw-rule="{part}"] + .fw-rule .fw-rule__said')


def save(page):
    with page.expect_navigation():
        page.locator("button.action-save").first.click()


def test_a_condition_is_built_by_rows_and_read_as_a_sentence(visit, made, lead):
    section = made("by-rows", [question(1), question(2)])
    visitor = visit(lead)
    page = visitor.page
    open_section(visitor, section)
    child = unfold(page, 1)
    child.get_by_role("button", name="Change: Shown only if").click()
    child.get_by_role("button", name="Add a condition").click()
    child.get_by_label("Question of condition 1").select_option(label=f"Lives alone? {HOSTILE} (First)")
    child.get_by_label("Answer of condition 1").select_option("no")
    child.get_by_role("button", name="Add a group of conditions").click()
    group = child.get_by_role("group", name="Group 2")
    group.get_by_label("Question of condition 1").select_option(label="Falls this year (First)")
    group.get_by_label("Comparison of condition 1").select_option(">=")
    group.get_by_label("Answer of condition 1").fill("3")
    said = sentence(child, "show_if")
    wanted = f"Shown if “Lives alone? {HOSTILE}” is no and “Falls this year” is at least 3 falls."
    page.wait_for_function("([e, t]) => e.textContent === t", arg=[said.element_handle(), wanted])
    faults = []
    for width in (1280, 320):
        # So tall that Wagtail's bar of buttons, which sticks to the lower edge, covers no field.
        visitor.resize(width, TALL)
        faults += visitor.faults(STOCK, runOnly=TAGS)
    assert faults == []
    visitor.resize(1280, 900)
    save(page)
    assert items_in(section)[1]["show_if"] == {
        "all": [{"item": "q-yes", "op": "=", "value": False}, {"item": "q-many", "op": ">=", "value": 3}]
    }


def test_a_score_is_worked_out_and_warns_without_a_mouse(visit, made, lead):
    section = made("by-keys", [question(1, type="number"), question(2, type="calculated", calculation={"item": "q1"})])
    visitor = visit(lead)
    page = visitor.page
    open_section(visitor, section)
    child = unfold(page, 1)
    opener = child.get_by_role("button", name="Change: Worked out as")
    opener.focus()
    page.keyboard.press("Enter")
    child.get_by_label("How it is worked out").select_option(label="Sum of those answered")
    child.get_by_label("Part 1: question").select_option("q-many")
    adder = child.get_by_role("button", name="Add a part")
    adder.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Part 2: what"
    child.get_by_label("Part 2: question").select_option("q1")
    warn = child.get_by_role("button", name="Change: Warns if")
    warn.focus()
    page.keyboard.press("Enter")
    child.get_by_role("button", name="Add a warning").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ask for help")
    child.get_by_label("Question of condition 1").select_option("q1")
    child.get_by_label("Comparison of condition 1").select_option(">")
    child.get_by_label("Answer of condition 1").fill("7")
    assert visitor.faults(STOCK, runOnly=TAGS) == []
    save(page)
    stored = items_in(section)[1]
    assert stored["calculation"] == {"sum": [{"item": "q-many"}, {"item": "q1"}]}
    assert [(each["text"], each["rule"]) for each in stored["warnings"]] == [
        ("Ask for help", {"item": "q1", "op": ">", "value": 7})
    ]


def test_what_rows_cannot_say_is_kept_and_said(visit, made, lead):
    row = {"item": "q1", "op": "=", "value": "x"}
    deep = {"not": {"not": row}}
    section = made("too-rich", [question(1), question(2, show_if=deep)])
    visitor = visit(lead)
    open_section(visitor, section)
    child = unfold(visitor.page, 1)
    child.get_by_role("button", name="Change: Shown only if").click()
    assert "richer than rows can hold" in child.inner_text()
    assert "it is not so that it is not so that “Question 1” is “x”" in child.inner_text()
    save(visitor.page)
    assert items_in(section)[1]["show_if"] == deep


def test_a_copy_of_a_group_asks_about_its_own_questions(visit, made, lead):
    inner = [question(2), question(3, show_if={"item": "q2", "op": "=", "value": "x"})]
    section = made("copies", [question(1, type="group", items=inner)])
    visitor = visit(lead)
    open_section(visitor, section)
    child = item(visitor.page, 0)
    child.locator('[data-streamfield-action="DUPLICATE"]').first.click()
    visitor.page.wait_for_timeout(500)
    save(visitor.page)
    first, copy = items_in(section)
    assert first["items"][1]["show_if"]["item"] == "q2"
    asked, asking = copy["items"]
    assert asking["show_if"]["item"] == asked["uid"] not in ("q2", "")
    assert {copy["link_id"], asked["link_id"], asking["link_id"]} == {"q-4", "q-5", "q-6"}


def test_a_section_of_forty_items_can_be_worked_on_soon(visit, made, lead):
    rule = {"item": "q-many", "op": ">", "value": 2}
    section = made("forty", [question(number, show_if=rule) for number in range(40)])
    visitor = visit(lead)
    open_section(visitor, section)
    started = time.perf_counter()
    open_section(visitor, section)
    unfold(visitor.page, 39).get_by_role("button", name="Change: Shown only if").click()
    took = time.perf_counter() - started
    print(json.dumps({"usable_after_seconds": round(took, 2)}))
    # Two seconds on a machine with nothing else to do; the tests share theirs.
    assert took < 8, f"{took:.1f} s"
    assert FormDefinition.objects.filter(key="forty").exists()
