"""Made-up people, plans and a form of 180 questions, the same in every run."""

from typing import Any

from careplan_forms.models import CarePlan
from governance.actors import Actor
from governance.models import Organisation
from tests.factories import careplan_forms as plans
from tests.factories import governance as people

FIELDS = 180
RULES = 40
KINDS = ("text", "yes_no", "choice", "date", "long_text", "telephone")
OPTIONS = ["home", "hospice", "hospital", "not-sure"]


def long_document(fields: int = FIELDS) -> dict[str, Any]:
    """One section of `fields` questions of everyday kinds, 40 of them shown only under a condition."""
    items: list[dict[str, Any]] = []
    for number in range(fields):
        item: dict[str, Any] = {"uid": f"q{number}", "type": KINDS[number % 6], "label": f"Question {number}?"}
        if item["type"] == "choice":
            item["options"] = [
                {"id": each, "code": each, "system": "urn:bench", "display": each.title()} for each in OPTIONS
            ]
        if item["type"] in ("text", "long_text"):
            item["max_length"] = 500
        if number >= fields - RULES:
            item["show_if"] = {"item": "q1", "op": "=", "value": True}
        items.append(item)
    section = {"key": "all", "title": "Everything", "items": items}
    return plans.document() | {"title": "Long plan", "sections": [*plans.document()["sections"], section]}


def answer(number: int) -> Any:
    """What stands at question `number` of the long form."""
    option = {"code": OPTIONS[number % 4], "system": "urn:bench"}
    kinds = {"yes_no": True, "choice": option, "date": "2026-03-09", "telephone": "020 7946 0958"}
    return kinds.get(KINDS[number % 6], f"Answer {number}")


def rule(number: int) -> dict[str, Any]:
    """Two conditions on earlier questions: a yes, and a home or a date."""
    yes, other = number // 6 * 6 + 1, number // 6 * 6 + 2 + number % 2
    value = {"code": "home", "system": "urn:bench"} if other % 6 == 2 else "2026-01-01"
    second = {"item": f"q{other}", "op": "=" if other % 6 == 2 else ">", "value": value}
    return {"all": [{"item": f"q{yes}", "op": "=", "value": True}, second]}


def rule_by_hand(number: int) -> Any:
    """The same rule as a Python function of the answers."""
    yes, other = f"q{number // 6 * 6 + 1}", f"q{number // 6 * 6 + 2 + number % 2}"
    if int(other[1:]) % 6 == 2:
        home = {"code": "home", "system": "urn:bench"}
        return lambda answers: answers.get(yes) is True and answers.get(other) == home
    return lambda answers: answers.get(yes) is True and (answers.get(other) or "") > "2026-01-01"


def practice() -> tuple[Organisation, Actor, Actor]:
    """A practice with a nurse and a doctor."""
    here = people.organisation(care_setting="gp_practice")
    return here, people.staff(here, role="clinician"), people.staff(here, role="doctor")


def crew() -> Actor:
    return people.staff(people.organisation(care_setting="ambulance"), role="urgent_reader")


def plan_on_long_form(nurse: Actor) -> CarePlan:
    """A plan on the long form with half of its questions answered."""
    plans.form_version(long_document())
    made = plans.plan(nurse)
    answers: dict[str, Any] = {f"q{number}": f"Answer {number}" for number in range(0, FIELDS // 2, 6)}
    answers |= {f"q{number}": True for number in range(1, FIELDS // 2, 6)}
    plans.save(nurse, made, section="all", **answers)
    return made
