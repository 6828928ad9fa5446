"""A flow is read strictly, and equal flows have one hash."""

import json

import pytest

from tests.factories.workflows import spec
from workflows.engine.loading import SpecError, canonical_json, load_spec, sha256_of
from workflows.engine.spec import Quorum


def with_changes(change):
    document = spec()
    change(document)
    return document


def test_a_whole_flow_is_read():
    flow = load_spec(spec())
    assert flow.start.key == "start"
    assert flow.opening.key == "submit"
    assert [step.key for step in flow.out_of("waiting")] == ["approve", "return"]
    assert flow.state("waiting").waits_for[0].role == "doctor"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.update(spec_version=2), "flow.spec_version"),
        (lambda d: d.pop("title"), "flow.title"),
        (lambda d: d.update(surprise=1), "flow: 'surprise'"),
        (lambda d: d.update(states={}), "flow.states"),
        (lambda d: d["states"].append(d["states"][0]), "flow.states: start"),
        (lambda d: d["states"][0].update(kind="begin"), "flow.states[0].kind"),
        (lambda d: d["states"][1].update(kind="start"), "exactly one state"),
        (lambda d: d["states"][1].update(key="Waiting!"), "flow.states[1].key"),
        (lambda d: d["states"][1].update(due_hours=0), "flow.states[1].due_hours"),
        (lambda d: d["states"][1].update(due_hours=True), "flow.states[1].due_hours"),
        (lambda d: d["states"][1].update(waits_for=[{"role": "doctor", "scope": "moon"}]), "waits_for[0].scope"),
        (lambda d: d["transitions"][1].update(to="nowhere"), "no state 'nowhere'"),
        (lambda d: d["transitions"].append(d["transitions"][1]), "approve out of waiting"),
        (lambda d: d["transitions"][1].update(four_eyes="yes"), "transitions[1].four_eyes"),
        (lambda d: d["transitions"][1].update(guards=["not_author"]), "transitions[1].guards[0]"),
        (lambda d: d["transitions"][1].update(reason="maybe"), "transitions[1].reason"),
        (lambda d: d["transitions"][1].update(quorum={"people": 0}), "transitions[1].quorum.people"),
        (lambda d: d["transitions"][1].update(quorum={"people": 10}), "transitions[1].quorum.people"),
        (lambda d: d["transitions"][1].update(quorum={"votes": 2}), "transitions[1].quorum: 'votes'"),
        (lambda d: d["transitions"][1].update(checklist=["Read", " Read"]), "transitions[1].checklist: no text"),
        (lambda d: d["transitions"][1].update(checklist=[" "]), "transitions[1].checklist[0]"),
        (lambda d: d["transitions"][1].update(significant="cpr"), "transitions[1].significant"),
        (lambda d: d["transitions"][1].update(bulk=1), "transitions[1].bulk"),
        (lambda d: d.update(exemption="x" * 201), "flow.exemption"),
    ],
)
def test_what_is_no_flow_is_refused_with_its_place(change, place):
    with pytest.raises(SpecError, match=place.replace("[", r"\[").replace("]", r"\]")):
        load_spec(with_changes(change))


def test_how_many_decide_is_read_and_the_first_is_enough_unless_said():
    changed = {"quorum": {"people": 2, "organisations": True}, "checklist": ["I read it "], "bulk": True}
    approve, back = load_spec(spec(significant=["cpr"], **changed)).out_of("waiting")
    assert approve.quorum == Quorum(people=2, organisations=True)
    assert (approve.checklist, approve.significant, approve.bulk) == (("I read it",), ("cpr",), True)
    assert (back.quorum, back.checklist, back.significant, back.bulk) == (None, (), (), False)


@pytest.mark.parametrize("document", [None, [], "flow", 7])
def test_other_json_is_refused(document):
    with pytest.raises(SpecError, match="object"):
        load_spec(document)


def test_the_hash_does_not_depend_on_the_order_of_keys():
    shuffled = json.loads(json.dumps(spec()), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert list(shuffled) != list(spec())
    assert sha256_of(shuffled) == sha256_of(spec())


def test_the_hash_depends_on_every_word():
    changed = with_changes(lambda d: d["states"][1].update(label="Waiting for any doctor"))
    assert sha256_of(changed) != sha256_of(spec())


def test_canonical_bytes_refuse_what_json_does_not_know():
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"hours": float("nan")})
