"""Journeys without a mouse: every step by Tab, arrows, space and Enter, and the focus seen at each of them."""

import datetime
import re

import pytest
from playwright.sync_api import Locator, expect

from careplan_forms.enums import PlanState
from content.seeds.course import COURSE
from core import clock
from core.nhs_number import spaced
from governance.models import Organisation, User
from tests.factories import governance as make
from tests.functional import journeys, practice_world
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
        self.go(self.page.get_by_role(role, name=words, exact=role == "button").first)  # type: ignore[arg-type]
        self.enter()

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def submit(self) -> None:
        """Go to the page's own button, the last of its forms, and press Enter."""
        self.go(self.page.locator("main form[method=post] button").last)
        self.enter()

    def tick(self, label: str) -> None:
        self.go(self.page.get_by_label(label))
        self.page.keyboard.press("Space")

    def pick(self, label: str, option: str) -> None:
        """Choose from a list by typing its words."""
        self._select(label, option)

    def type(self, label: str, text: str) -> None:
        self.go(self.page.locator("input, textarea").and_(self.page.get_by_label(label)).first)
        self.page.keyboard.type(text)

    def choose(self, question: str, option: str) -> None:
        """Answer a question: radios by arrows, tick boxes by space, lists by typing their words."""
        choice = self.visitor.group(question).get_by_label(option, exact=True)
        if not choice.count():
            self._select(question, option)
        elif choice.first.get_attribute("type") == "checkbox":
            self.go(choice.first)
            self.page.keyboard.press("Space")
        else:
            self._radio(choice.first)

    def _select(self, question: str, option: str) -> None:
        control = self.page.locator("select").and_(self.page.get_by_label(question)).first
        self.go(control)
        self.page.keyboard.type(option)
        assert control.evaluate("e => e.selectedOptions[0].text") == option

    def _radio(self, choice: Locator) -> None:
        name = choice.get_attribute("name")
        radios = self.page.locator(f"input[type=radio][name='{name}']")
        self.go(radios.first)
        self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if choice.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not reach {choice}")

    def go(self, wanted: Locator) -> None:
        if not wanted.evaluate("e => e === document.activeElement"):
            self.visitor.tab_to(wanted, most=120)

    def date(self, question: str, day: datetime.date) -> None:
        group = self.visitor.group(question)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.go(group.get_by_label(label))
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
    # A browser gives the focus with the first picture of a page, which may come after the page has loaded.
    expect(hands.page.locator("[name=nhs_number]")).to_be_focused()
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


def test_a_doctor_marks_a_plan_and_withdraws_it(visit, world):
    plan = practice_world.approved_plan(world, world.person(40), world.person(41)).plan
    hands = Hands(visit(world.actor("gp")))
    hands.visitor.open(f"/plans/{plan.public_id}/stop-marks/")
    hands.choose("What must readers know?", "The person has changed their mind")
    hands.submit()
    assert "The person has changed their mind" in hands.visitor.text
    hands.visitor.open(f"/plans/{plan.public_id}/withdraw/")
    hands.type("Why is the plan withdrawn?", "Recovered, and no longer wants one")
    hands.submit()
    plan.refresh_from_db()
    assert plan.state == PlanState.WITHDRAWN


def test_a_guardian_signs_and_a_lead_lists_somebody(visit, world):
    agreement, guardian = practice_world.agreement_to_sign()
    hands = Hands(visit(guardian))
    hands.visitor.open(f"/organisations/agreements/{agreement.public_id}/")
    hands.press("Read and sign", role="link")
    hands.tick("I have read this agreement and I sign it")
    hands.type("Your full name", User.objects.get(pk=guardian.user_id).display_name)
    hands.press("Sign")
    assert agreement.signatures.filter(signed_by=guardian.user_id).exists()
    officer = Hands(visit(world.actor("ig")))
    officer.visitor.open(f"/organisations/{agreement.organisation.public_id}/staff/new/")
    officer.type("Work email address", "keys@example.org")
    officer.type("First name", "Kay")
    officer.type("Last name", "Boardman")
    officer.pick("Role", "Clinician")
    officer.submit()
    assert "Kay Boardman" in officer.visitor.text


def test_a_learner_takes_the_course_and_its_quiz(visit, world):
    learner = make.staff(Organisation.objects.get(ods_code="ZZP01"), trained=False)
    hands = Hands(visit(learner))
    hands.visitor.open("/learning/")
    hands.press("Next: ", role="link")
    for _ in COURSE["lessons"]:
        hands.press("I have read this lesson")
    for question, options in COURSE["quiz"]:
        hands.choose(question, next(text for text, is_right, _ in options if is_right))
    hands.press("Send my answers")
    assert hands.visitor.heading == "You passed"


def test_a_commissioner_narrows_a_report_and_takes_it_away(visit, world):
    hands = Hands(visit(world.actor("commissioner"), accept_downloads=True))
    hands.visitor.open("/reports/plans/")
    hands.date("From", clock.today().replace(day=1))
    hands.date("To", clock.today())
    hands.press("Show this period")
    hands.go(hands.page.get_by_role("link", name="Download as CSV"))
    with hands.page.expect_download() as download:
        hands.page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def moves_by_single_keys(hands: Hands) -> None:
    """To the first task by j, but not while something is filled in, nor once the keys are turned off."""
    keys, first = hands.page.keyboard, hands.page.locator("[data-row]").first

    def is_there() -> bool:
        return bool(first.evaluate("element => element === document.activeElement"))

    hands.go(hands.page.get_by_label("Due", exact=True))
    keys.press("j")
    assert not is_there()
    hands.go(hands.page.locator("summary", has_text="Keyboard"))
    keys.press("j")
    assert is_there()
    hands.go(hands.page.locator("summary", has_text="Keyboard"))
    keys.press("Enter")
    hands.go(hands.page.get_by_role("button", name="Turn the keys off"))
    keys.press("Enter")
    keys.press("j")
    assert not is_there() and hands.page.get_by_text("The keys are off.").is_visible()
    keys.press("Enter")


def test_a_doctor_takes_a_task_and_gives_it_back(visit, world):
    practice_world.worked_plan(world, world.person(42), world.person(43))
    hands = Hands(visit(world.actor("gp")))
    hands.visitor.open("/tasks/?show=free&taken=nobody")
    moves_by_single_keys(hands)
    take = hands.page.get_by_role("button", name=re.compile("^Take ")).last
    task = take.inner_text().removeprefix("Take").strip()
    hands.go(take)
    hands.enter()
    hands.visitor.open("/tasks/?show=mine")
    give = hands.page.get_by_role("button", name=f"Give back {task}")
    mine = give.count()
    assert mine
    hands.go(give.first)
    hands.enter()
    hands.visitor.open("/tasks/?show=mine")
    assert give.count() == mine - 1
