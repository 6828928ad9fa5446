"""The whole practice world, built once into an empty database."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction

from careplan_forms.models import CarePlan, CarePlanVersion
from careplan_forms.services import definitions, reviews, sampling
from config.demo import governance_world, portal_world
from config.demo.governance_world import JOB
from config.demo.organisations import ORGANISATIONS
from config.demo.people import people
from config.demo.personas import PASSWORD, PERSONAS
from config.demo.plan_world import PlanWorld, wire
from content.services.seeding import seed_content
from core import clock
from governance.models import Organisation
from workflows.services.seeds import seed_flows

PLANS = 80


def exists() -> bool:
    """Whether the world has been built into this database."""
    return Organisation.objects.filter(ods_code=ORGANISATIONS[0].code).exists()


@transaction.atomic
def build(*, plans: int = PLANS, say: Callable[[str], None] = lambda line: None) -> None:
    """Build it, whole or not at all."""
    say("Organisations and staff")
    everybody = governance_world.build()
    say("Pages and the course")
    seed_content(by=JOB)
    say("The forms and their flows, signed off")
    lead, safety, ig = (everybody.actor(key) for key in ("clinical-lead", "safety", "ig"))
    definitions.seed(by=lead, signed_off_by=(safety, ig))
    seed_flows(by=lead, clinical_safety=safety, information_governance=ig, now=clock.now())
    say("Agreements")
    governance_world.join(everybody)
    say(f"{plans} plans")
    if PlanWorld(everybody).build(people(), plans, say):
        portal_world.build(everybody)
    reviews.follow_dates(by=JOB, now=clock.now())
    draw_sample()


def draw_sample() -> None:
    """The sample of the last month in which somebody approved what they wrote."""
    alone = CarePlanVersion.objects.filter(written_and_approved_by_one=True).order_by("-approved_at").first()
    if alone is not None:
        sampling.draw(by=JOB, month=sampling.month_of(alone.approved_at), now=clock.now())


def write_demographics() -> None:
    """What the demographics simulator answers: all 120 people."""
    path = settings.DATA_DIR / "demographics.json"
    path.write_text(json.dumps([wire(person) for person in people()], ensure_ascii=False, indent=1))


def described() -> dict[str, Any]:
    """The world as data, the same every time: for tests of other systems against a practice installation."""
    numbers = dict(CarePlan.objects.values_list("patient__nhs_number", "state"))
    return {
        "password": PASSWORD,
        "organisations": [
            {"ods_code": org.code, "name": org.name, "setting": org.setting, "area": org.area, "joined": org.joined}
            for org in ORGANISATIONS
        ],
        "personas": [
            {"email": p.email, "organisation": p.org, "role": p.role, "job": p.job, "trouble": p.trouble}
            for p in PERSONAS
        ],
        "people": [person.as_dict() | {"plan": numbers.get(person.nhs_number)} for person in people()],
    }
