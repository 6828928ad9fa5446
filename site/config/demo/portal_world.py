"""The person whose plan everybody reads, a daughter who may act for her, and a neighbour who no longer may."""

import datetime

from careplan_forms.models import CarePlan, Delegation
from careplan_forms.services import portal
from config.demo.governance_world import People
from config.demo.people import REFERENCE_NUMBER
from config.demo.personas import BY_KEY
from core import clock

#: What the daughter was asked to look after: where her mother wants to be, what matters to her, whom to call.
ATTORNEY_SEES = ("what-matters", "place-of-care", "contacts", "sharing")


def build(everybody: People) -> None:
    """Accounts on the reference person's approved plan, given by the nurse who holds it."""
    plan = CarePlan.objects.get(patient__nhs_number=REFERENCE_NUMBER)
    nurse, now = everybody.actor("nurse"), clock.now()
    portal.give_account(by=nurse, plan=plan, email=BY_KEY["patient"].email, identity_check="vouched", now=now)
    _delegate(everybody, plan, "carer", "attorney", "Registered document seen", ATTORNEY_SEES)
    past = _delegate(everybody, plan, "past-carer", "carer", "Asked for by the person", ())
    portal.end_delegation(by=nurse, plan=plan, public_id=past.public_id, now=now)


def _delegate(
    everybody: People, plan: CarePlan, key: str, capacity: str, evidence: str, sections: tuple[str, ...]
) -> Delegation:
    persona, now = BY_KEY[key], clock.now()
    return portal.delegate(
        by=everybody.actor("nurse"),
        plan=plan,
        email=persona.email,
        first_name=persona.first_name,
        last_name=persona.last_name,
        capacity=capacity,
        evidence=evidence,
        sections=sections,
        until=clock.today(now) + datetime.timedelta(days=300),
        now=now,
    )
