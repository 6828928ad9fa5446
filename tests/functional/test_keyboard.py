"""Journeys without a mouse: every step by Tab, arrows, space and Enter, and the focus seen at each of them."""

import datetime

import pytest
from playwright.sync_api import Locator

from core import clock
from core.nhs_number import spaced
from tests.functional import journeys
from tests.functional.driving.visitor import Visitor
from tests.functional.emergency_plans import readable


class Hands:
    """Types and presses keys; never clicks."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.page.mouse.click = self._no_mouse  # type: ignore[method-assign]

    def _no_mouse(self, *args: object, **kwargs: object) -> None:
        raise AssertionError("This journey is made without a mouse")

    def press(self, words: str, role: str = "button") -> None:
        """Go to a button or link and press Enter."""
        self._go(self.page.get_by_role(role, name=words, exact=role == "button").first)  # type: ignore[arg-type]
        self.enter()

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        self._go(self.page.locator("input, textarea").and_(self.page.get_by_label(label)).first)
        self.page.keyboard.type(text)

    def choose(self, question: str, option: str) -> None:
        """Answer a question: radios by arrows, tick boxes by space, lists by typing their words."""
        choice = self.visitor.group(question).get_by_label(option, exact=True)
        if not choice.count():
            self._select(question, option)
        elif choice.first.get_attribute("type") == "checkbox":
            self._go(choice.first)
            self.page.keyboard.press("Space")
        else:
            self._radio(choice.first)

    def _select(self, question: str, option: str) -> None:
        control = self.page.locator("select").and_(self.page.get_by_label(question)).first
        self._go(control)
        self.page.keyboard.type(option)
        assert control.evaluate("e => e.selectedOptions[0].text") == option

    def _radio(self, choice: Locator) -> None:
        name = choice.get_attribute("name")
        radios = self.page.locator(f"input[type=radio][name='{name}']")
        self._go(radios.first)
        self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if choice.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not reach {choice}")

    def _go(self, wanted: Locator) -> None:
        if not wanted.evaluate("e => e === document.activeElement"):
            self.visitor.tab_to(wanted, most=120)

    def date(self, question: str, day: datetime.date) -> None:
        group = self.visitor.group(question)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self._go(group.get_by_label(label))
            self.page.keyboard.type(str(value))

    def answer(self, question: str, given: str) -> None:
        typed = self.page.locator("input[type=text], input[type=tel], textarea").and_(self.page.get_by_label(question))
        if typed.count():
            self.type(question, given)
        else:
            self.choose(question, given)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_crew_reads_a_plan_in_two_actions(visit, world, scripts):
    crew = world.actor("paramedic")
    summary = readable(crew)
    hands = Hands(visit(crew, width=360, height=640, scripts=scripts))
    hands.visitor.open("/urgent/")
    assert hands.page.evaluate("() => document.activeElement.name") == "nhs_number"
    hands.page.keyboard.type(spaced(summary.nhs_number))
    hands.enter()
    hands.choose("Why are you opening this plan?", "I am caring for this person now")
    hands.enter()
    assert "Do not attempt CPR" in hands.visitor.text
    assert "C1947Y" not in hands.page.content()
    hands.press("Show key safe code")
    assert "C1947Y" in hands.visitor.text


def test_a_nurse_writes_a_minimum_plan_and_nothing_is_asked_twice(visit, world, national_service):
    person = world.person(5)
    hands = Hands(visit(world.actor("nurse")))
    visitor = hands.visitor
    visitor.open("/people/")
    hands.type("NHS number", spaced(person.nhs_number))
    hands.enter()
    hands.press("This is the right person")
    hands.press("Record the decision", role="link")
    hands.choose("May the plan be shared", "The person agreed")
    hands.choose("Who decided?", "The person, who has capacity, decided")
    hands.date("When was this decided?", clock.today())
    hands.press("Record the decision")
    hands.press("Start a plan")
    given = 0
    for title, questions in journeys.MINIMUM.items():
        hands.press(title, role="link")
        for question, value in questions:
            hands.answer(question, value)
            given += 1
        hands.press("Save section")
    for title in journeys.LOOKED_AT:
        hands.press(title, role="link")
        hands.press("Save section")
    hands.press("Check the plan and send it")
    assert "Still to do" not in visitor.text
    hands.type("Who did you discuss the plan with?", "The person")
    hands.date("When should the plan be reviewed?", clock.today() + datetime.timedelta(days=90))
    hands.press("Confirm and send for approval")
    assert visitor.heading == "Sent for approval"
    assert given + 2 <= 18
    crew = visit(world.actor("paramedic"))
    crew.open("/urgent/")
    crew.fill("NHS number", person.nhs_number)
    crew.press("Find by NHS number")
    assert crew.heading == "No plan found"
