"""A story told to a flow and the same story lived through by the engine come out the same, to the codes of refusals."""

import datetime
from dataclasses import replace

import pytest

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import ActorKind, RoleKey
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows import catalogue, permissions, registry
from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.lint_deciding import UNCHANGED_GUARD
from workflows.engine.loading import load_spec
from workflows.engine.replaying import EARLIER_GUARD
from workflows.engine.scenarios import Person, Scenario, Step
from workflows.engine.simulating import simulate
from workflows.happenings import happenings
from workflows.models import FlowDelegation
from workflows.registry import Effect, Guard, GuardResult
from workflows.services import following
from workflows.services.seeds import UPCOMING, read_scenarios, read_seeds

pytestmark = pytest.mark.django_db

#: Guards that are asked of the story itself; the others say what it declares.
ASKED = {"not_author", EXEMPTION_GUARD, EARLIER_GUARD, UNCHANGED_GUARD}
DELIVERED = [
    (seed["key"], seed["spec"], each)
    for seed in [*read_seeds(), *read_seeds(UPCOMING)]
    for each in read_scenarios(seed["key"]).scenarios
]


@pytest.fixture
def declared(letters, monkeypatch):
    """What the story says that guards and the gate answer, at the step that is about to be taken."""
    said: dict[str, str] = {}

    def answer(name):
        return lambda ctx: GuardResult.blocked(said[name], "No") if name in said else GuardResult.passed()

    for name in {name for name, _ in registry.guards.items()} - ASKED:
        registry.guards._entries[name] = Guard(name, answer(name))
    for name, effect in list(registry.effects.items()):
        registry.effects._entries[name] = Effect(name, lambda ctx: None, publishes=effect.publishes)

    def gate_reasons(ctx):
        return [Reason(said[ctx.transition.action], "No", "")] if ctx.transition.action in said else []

    monkeypatch.setattr(permissions, "_gate_reasons", gate_reasons)
    followed = {name: replace(rule, subject_kind=flows.KIND, ends="") for name, rule in happenings.items()}
    monkeypatch.setattr(happenings, "_entries", followed)
    return said


class Life:
    """The story's people and letter in the database, and its steps taken one by one."""

    def __init__(self, letters, document, scenario: Scenario, declared: dict[str, str]) -> None:
        self.letters, self.scenario, self.declared = letters, scenario, declared
        names = {scenario.owner, scenario.host, *scenario.care_team, *(p.organisation for p in scenario.people)} - {""}
        self.places = {
            name: people.organisation(care_setting="host" if name == scenario.host else "gp_practice") for name in names
        }
        self.actors = {person.name: self._actor(person) for person in scenario.people}
        team = frozenset(self.places[name].pk for name in scenario.care_team)
        authors = [self.actors[person.name] for person in scenario.people if person.wrote]
        owner = self.places[scenario.owner]
        persons = frozenset(self.actors[person.name].user_id for person in scenario.people if person.is_person)
        self.letter = letters.write(owner, *authors, sharing_organisation_ids=team, person_user_ids=persons)
        flows.live_flow(document, exempt=scenario.exemption_signed)
        self.case = None
        if load_spec(document).opening is None:
            self.case = flows.open_case(self.letter, self.actors[scenario.opened_by])

    def _actor(self, person: Person):
        if person.organisation:
            return people.staff(self.places[person.organisation], role=person.role)
        kind = ActorKind.PERSON if person.role == RoleKey.PATIENT else ActorKind.DELEGATE
        return Actor(kind=kind, label=person.role, user_id=people.user().pk, role=RoleKey(person.role))

    def take(self, step: Step):
        """The codes of what refused it, how many more it waits for, or the state it led to."""
        if step.happens:
            self.letter = self.letters.rewrite(self.letter, f"{self.letter.content_sha256}!", step.items or None)
            return self.case.state
        self.declared.clear()
        self.declared |= {**self.scenario.fails, **step.fails}
        try:
            return self._decide(step)
        except NotAllowed as refusal:
            return [str(reason.code) for reason in refusal.decision.reasons]
        except Conflict:
            return ["case-closed"]
        except Refused as refusal:
            nowhere = "not-expected" if step.records else "no-such-step"
            return [{"reason": "reason-missing", "ticked": "not-ticked"}.get(refusal.field, nowhere)]

    def _record(self, step: Step):
        by = self.actors[step.who] if step.who else Actor.job("flows")
        if self.case is None:
            # As the services do that find a plan due for review or draw it for the sample.
            self.case = flows.open_case(self.letter, by)
            return self.case.state
        following.follow(by=by, happening=step.records, subject_id=self.letter.id, now=clock.now())
        self.case.refresh_from_db()
        return self.case.state

    def _decide(self, step: Step):
        if step.records:
            return self._record(step)
        actor = self._acting(step)
        if self.case is None:
            self.case = flows.open_case(self.letter, actor)
            return self.case.state
        texts = load_spec(self.case.version.spec).transition(step.does, self.case.state)
        ticked = texts.checklist if texts and not step.leaves_unticked else ()
        decision = flows.fire(self.case, step.does, actor, reason=step.reason, ticked=ticked)
        return decision.awaits or self.case.state

    def _acting(self, step: Step):
        actor = self.actors[step.who]
        if not step.instead_of:
            return actor
        principal, now = self.actors[step.instead_of], clock.now()
        if step.instead_of in self.scenario.person(step.who).stands_in_for:
            FlowDelegation.objects.create(
                from_user_id=principal.user_id,
                to_user_id=actor.user_id,
                organisation_id=actor.organisation_id,
                starts_at=now - datetime.timedelta(days=1),
                ends_at=now + datetime.timedelta(days=1),
                created_by_id=principal.user_id,
            )
        return replace(actor, on_behalf_of=str(principal.user_id))


def told(document, scenario):
    outcomes = simulate(catalogue.rules_of(load_spec(document)), scenario)
    return [list(each.refusals) or each.awaits or each.state for each in outcomes]


@pytest.mark.parametrize(("key", "document", "scenario"), DELIVERED, ids=lambda value: getattr(value, "name", ""))
def test_delivered_stories_are_lived_as_they_are_told(letters, declared, key, document, scenario):
    expected = told(document, scenario)
    life = Life(letters, document, scenario, declared)
    assert [life.take(step) for step in scenario.steps] == expected


A, B, C = (
    Person(name, "doctor", "Here", stands_in_for=("Dr A",) if name == "Dr C" else ())
    for name in ("Dr A", "Dr B", "Dr C")
)
THERE = Person("Dr D", "doctor", "There")
NURSE = Person("Nurse", "clinician", "Here", wrote=True)
HERE_OR_THERE = [{"role": "doctor", "scope": "owner_org"}, {"role": "doctor", "scope": "sharing_org"}]


def by(who, does="approve", **fields):
    return Step(who=who, does=does, leads_to="approved", **fields)


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"quorum": {"people": 2}}, [by("Dr A"), by("Dr A"), by("Dr C", instead_of="Dr A"), by("Dr B")]),
        (
            {"quorum": {"people": 3}, "guards": []},
            [by("Dr A"), Step(happens="changed"), by("Dr A"), by("Dr B"), by("Dr C")],
        ),
        (
            {"quorum": {"people": 2, "organisations": True}, "actors": HERE_OR_THERE},
            [by("Dr A"), by("Dr B"), by("Dr D")],
        ),
        (
            {"quorum": {"each": True}, "actors": [flows.DOCTOR, flows.NURSE], "guards": []},
            [by("Dr A"), by("Dr B"), by("Nurse"), by("Dr B")],
        ),
        (
            {"checklist": ["I read it"], "significant": ["cpr"]},
            [
                by("Dr A", leaves_unticked=True),
                Step(happens="changed", items=("phone",)),
                by("Dr B", instead_of="Dr A"),
                by("Dr A"),
            ],
        ),
        (
            {"reason": "required", "four_eyes": True},
            [by("Nurse"), by("Dr A"), by("Dr D", reason="So"), by("Dr B", reason="So"), by("Dr A")],
        ),
    ],
)
def test_stories_of_several_people_are_lived_as_they_are_told(letters, declared, changes, steps):
    scenario = Scenario(
        "One", "Here", (A, B, C, THERE, NURSE), (Step(who="Nurse", does="submit"), *steps), care_team=("There",)
    )
    document = flows.spec(**changes)
    expected = told(document, scenario)
    life = Life(letters, document, scenario, declared)
    assert [life.take(step) for step in scenario.steps] == expected
