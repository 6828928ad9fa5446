"""Questions that come and go, values worked out and warnings, as answers change: by keyboard, and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from careplan_forms.models import CarePlan
from careplan_forms.selectors import plans as selectors
from governance.actors import Actor
from tests.factories import careplan_forms as plans
from tests.functional.driving import screens
from tests.functional.test_keyboard import Hands

PAIN = [("none", "No pain", 0), ("some", "Some pain", 1), ("worst", "Worst pain", 3)]


def _item(uid: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"uid": uid, "type": kind, "label": label, **more}


def _is(uid: str, value: Any, op: str = "=") -> dict[str, Any]:
    return {"item": uid, "op": op, "value": value}


FORM = {
    "key": "conditional-questions",
    "url": "https://foreword.example/forms/conditional-questions",
    "title": "Symptoms",
    "sections": [
        {"key": "home", "title": "Home", "items": [_item("carer", "yes_no", "Is there a carer?")]},
        {
            "key": "symptoms",
            "title": "Symptoms",
            "items": [
                _item(
                    "pain",
                    "choice",
                    "How bad is the pain?",
                    options=[{"code": code, "display": display, "score": score} for code, display, score in PAIN],
                ),
                _item("where", "text", "Where does it hurt?", show_if=_is("pain", ["some", "worst"], "in")),
                _item("since", "date", "Since when?", show_if=_is("where", True, "exists")),
                _item(
                    "said",
                    "text",
                    "What does the carer say?",
                    show_if={"all": [_is("carer", True), _is("pain", "worst")]},
                ),
                _item("dose", "number", "Dose", unit="mg"),
                _item(
                    "often",
                    "number",
                    "Times a day",
                    warnings=[{"uid": "much", "rule": _is("daily", 10, ">"), "text": "This is more than 10 mg a day."}],
                ),
                _item(
                    "daily",
                    "calculated",
                    "Dose a day",
                    unit="mg",
                    calculation={"multiply": [{"item": "dose"}, {"item": "often"}]},
                ),
                _item("reason", "text", "Why this dose?", required_if=_is("daily", 10, ">")),
                _item(
                    "medicine",
                    "repeat",
                    "Medicines",
                    items=[
                        _item("name", "text", "Medicine"),
                        _item("stopped", "yes_no", "Was it stopped?"),
                        _item("why", "text", "Why was it stopped?", show_if=_is("stopped", True)),
                    ],
                ),
            ],
        },
    ],
}


@pytest.fixture
def nurse(world) -> Actor:
    return world.actor("nurse")


@pytest.fixture
def care_plan(nurse) -> CarePlan:
    made = plans.plan(nurse)
    version = plans.form_version(FORM)
    CarePlan.objects.filter(pk=made.pk).update(form_version=version)
    made.refresh_from_db()
    return made


@pytest.fixture
def page_at(visit, nurse, care_plan):
    def start(**how: Any):
        visitor = visit(nurse, **how)
        visitor.open(f"/plans/{care_plan.public_id}/sections/symptoms/")
        return visitor

    return start


def _turn(hands: Hands, option: str) -> None:
    """Change an answered group of radios as a keyboard does: Tab to the chosen one, then arrows."""
    chosen = hands.page.locator("input[name=q-pain]:checked")
    if not chosen.evaluate("e => e === document.activeElement"):
        hands.visitor.tab_to(chosen, most=120)
    for _ in PAIN:
        if hands.page.get_by_label(option, exact=True).is_checked():
            return
        hands.page.keyboard.press("ArrowDown")
    raise AssertionError(f"The arrows do not reach {option}")


def test_by_keyboard_a_question_comes_goes_and_comes_back_with_its_answer(page_at, nurse, care_plan):
    visitor = page_at()
    hands, where = Hands(visitor), visitor.page.get_by_label("Where does it hurt?")
    expect(where).to_be_hidden()
    hands.choose("How bad is the pain?", "Some pain")
    expect(where).to_be_visible()
    expect(visitor.page.locator("form > [role=status].nhsuk-u-visually-hidden")).to_have_text(
        "Now asked: Where does it hurt?"
    )
    hands.type("Where does it hurt?", "Left hip")
    expect(visitor.group("Since when?")).to_be_visible()
    _turn(hands, "No pain")
    expect(where).to_be_hidden()
    expect(visitor.page.locator("#q-since")).to_be_hidden()
    _turn(hands, "Worst pain")
    expect(where).to_have_value("Left hip")
    _turn(hands, "No pain")
    hands.press("Save section")
    saved = selectors.working_view(care_plan, nurse).answers
    assert saved["where"] == "Left hip", "hidden, it is kept in the draft"
    assert "where" not in selectors.form_for_work(care_plan).complete(saved), "and goes no further"
    visitor.open(f"/plans/{care_plan.public_id}/sections/symptoms/")
    expect(where).to_be_hidden()
    _turn(hands, "Some pain")
    expect(where).to_have_value("Left hip")


def test_the_focus_is_not_lost_when_the_next_question_goes(page_at):
    visitor = page_at()
    hands, page = Hands(visitor), visitor.page
    hands.choose("How bad is the pain?", "Some pain")
    hands.type("Where does it hurt?", "Hip")
    expect(visitor.group("Since when?")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator("#q-since")).to_be_hidden()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "q-dose"


def test_values_warnings_and_needs_follow_the_answers(page_at):
    visitor = page_at()
    page = visitor.page
    total, warning = page.locator("#q-daily"), page.get_by_text("This is more than 10 mg a day.")
    need = page.locator("[data-need]")
    expect(total).to_have_text("Not worked out yet")
    expect(warning).to_be_hidden()
    expect(need).to_have_text("Needed for approval if “Dose a day” is more than 10 mg")
    visitor.fill("Dose", "2.5")
    visitor.fill("Times a day", "4")
    page.keyboard.press("Tab")
    expect(total).to_have_text("10 mg")
    expect(warning).to_be_hidden()
    visitor.fill("Times a day", "5")
    page.keyboard.press("Tab")
    expect(total).to_have_text("12.5 mg")
    expect(warning).to_be_visible()
    expect(need).to_have_text("Needed for approval")
    visitor.press("Save section")
    visitor.open(page.url.replace("/tasks/", "/check/"))
    assert "Enter an answer to “Why this dose?”" in visitor.text
    assert "This is more than 10 mg a day." in visitor.text
    assert "12.5 mg" in visitor.text


def test_an_answer_of_another_section_is_looked_at(page_at, nurse, care_plan):
    said = "What does the carer say?"
    visitor = page_at()
    visitor.choose("How bad is the pain?", "Worst pain")
    expect(visitor.page.get_by_label(said)).to_be_hidden()
    plans.save(nurse, care_plan, section="home", carer=True)
    visitor.page.reload()
    visitor.choose("How bad is the pain?", "Worst pain")
    expect(visitor.page.get_by_label(said)).to_be_visible()


def test_each_entry_of_a_repeat_decides_for_itself(page_at):
    visitor = page_at()
    page = visitor.page
    page.get_by_label("Medicine", exact=True).fill("Paracetamol")
    visitor.press("Add another", exact=False)
    why = page.get_by_label("Why was it stopped?")
    assert why.count() == 2
    page.locator("fieldset", has_text="Was it stopped?").nth(1).get_by_label("Yes").check()
    expect(why.nth(0)).to_be_hidden()
    expect(why.nth(1)).to_be_visible()


def test_what_nobody_can_see_is_not_called_wrong(page_at, nurse, care_plan):
    visitor = page_at()
    visitor.choose("How bad is the pain?", "Some pain")
    visitor.fill("Where does it hurt?", "Hip")
    visitor.date("Since when?", 32, 13, 2026)
    visitor.choose("How bad is the pain?", "No pain")
    visitor.press("Save section")
    assert "/tasks/" in visitor.page.url
    saved = selectors.working_view(care_plan, nurse).answers
    assert saved["where"] == "Hip" and "since" not in saved


def test_without_scripts_every_question_is_there_and_says_when_to_answer_it(page_at, nurse, care_plan):
    visitor = page_at(scripts=False)
    expect(visitor.page.get_by_label("Where does it hurt?")).to_be_visible()
    assert "Answer this if “How bad is the pain?” is one of “Some pain”, “Worst pain”" in visitor.text
    visitor.choose("How bad is the pain?", "Some pain")
    visitor.fill("Where does it hurt?", "Left hip")
    visitor.fill("Dose", "3")
    visitor.fill("Times a day", "4")
    visitor.press("Save section")
    saved = selectors.working_view(care_plan, nurse).answers
    assert saved["where"] == "Left hip" and saved["daily"] == {"value": "12", "unit": "mg"}
    visitor.open(f"/plans/{care_plan.public_id}/sections/symptoms/")
    expect(visitor.page.locator("#q-daily")).to_have_text("12 mg")
    expect(visitor.page.get_by_text("This is more than 10 mg a day.")).to_be_visible()
    expect(visitor.page.locator("[data-need]")).to_have_text("Needed for approval")


@pytest.mark.parametrize("everything", [False, True])
def test_axe_finds_nothing_whatever_is_shown(page_at, everything):
    visitor = page_at()
    if everything:
        visitor.page.evaluate("() => document.querySelectorAll('form [hidden]').forEach(e => e.hidden = false)")
    else:
        visitor.choose("How bad is the pain?", "Some pain")
        visitor.fill("Dose", "6")
        visitor.fill("Times a day", "2")
        visitor.page.keyboard.press("Tab")
    for width in (1280, 320):
        visitor.resize(width, 800)
        assert visitor.faults() == []
        assert screens.sideways(visitor.page) == []
