"""No reason is a dead end: each leads to where its reader mends it, or to whom they ask. All of them are looked at."""

import ast
import datetime
import importlib
import uuid
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.urls import resolve

from careplan_forms import flow
from core import clock
from core.views import not_allowed
from governance import clauses, gate
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import Action, AgreementState, CareSetting, TrainingState
from governance.facts import ActorFacts, EntryFact, OrganisationFact, RequirementFact, SystemFact
from governance.gate_table import TABLE
from governance.helping import WHO_HELPS
from governance.models import User
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from workflows import policies, registry
from workflows.engine.loading import load_spec
from workflows.engine.spec import Use
from workflows.registry import GuardContext, Subject

ROOT = Path(__file__).parents[3]
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 3, 9, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()
ENTRY = EntryFact("learner", TODAY - DAY, None, False, "")
PLACE = OrganisationFact(1, "Riverside", CareSetting.GP_PRACTICE, None, False)
FACTS = ActorFacts(NOW, TODAY, True, ENTRY, PLACE)
COURSE = RequirementFact("safe-plans", 12, 0, None)
#: What can be wrong with somebody, one after the other.
TROUBLES = [
    FACTS,
    ActorFacts(NOW, TODAY),
    replace(FACTS, account_active=False),
    *(replace(FACTS, entry=replace(ENTRY, **change)) for change in (
        {"is_suspended": True}, {"starts_on": TODAY + DAY}, {"ends_on": TODAY - DAY},
    )),
    *(replace(FACTS, organisation=replace(PLACE, **change)) for change in (
        {"is_suspended": True}, {"closed_on": TODAY - DAY},
    )),
    *(replace(FACTS, requirements=(replace(COURSE, passed_at=at, grace_days=grace),)) for at, grace in (
        (None, 0), (NOW - 900 * DAY, 0), (NOW - 370 * DAY, 60),
    )),
    replace(FACTS, system=SystemFact(NOW - 2 * DAY, NOW - DAY)),
]  # fmt: skip
WAY_ON = engines["jinja"].from_string('{% from "macros/reasons.jinja" import way_on %}{{ way_on(reason, here) }}')
CALLS = {"Reason": ("code", "text", "fixer", "link"), "blocked": ("code", "text", "link", "fixer")}
WORDS = {"message": "text", "fix_url": "link"}


@pytest.fixture
def leads_on(practice, nurse):
    """Whether the link of a reason, as pages draw it, leads to a page we have, and to a part it has."""
    browser = client_of(nurse)
    parts = {element["id"] for element in BeautifulSoup(browser.get(WHO_HELPS).content, "html.parser").select("[id]")}

    def check(reason: Reason, here: str = "") -> bool:
        link = BeautifulSoup(WAY_ON.render({"reason": reason, "here": here}), "html.parser").find("a")
        path, _, part = link["href"].partition("#")
        resolve(path)
        assert path != here and reason.text in link.get_text(), reason
        return path != WHO_HELPS or part in parts | {""}

    return check


def test_every_clause_of_the_gate(leads_on, monkeypatch):
    monkeypatch.setattr(clauses, "lesson_link", lambda course: "/learning/")
    for clause in {clause for row in TABLE.values() for clause in row}:
        found = [reason for facts in TROUBLES for reason in clause(facts)]
        assert found, f"nothing ever fails {clause}"
        assert all(leads_on(reason) and reason.fixer for reason in found), found


@pytest.mark.parametrize("state", [None, *AgreementState])
def test_every_state_of_an_agreement(leads_on, monkeypatch, state):
    monkeypatch.setattr(clauses.policies, "organisation_state", lambda agreements, on: state)
    found = clauses.agreement(FACTS)
    assert bool(found) == (state not in clauses.policies.IN_FORCE)
    assert all(leads_on(reason) for reason in found)


@pytest.mark.parametrize("state", [TrainingState.NEVER, TrainingState.EXPIRED, TrainingState.GRACE])
def test_training_whose_course_has_no_page_yet(leads_on, monkeypatch, state):
    monkeypatch.setattr(clauses.policies, "training_state", lambda requirement, at: state)
    monkeypatch.setattr(clauses, "lesson_link", lambda course: "")
    (reason,) = clauses.trained(replace(FACTS, requirements=(COURSE,)))
    assert leads_on(reason)


def context(letters, user_id=7, **record):
    """A doctor who wrote what they decide on, decided before, and finds it changed."""
    subject = Subject(flows.KIND, uuid.uuid4(), 1, "as it is", "Letter", "/tasks/", frozenset({user_id}))
    subject = replace(subject, record=SimpleNamespace(**record))
    letters.letters[subject.id] = subject
    earlier = SimpleNamespace(filter=lambda *ids: [SimpleNamespace(evidence={})])
    case = SimpleNamespace(decisions=earlier, subject_sha256="as it was", subject_kind=flows.KIND)
    step = load_spec(flows.spec()).transition("approve", "waiting")
    return GuardContext(
        Actor.job("a test"), case, subject, step, NOW, {"days": 30, "percent": 5, "at_least": 1},
        decider_ids=frozenset({user_id}), memo={"facts": FACTS},
    )  # fmt: skip


#: What the record of a subject has that a guard finds fault with; of a new guard one has to be written.
RECORDS = {
    "consent_recorded": {
        "consent": "",
        "plan": SimpleNamespace(patient=SimpleNamespace(public_id=uuid.uuid4())),
    },
    "required_complete": {
        "answers": {},
        "form_version": None,
        "plan": SimpleNamespace(public_id=uuid.uuid4()),
    },
    "review_due": {"review_on": None},
    "in_sample": {"pk": 0, "approved_at": NOW},
}


def test_every_guard(leads_on, letters, monkeypatch):
    """Each finds something wrong with a letter that has everything wrong with it."""
    monkeypatch.setattr(clauses, "lesson_link", lambda course: "")
    monkeypatch.setattr(flow, "form_of", lambda version: None)
    monkeypatch.setattr(flow, "form_seen", lambda *which: None)
    monkeypatch.setattr(flow, "sees_all", lambda *which: False)
    letters.consent = False
    for name, guard in registry.guards.items():
        facts = replace(FACTS, requirements=(COURSE,), entry=None if name == "staff_listed" else ENTRY)
        ctx = context(letters, **RECORDS.get(name, {}))
        params = {key: value for key, value in ctx.params.items() if key in guard.params}
        result = guard.evaluate(replace(ctx, params=params, memo={"facts": facts}))
        assert not result.ok, f"{name} found nothing wrong"
        reason = Reason(result.code, result.message, result.fixer, result.fix_url)
        assert leads_on(reason) and leads_on(reason, here=result.fix_url)


def test_a_guard_the_service_no_longer_knows(leads_on, letters):
    ctx = context(letters)
    lost = replace(ctx.transition, four_eyes=True, guards=(Use("gone"),))
    author, unknown = policies.obstacles(replace(ctx, transition=lost))
    assert (author.code, unknown.code) == ("author", "unknown_guard")
    assert leads_on(author) and leads_on(unknown)


def made_in_source():
    """Every place in the source that makes a reason, as (place, reason): what of it can be read without running it."""
    for app in ("governance", "workflows", "careplan_forms", "content", "reporting", "site/core", "site/interop"):
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (names := _names(node)):
                    yield f"{path}:{node.lineno}", _reason(path, node, names)


def _names(node):
    if isinstance(node.func, ast.Name) and node.func.id == "Reason":
        return CALLS["Reason"]
    whole = isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "GuardResult.blocked"
    return CALLS["blocked"] if whole else ()


def _reason(path, node, names):
    module = importlib.import_module(".".join(path.relative_to(_root(path)).with_suffix("").parts))
    given = dict(zip(names, node.args, strict=False))
    given |= {WORDS.get(word.arg, word.arg): word.value for word in node.keywords}
    said = {"code": "", "text": "A reason", "fixer": "", "link": ""}
    for name in ("fixer", "link"):
        try:
            said[name] = eval(ast.unparse(given[name]), vars(module))  # noqa: S307
        except (KeyError, NameError, AttributeError):
            continue  # told only when it runs: without it the reason leads to whom to ask
    return Reason(**said)


def _root(path):
    return ROOT / "site" if path.is_relative_to(ROOT / "site") else ROOT


def test_every_reason_in_the_source(leads_on):
    found = [(place, reason) for place, reason in made_in_source() if "schema" not in place]
    assert len(found) > 40
    assert not [place for place, reason in found if not leads_on(reason)]


def test_a_refusal_s_page_leads_on_for_each_of_its_reasons(rf):
    reasons = (Reason("a", "One", clauses.DESK), Reason("b", "Two", clauses.LEAD, clauses.MINE), Reason("c", "Three"))
    page = BeautifulSoup(not_allowed(rf.get("/"), Decision(False, reasons=reasons)).content, "html.parser")
    links = [item.find("a")["href"] for item in page.select("main li")]
    assert links == [WHO_HELPS + "#host", clauses.MINE, WHO_HELPS]


def test_whoever_may_not_act_learns_how_to_reach_the_host(practice, nurse, host, ig_officer, client):
    host.phone = "0113 496 0000"
    host.save()
    page = client_of(nurse).get(WHO_HELPS).content.decode()
    officer = User.objects.get(pk=ig_officer.user_id)
    assert 'href="tel:01134960000"' in page and officer.email in page
    stranger = client.get(WHO_HELPS).content.decode()
    assert "0113 496 0000" in stranger and officer.email not in stranger, "names are for those on a staff list"


def test_it_says_so_where_there_is_no_host(practice, nurse):
    assert "has not been set up yet" in client_of(nurse).get(WHO_HELPS).content.decode()


def test_a_host_that_has_closed_is_nobody_to_ask(practice, nurse, host):
    host.closed_on = clock.today() - DAY
    host.save()
    assert host.name not in client_of(nurse).get(WHO_HELPS).content.decode()


def test_the_gate_s_own_reasons_lead_on(leads_on, nurse):
    for actor in (nurse, Actor.job("a test"), Actor.anonymous()):
        for action in Action:
            assert all(leads_on(reason) for reason in gate.decide(actor, action).reasons)
