"""The practice world the browser tests walk through, smaller than the demo's."""

from dataclasses import dataclass

from careplan_forms.models import CarePlan
from config.demo import governance_world
from config.demo.governance_world import JOB, People
from config.demo.people import Person, people
from config.demo.plan_world import PlanWorld
from content.services.seeding import seed_content
from core import clock
from governance.actors import Actor

#: Enough that every state occurs: waiting, returned, approved, overdue, withdrawn, died, marked.
PLANS = 18


@dataclass
class World:
    """Who and what is there."""

    everybody: People
    plans: list[CarePlan]
    persons: list[Person]

    def actor(self, key: str) -> Actor:
        """A persona of the demo, by key."""
        return self.everybody.actor(key)

    def person(self, serial: int) -> Person:
        """Somebody without a plan: tests take different serials and do as they like."""
        return self.persons[PLANS + serial]


def build() -> World:
    """Built through the services, as the demo is."""
    from careplan_forms.services import definitions
    from workflows.services.seeds import seed_flows

    everybody = governance_world.build()
    seed_content(by=JOB)
    lead, safety, ig = (everybody.actor(key) for key in ("clinical-lead", "safety", "ig"))
    definitions.seed(by=lead, signed_off_by=safety)
    seed_flows(by=lead, clinical_safety=safety, information_governance=ig, now=clock.now())
    persons = people()
    plans = PlanWorld(everybody).build(persons, PLANS, lambda line: None)
    return World(everybody, plans, persons)
