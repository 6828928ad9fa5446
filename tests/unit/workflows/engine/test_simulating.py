"""Telling stories to flows: every delivered one comes out as told, and each way of being refused is found."""

import pytest

from tests.factories.workflows import spec as letter
from workflows import catalogue
from workflows.engine.loading import load_spec
from workflows.engine.replaying import Rules
from workflows.engine.scenarios import Person, Scenario, Step
from workflows.engine.simulating import simulate
from workflows.services.seeds import UPCOMING, read_scenarios, read_seeds

DELIVERED = [*read_seeds(), *read_seeds(UPCOMING)]
NURSE = Person("Nurse", "clinician", "Here", wrote=True)
DOCTOR = Person("Doctor", "doctor", "Here")
OTHER = Person("Other", "doctor", "Here", stands_in_for=("Doctor",))
AWAY = Person("Away", "doctor", "There")
PATIENT = Person("Patient", "patient", is_person=True)
PEOPLE = (NURSE, DOCTOR, OTHER, AWAY, PATIENT)
SENT = Step(who="Nurse", does="submit", leads_to="waiting")


def tell(document, *steps, **fields):
    """What became of each step: the state, or the codes, or how many more it waits for."""
    scenario = Scenario("One", "Here", PEOPLE, (SENT, *steps), **fields)
    rules = Rules(load_spec(document), publishing=frozenset({"send_letter"}))
    [_, *outcomes] = simulate(rules, scenario)
    return [list(each.refusals) or each.awaits or each.state for each in outcomes]


def approve(who="Doctor", **fields):
    return Step(who=who, does="approve", leads_to="approved", **fields)


@pytest.mark.parametrize("seed", DELIVERED, ids=lambda seed: seed["key"])
def test_every_delivered_flow_comes_out_as_its_scenarios_tell(seed):
    file = read_scenarios(seed["key"])
    rules = catalogue.rules_of(load_spec(seed["spec"]))
    wrong = [
        (scenario.name, number, outcome)
        for scenario in file.scenarios
        for number, outcome in enumerate(simulate(rules, scenario), start=1)
        if not outcome.as_told
    ]
    assert wrong == []
    told = {step.does or step.records for scenario in file.scenarios for step in scenario.steps}
    steps = {step.get("on_event") or step["key"] for step in seed["spec"]["transitions"]}
    assert told >= steps, "a step of the flow is in no scenario"


@pytest.mark.parametrize("seed", read_seeds(UPCOMING), ids=lambda seed: seed["key"])
def test_flows_whose_records_are_still_to_come_are_sound(seed):
    assert catalogue.lint(load_spec(seed["spec"])) == []


def test_a_story_that_comes_out_otherwise_is_noticed():
    scenario = Scenario("One", "Here", PEOPLE, (SENT, Step(who="Doctor", does="approve", refused="author")))
    [sent, approved] = simulate(Rules(load_spec(letter())), scenario)
    assert (sent.as_told, approved.as_told, approved.state) == (True, False, "approved")


def test_each_way_of_being_refused_has_its_code():
    returned = Step(who="Doctor", does="return", leads_to="returned")
    assert tell(letter(), approve("Away"), returned, approve("Patient")) == [
        ["not-yours"],
        ["reason-missing"],
        ["not-yours"],
    ]
    assert tell(letter(), approve(), approve()) == ["approved", ["case-closed"]]
    assert tell(letter(), Step(who="Doctor", does="fly", leads_to="approved")) == [["no-such-step"]]
    assert tell(letter(actors=[{"role": "clinician", "scope": "owner_org"}]), approve("Nurse")) == [["author"]]
    assert tell(letter(), approve("Doctor", instead_of="Other")) == [["no-delegation"]]
    assert tell(letter(checklist=["Read"]), approve(leaves_unticked=True)) == [["not-ticked"]]
    assert tell(letter(action="plan.approve"), approve(fails={"plan.approve": "untrained"})) == [["untrained"]]
    assert tell(letter(), approve(), fails={"not_author": "x", "document_unchanged_since_read": "y"}) == [["x", "y"]]


def test_a_refused_step_changes_nothing_and_the_story_goes_on():
    assert tell(letter(), approve("Away"), approve()) == [["not-yours"], "approved"]


def test_a_change_stops_what_it_concerns():
    changed = Step(happens="changed", items=("phone",))
    assert tell(letter(), changed, approve()) == ["waiting", ["changed-since-sent"]]
    assert tell(letter(significant=["cpr"]), changed, approve()) == ["waiting", "approved"]


def test_several_people_are_counted_as_voices():
    two = letter(quorum={"people": 2})
    assert tell(two, approve(), approve(), approve("Other")) == [1, ["decided"], "approved"]
    assert tell(two, approve(), approve("Other", instead_of="Doctor"), approve("Other")) == [1, ["decided"], "approved"]
    changed = Step(happens="changed")
    unguarded = letter(quorum={"people": 2}, guards=[])
    assert tell(unguarded, approve(), changed, approve(), approve("Other")) == [1, "waiting", 1, "approved"]
    places = letter(
        quorum={"people": 2, "organisations": True},
        actors=[{"role": "doctor", "scope": "owner_org"}, {"role": "doctor", "scope": "sharing_org"}],
    )
    assert tell(places, approve(), approve("Other"), approve("Away"), care_team=("There",)) == [
        1,
        ["place-heard"],
        "approved",
    ]


def test_personal_scopes_are_the_people_of_the_story():
    def by(scope, who, **fields):
        return tell(letter(actors=[{"role": "any", "scope": scope}], guards=[], effects=[]), approve(who), **fields)

    assert by("submitter", "Nurse") == by("author", "Nurse") == by("patient_or_proxy", "Patient") == ["approved"]
    assert by("submitter", "Doctor") == by("author", "Doctor") == by("patient_or_proxy", "Doctor") == [["not-yours"]]
    assert by("named_user", "Doctor") == [["not-yours"]]
    host = letter(actors=[{"role": "doctor", "scope": "host"}])
    assert tell(host, approve("Away"), host="There") == ["approved"]
    assert tell(host, approve("Away")) == [["not-yours"]]


def test_a_flow_without_an_opening_step_is_opened_by_who_is_named():
    document = letter()
    document["transitions"][0]["on_open"] = False
    document["transitions"][0]["actors"] = [{"role": "any", "scope": "submitter"}]
    assert tell(document, approve()) == ["approved"]
