"""Made-up people, plans and a form of 180 questions, the same in every run."""

from typing import Any

from careplan_forms.models import CarePlan
from governance.actors import Actor
from governance.models import Organisation
from tests.factories import careplan_forms as plans
from tests.factories import governance as people

FIELDS = 180
RULES = 40
OPTIONS = ["home", "hospice", "hospital", "not-sure"]


def long_document() -> dict[str, Any]:
    """One section of 180 questions of everyday kinds, 40 of them shown only under a condition."""
    kinds = ("text", "yes_no", "choice", "date", "long_text", "telephone")
    items: list[dict[str, Any]] = []
    for number in range(FIELDS):
        item: dict[str, Any] = {"uid": f"q{number}", "type": kinds[number % 6], "label": f"Question {number}?"}
        if item["type"] == "choice":
            item["options"] = [
                {"id": each, "code": each, "system": "urn:bench", "display": each.title()} for each in OPTIONS
            ]
        if item["type"] in ("text", "long_text"):
            item["max_length"] = 500
        if number >= FIELDS - RULES:
            item["show_if"] = {"item": "q1", "op": "=", "value": True}
        items.append(item)
    section = {"key": "all", "title": "Everything", "items": items}
    return plans.document() | {"title": "Long plan", "sections": [*plans.document()["sections"], section]}


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
