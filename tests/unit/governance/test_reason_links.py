"""What keeps somebody out names who mends it and, where a page does, leads to it."""

import datetime
from dataclasses import replace

import pytest
from django.urls import resolve

from governance import clauses
from governance.enums import CareSetting, RoleKey
from governance.facts import ActorFacts, EntryFact, OrganisationFact, RequirementFact

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 3, 9, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()
ENTRY = EntryFact("clinician", TODAY - DAY, None, False, "")
PLACE = OrganisationFact(1, "Riverside", CareSetting.GP_PRACTICE, None, False)
FACTS = ActorFacts(NOW, TODAY, True, ENTRY, PLACE)
COURSE = RequirementFact("safe-plans", 12, 0, None)


@pytest.fixture
def lessons(monkeypatch):
    monkeypatch.setattr(clauses, "lesson_link", lambda course: f"/learn/{course}/")


@pytest.mark.parametrize(
    ("clause", "facts"),
    [
        (clauses.listed, replace(FACTS, entry=None)),
        (clauses.listed, replace(FACTS, entry=replace(ENTRY, is_suspended=True))),
        (clauses.listed, replace(FACTS, entry=replace(ENTRY, starts_on=TODAY + DAY))),
        (clauses.listed, replace(FACTS, entry=replace(ENTRY, ends_on=TODAY - DAY))),
        (clauses.organisation_open, replace(FACTS, organisation=None)),
        (clauses.organisation_open, replace(FACTS, organisation=replace(PLACE, is_suspended=True))),
        (clauses.agreement, FACTS),
        (clauses.registered, FACTS),
        (clauses.role_in((RoleKey.DOCTOR,)), FACTS),
        (clauses.trained, replace(FACTS, requirements=(COURSE,))),
    ],
)
def test_each_reason_somebody_can_mend_leads_to_where_it_is_mended(lessons, clause, facts):
    (reason,) = clause(facts)
    assert reason.fixer and reason.blocks
    assert reason.link == "/learn/safe-plans/" or resolve(reason.link).namespace == "governance"
