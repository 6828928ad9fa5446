"""What people do over several pages, in their own order: used by the walk and by the tests of single journeys."""

import re
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from config.demo.people import Person
from content.seeds.course import COURSE
from core.nhs_number import spaced
from tests.functional.driving.visitor import Visitor

PASSWORD = "seven quiet lanterns by the river"
#: What is asked for and given in a minimum plan, by section: (question, answer) of radios, tick boxes and text.
MINIMUM: dict[str, list[tuple[str, str]]] = {
    "Who this plan is for": [("Have you checked that this is the right person?", "Yes")],
    "Where the person wants to be": [
        ("Where would the person like to be cared for?", "Home"),
        ("Where would the person like to be when they die?", "Home"),
    ],
    "People to call": [
        ("Name or service", "Night nursing line"),
        ("Telephone number", "020 7946 0100"),
        ("Is there support from a carer?", "No support"),
    ],
    "Care team": [("Name of the usual GP", "Dr Lindqvist")],
    "Conditions": [("What is the main condition?", "Heart failure")],
    "Allergies and medicines": [
        ("Does the person have allergies or reactions?", "No known allergies"),
        ("Are there just-in-case medicines?", "No, not prescribed"),
    ],
    "Treatment and hospital": [
        ("What should treatment aim for?", "Comfort first"),
        ("Should the person be taken to hospital?", "Only if it cannot be managed at home"),
    ],
    "Advance decision to refuse treatment": [
        ("Is there an advance decision to refuse treatment?", "No: asked, there is none"),
    ],
    "Resuscitation (CPR)": [
        ("What is the CPR decision?", "Do not attempt CPR"),
        ("Who was it discussed with?", "The person"),
    ],
}
#: Sections whose answers come from elsewhere and need only be looked at and saved.
LOOKED_AT = ["Agreement and who decides"]


def sign_up(visitor: Visitor, email: str) -> None:
    """Create an account and confirm the e-mail address by the link that was sent."""
    visitor.open("/account/signup/")
    visitor.fill("Email address", email)
    visitor.page.get_by_label("Create a password").fill(PASSWORD)
    visitor.page.get_by_label("Enter the password again").fill(PASSWORD)
    visitor.press("Create account")
    message = next(message for message in reversed(mail.outbox) if email in message.to)
    link = re.search(r"https?://\S+/confirm-email/\S+", str(message.body))
    assert link, message.body
    visitor.open(link[0])


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD) -> None:
    visitor.open("/account/login/")
    visitor.fill("Email address", email)
    visitor.page.get_by_label("Password", exact=True).fill(password)
    visitor.press("Sign in")


def set_up_second_factor(visitor: Visitor) -> None:
    """Type the code an authenticator app shows now for the key on the page: it holds until after the next one."""
    secret = visitor.page.locator("#totp-key").inner_text()
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    visitor.fill("Code from the app", format_hotp_value(hotp_value(secret, counter)))
    visitor.press("Continue")


def read_lessons(visitor: Visitor) -> None:
    """From "My learning" through every lesson to the quiz."""
    visitor.open("/learning/")
    visitor.follow("Next: ")
    for _ in COURSE["lessons"]:
        visitor.press("I have read this lesson")


def take_quiz(visitor: Visitor, *, right: bool) -> None:
    """Answer every question, all right or all wrong."""
    for question, options in COURSE["quiz"]:
        answer = next(text for text, is_right, _ in options if is_right == right)
        visitor.choose(question, answer)
    visitor.press("Send my answers")


def find_person(visitor: Visitor, person: Person) -> None:
    """By NHS number, through the page that asks whether this is the right one."""
    visitor.open("/people/")
    visitor.fill("NHS number", spaced(person.nhs_number))
    visitor.press("Find by NHS number")
    visitor.press("This is the right person")


def record_consent(visitor: Visitor, day: Any) -> None:
    visitor.follow("Record the decision")
    visitor.choose("May the plan be shared", "The person agreed")
    visitor.choose("Who decided?", "The person, who has capacity, decided")
    visitor.date("When was this decided?", day.day, day.month, day.year)
    visitor.press("Record the decision")


def answer(visitor: Visitor, question: str, given: str) -> None:
    """Tick or choose the option if the question has it, type the answer otherwise."""
    option = visitor.group(question).get_by_label(given, exact=True)
    if option.count():
        option.first.check()
        return
    control = visitor.page.locator("select, input, textarea").and_(visitor.page.get_by_label(question)).first
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(label=given)
    else:
        control.fill(given)


def fill_minimum_plan(visitor: Visitor) -> int:
    """From the task list through every section that is needed; returns how many answers were given."""
    given = 0
    for title, questions in MINIMUM.items():
        visitor.follow(title)
        for question, value in questions:
            answer(visitor, question, value)
            given += 1
        visitor.press("Save section")
    for title in LOOKED_AT:
        visitor.follow(title)
        visitor.press("Save section")
    return given


def send_for_approval(visitor: Visitor, review: Any) -> int:
    """From the task list through the check to "sent"; returns how many answers were given."""
    visitor.press("Check the plan and send it")
    visitor.fill("Who did you discuss the plan with?", "The person and their daughter")
    visitor.date("When should the plan be reviewed?", review.day, review.month, review.year)
    visitor.press("Confirm and send for approval")
    return 2
