"""The section editor at work: conditions by rows, copies, and how soon a long section can be worked on."""

import json
import time

import pytest

from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions
from careplan_forms.services import question_comments as comments
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
    visitor.page.locator("[data-streamfield-child] [data-panel-toggle]").first.wait_for()


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
    visitor.resize(1280, TALL)
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
    child.get_by_text("it is not so that it is not so that “Question 1” is “x”").first.wait_for()
    save(visitor.page)
    assert items_in(section)[1]["show_if"] == deep


def test_a_copy_of_a_group_asks_about_its_own_questions(visit, made, lead):
    inner = [question(2), question(3, show_if={"item": "q2", "op": "=", "value": "x"})]
    section = made("copies", [question(1, type="group", items=inner)])
    visitor = visit(lead)
    open_section(visitor, section)
    child = item(visitor.page, 0)
    child.locator('[data-streamfield-action="DUPLICATE"]').first.click()
    item(visitor.page, 1).wait_for(state="attached")
    save(visitor.page)
    first, copy = items_in(section)
    assert first["items"][1]["show_if"]["item"] == "q2"
    asked, asking = copy["items"]
    assert asking["show_if"]["item"] == asked["uid"] not in ("q2", "")
    assert {copy["link_id"], asked["link_id"], asking["link_id"]} == {"q-4", "q-5", "q-6"}


SENT = "() => [...new FormData(document.querySelector('form[data-edit-form], #w-editor-form')).entries()].map(String)"


def test_an_item_nobody_opened_is_sent_as_it_came(visit, made, lead):
    answers = [{"id": f"o{n}", "code": f"o{n}", "system": "urn:x", "display": f"Answer {n}"} for n in (1, 2)]
    several = question(2, type="choice", options=answers, absent=["not-applicable", "not-known"], other=True)
    inner = [question(4, type="date", precision=["D", "Y"]), question(5, type="number", min=0.5, unit="mg")]
    roles = {"see": ["doctor", "patient"], "edit": [], "require": None}
    items = [
        question(1, label=f"Line {HOSTILE}", roles=roles, show_if={"item": "q-yes", "op": "=", "value": True}),
        several,
        question(3, type="group", items=[*inner, question(6, type="repeat", items=[question(7)])]),
        question(8, type="guidance", label="One line\nand another"),
    ]
    section = made("unopened", items)
    before = items_in(section)
    visitor = visit(lead)
    page = visitor.page
    open_section(visitor, section)
    sent = page.evaluate(SENT)
    assert page.locator('input[data-fw-rule="show_if"]').count() == 0
    closed = page.locator('[data-streamfield-child] > [data-panel] > * > [data-panel-toggle][aria-expanded="false"]')
    while closed.count():
        closed.first.click()
    assert page.locator('input[data-fw-rule="show_if"]').count() == 8
    assert page.evaluate(SENT) == sent
    open_section(visitor, section)
    unfold(page, 3).get_by_label("Name in exports").fill("q-eight")
    save(page)
    after = items_in(section)
    assert after[3].pop("link_id") == "q-eight" and before[3].pop("link_id") == "q-8"
    # Ticks are sent in the order they are offered in.
    assert [each["absent"].pop(0) for each in (before[1], after[1])] == ["not-applicable", "not-known"]
    assert [each["absent"].pop(0) for each in (before[1], after[1])] == ["not-known", "not-applicable"]
    assert after == before


def test_who_is_ticked_and_comments_are_told_at_their_question(visit, made, lead):
    section = made("who", [question(1), question(2)])
    comments.comment(definition=FormDefinition.objects.get(key="who"), uid="q2", text="Clear?", by=lead)
    visitor = visit(lead, width=320)
    page = visitor.page
    open_section(visitor, section)
    told = page.locator(".fw-comments")
    assert told.all_inner_texts() == ["1 comment"] and item(page, 1).locator(".fw-comments").count() == 1
    child = unfold(page, 0)
    child.locator("[data-panel-toggle]").last.click()
    box = child.get_by_role("group", name="Who may see this").get_by_label("Doctors")
    assert min(box.bounding_box()[side] for side in ("width", "height")) >= 24
    box.check()
    visitor.resize(320, TALL)
    assert visitor.faults(STOCK, runOnly=TAGS) == []
    save(page)
    assert items_in(section)[0]["roles"] == {"see": ["doctor"], "edit": None, "require": None}
    page.goto(f"{page.url}#block-q2-section")
    item(page, 1).get_by_label("Hint", exact=True).wait_for()
    with page.expect_navigation():
        told.click()
    assert page.locator("#page-title").inner_text() == "Comments on “Question 2”"


def processor_seconds(session):
    """What the page's own thread has worked since it was opened, whatever else the machine does meanwhile."""
    figures = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return figures["TaskDuration"]


def test_a_section_of_forty_items_can_be_worked_on_soon(visit, made, lead):
    rule = {"item": "q-many", "op": ">", "value": 2}
    sections = {many: made(f"many-{many}", [question(n, show_if=rule) for n in range(many)]) for many in (1, 40)}
    visitor = visit(lead, alone=True)
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    worked = {1: [], 40: []}
    for many in (1, 40, 1, 40, 1, 40):
        served = time.process_time()
        open_section(visitor, sections[many])
        unfold(visitor.page, many - 1).get_by_role("button", name="Change: Shown only if").click()
        worked[many].append(time.process_time() - served + processor_seconds(session))
    least = {many: min(each) for many, each in worked.items()}
    print(json.dumps({"usable_after_processor_seconds": {many: round(each, 2) for many, each in least.items()}}))
    # Others at the machine lengthen the wait, not the work; how long a second's work takes is the machine's.
    assert least[40] < 3 * least[1], least
