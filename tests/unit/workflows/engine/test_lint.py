"""Each unsoundness is found, and the seeded flows have none."""

import pytest

from governance.enums import Action, RoleKey
from tests.factories.workflows import DOCTOR, EXEMPTION, guards, spec
from workflows import catalogue
from workflows.engine.lint import Catalogue, lint_spec
from workflows.engine.loading import load_spec
from workflows.happenings import happenings
from workflows.registry import Effect, Guard, GuardResult
from workflows.services.seeds import read_seeds

CATALOGUE = Catalogue(
    guards={
        "not_author": Guard("", lambda ctx: GuardResult.passed(), bars_authors=True),
        "within_days": Guard("", lambda ctx: GuardResult.passed(), {"days": int}),
        **{
            name: Guard("", lambda ctx: GuardResult.passed())
            for name in (
                *("author_only_if_exempt", "document_unchanged_since_read", "role_registered", "staff_listed"),
                "nothing_significant_changed",
                *("agreement_in_force", "training_valid", "consent_recorded", "required_complete"),
                "not_earlier_decider",
            )
        },
    },
    effects={
        "send_letter": Effect("", lambda ctx: None, publishes=True),
        "publish_version": Effect("", lambda ctx: None, publishes=True, requires=frozenset({"role_registered"})),
        "return_to_author": Effect("", lambda ctx: None),
    },
    roles=frozenset(RoleKey.values),
    actions=frozenset(Action.values),
    events=frozenset(happenings.keys()),
)


def codes(document):
    return {finding.code for finding in lint_spec(load_spec(document), CATALOGUE)}


def step(key, source, target, **fields):
    return {"key": key, "label": key, "from": source, "to": target, "actors": [DOCTOR]} | fields


def followed(key, event="agreement.terminated", **fields):
    """A step nobody presses."""
    return {"key": key, "label": key, "from": "waiting", "to": "returned", "on_event": event} | fields


def state(key, kind="wait", **fields):
    return {"key": key, "label": key, "kind": kind} | fields


def test_a_sound_flow_has_no_findings():
    assert codes(spec()) == set()


@pytest.mark.parametrize("seed", read_seeds(), ids=lambda seed: seed["key"])
def test_the_seeded_flows_are_sound(seed):
    assert lint_spec(load_spec(seed["spec"]), catalogue.current()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["states"].append(state("island", "final", outcome="x")), "unreachable_state"),
        (lambda d: d["transitions"].pop(2), "unreachable_state"),
        (
            lambda d: (d["states"].append(state("pit")), d["transitions"].append(step("fall", "waiting", "pit"))),
            "dead_end",
        ),
        (
            lambda d: (
                d["states"].append(state("loop")),
                d["transitions"].extend([step("in", "waiting", "loop"), step("again", "loop", "loop")]),
            ),
            "no_way_to_the_end",
        ),
        (lambda d: d["transitions"].append(step("reopen", "approved", "waiting")), "final_state_left"),
        (lambda d: d["states"][2].pop("outcome"), "final_without_outcome"),
        (lambda d: d["transitions"][1].update(on_open=True), "opening_elsewhere"),
        (lambda d: d["transitions"].append(step("also", "start", "waiting", on_open=True)), "two_openings"),
        (lambda d: d["transitions"].append(step("instead", "start", "waiting")), "opening_bypassed"),
        (lambda d: d["states"][1].update(waits_for=[]), "nobody_is_asked"),
        (lambda d: d["states"][1].update(waits_for=[{"role": "any", "scope": "submitter"}]), "no_inbox"),
        (lambda d: d["states"][1].update(waits_for=[{"role": "clinician", "scope": "owner_org"}]), "idle_waiter"),
        (lambda d: d["states"][1].pop("escalate_to"), "deadline_without_escalation"),
        (lambda d: d["states"][1].pop("due_hours"), "escalation_without_deadline"),
        (lambda d: d["states"][1].update(reminder_hours=72), "late_reminder"),
        (lambda d: d["states"][1].update(escalate_to="king"), "unknown_role"),
        (lambda d: d["transitions"][1].update(guards=guards("not_author", "moon_is_full")), "unknown_guard"),
        (lambda d: d["transitions"][1].update(effects=guards("send_fax")), "unknown_effect"),
        (lambda d: d["transitions"][2].update(guards=[{"name": "within_days"}]), "wrong_parameter"),
        (
            lambda d: d["transitions"][2].update(guards=[{"name": "within_days", "params": {"days": "3"}}]),
            "wrong_parameter",
        ),
        (
            lambda d: d["transitions"][2].update(guards=[{"name": "within_days", "params": {"days": True}}]),
            "wrong_parameter",
        ),
        (
            lambda d: d["transitions"][2].update(guards=[{"name": "not_author", "params": {"days": 3}}]),
            "unknown_parameter",
        ),
        (lambda d: d["transitions"][1].update(action="plan.eat"), "unknown_action"),
        (lambda d: d["transitions"][1].update(actors=[]), "nobody_may"),
        (lambda d: d["transitions"][1].update(actors=[{"role": "any", "scope": "owner_org"}]), "anybody"),
        (lambda d: d["transitions"][1].update(actors=[{"role": "king", "scope": "owner_org"}]), "unknown_role"),
        (lambda d: d["transitions"][1].update(guards=[]), "self_approval"),
        (lambda d: d["transitions"][1].update(effects=guards("publish_version")), "missing_guard"),
        (lambda d: d["transitions"][1].update(guards=guards("author_only_if_exempt")), "exemption_unwritten"),
        (lambda d: d.update(exemption=EXEMPTION), "exemption_unused"),
        (
            lambda d: (
                d["transitions"][1].update(guards=guards("author_only_if_exempt", "not_author")),
                d.update(exemption=EXEMPTION),
            ),
            "contradicting_exemption",
        ),
        (lambda d: d["transitions"].append(step("pass", "waiting", "returned", label="approve")), "ambiguous_pair"),
        (lambda d: d["transitions"].append(step("refuse", "waiting", "returned")), "ambiguous_pair"),
        (
            lambda d: d["transitions"].append(step("twin", "waiting", "approved", label="APPROVE", reason="required")),
            "ambiguous_pair",
        ),
        (lambda d: d["transitions"].append(followed("again", to="waiting")), "round_without_people"),
        (lambda d: d["transitions"].append(followed("fall", "moon.falls")), "unknown_event"),
        (
            lambda d: d["transitions"].extend([followed("one"), followed("other", label="Other")]),
            "two_steps_on_event",
        ),
        (lambda d: d["transitions"].append(followed("why", reason="required")), "event_asks"),
        (lambda d: d["transitions"].append(followed("tick", checklist=["Read"])), "event_asks"),
        (lambda d: d["transitions"].append(followed("crowd", quorum={"people": 2}, actors=[DOCTOR])), "event_asks"),
        (
            lambda d: d["transitions"].append(
                followed("out", effects=guards("send_letter"), guards=guards("not_author"))
            ),
            "event_publishes",
        ),
    ],
)
def test_each_unsoundness_is_found(change, code):
    document = spec()
    change(document)
    assert code in codes(document)


@pytest.mark.parametrize("way", [{"four_eyes": True, "guards": []}, {"guards": guards("not_author")}])
def test_barring_authors_either_way_is_enough(way):
    assert codes(spec(**way)) == set()


def test_a_written_exemption_lets_an_author_decide_alone():
    assert codes(spec(guards=guards("author_only_if_exempt"), exemption=EXEMPTION)) == set()


def test_the_same_words_for_different_people_are_not_ambiguous():
    document = spec()
    other = step("approve_away", "waiting", "approved", label="Approve", guards=guards("not_author"))
    document["transitions"].append(other | {"actors": [{"role": "doctor", "scope": "sharing_org"}]})
    assert codes(document) == set()


def test_a_step_taken_by_an_event_needs_nobody_who_presses_it():
    document = spec()
    document["transitions"].append(followed("end"))
    assert codes(document) == set()


def test_a_state_may_wait_for_whoever_records_the_event():
    document = spec()
    document["transitions"][1:] = [followed("end", to="approved", actors=[DOCTOR]), followed("stop", "agreement.sent")]
    assert codes(document) == set()


def elsewhere(document, back):
    """The letters' flow with a state that an event leads to and `back` leads out of."""
    document["states"].append(state("elsewhere"))
    document["transitions"].extend([followed("away", to="elsewhere"), back])
    return document


def test_a_round_of_events_alone_is_weighed_and_one_with_a_persons_step_is_not():
    by_event = followed("home", "agreement.sent") | {"from": "elsewhere", "to": "waiting"}
    found = lint_spec(load_spec(elsewhere(spec(), by_event)), CATALOGUE)
    assert {(each.code, each.place, each.blocks) for each in found} == {
        ("round_without_people", "waiting", False),
        ("round_without_people", "elsewhere", False),
    }
    assert codes(elsewhere(spec(), step("home", "elsewhere", "waiting"))) == set()
