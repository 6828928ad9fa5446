"""Asking the past: what would have been refused, what would have stood, and what nobody can say."""

import datetime

import pytest

from tests.factories.workflows import spec as letter
from workflows.engine.loading import load_spec
from workflows.engine.replay_report import Report
from workflows.engine.replaying import Past, PastCase, Question, Rules, replay

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
OLD = load_spec(letter())


def past(transition, from_state, to_state, **fields):
    """A decision of a doctor (8) at the owner (1), as the old version has it."""
    given = {"user": "8", "organisation": "1", "role": "doctor", "sha256": "a", "at": AT} | fields
    step = given.pop("step", OLD.transition(transition, from_state))
    return Past(transition=transition, from_state=from_state, to_state=to_state, step=step, **given)


SENT = past("submit", "start", "waiting", user="7", role="clinician", opening=True)


def ask(document, *decisions, opened_by="7", **rules):
    case = PastCase("case", "1", opened_by, (SENT, *decisions))
    rules = Rules(load_spec(document), publishing=frozenset({"send_letter"}), **rules)
    return list(replay(rules, case))


def one(document, **fields):
    """The verdict on an approval kept with these fields."""
    return ask(document, past("approve", "waiting", "approved", **fields))[-1]


def changed(**step):
    return letter(**step)


def test_the_same_version_stands_by_every_decision():
    verdicts = ask(letter(), past("approve", "waiting", "approved"))
    assert [verdict.refusals for verdict in verdicts] == [(), ()]
    assert verdicts[-1].unasked == ()


def test_a_step_for_another_role_would_not_have_been_theirs():
    assert one(changed(actors=[{"role": "caldicott_guardian", "scope": "owner_org"}])).refusals == ("not-yours",)
    assert one(letter(), organisation="2").refusals == ("not-yours",)


@pytest.mark.parametrize(("scope", "kept"), [("host", "at_host"), ("named_user", "had_task")])
def test_who_was_at_the_host_and_who_had_the_task_is_answered_where_it_was_kept(scope, kept):
    document = changed(actors=[{"role": "doctor", "scope": scope}])
    assert one(document, **{kept: True}).unasked == one(document, **{kept: True}).refusals == ()
    assert one(document, **{kept: False}).refusals == ("not-yours",)


def test_the_rules_that_fitted_on_the_day_answer_for_themselves():
    """The care team of that day is known where the old version asked for it, also of a colleague's decision."""
    document = changed(actors=[{"role": "doctor", "scope": "sharing_org"}])
    step = load_spec(document).transition("approve", "waiting")
    assert one(document, step=step, parts=frozenset({0}), on_behalf_of="9").unasked == ()
    assert one(document, step=step, parts=frozenset()).refusals == ("not-yours",)
    wider = changed(actors=[{"role": "any", "scope": "sharing_org"}])
    assert one(wider, step=step, parts=frozenset({0})).unasked == ()
    assert one(wider, step=step, parts=frozenset()).unasked == (Question("scope", "sharing_org"),)


@pytest.mark.parametrize("scope", ["sharing_org", "host", "named_user"])
def test_a_scope_of_which_nothing_is_kept_is_not_guessed(scope):
    verdict = one(changed(actors=[{"role": "doctor", "scope": scope}]))
    assert verdict.refusals == () and verdict.unasked == (Question("scope", scope),)


def test_whoever_was_let_in_by_a_rule_that_is_still_there_stands():
    document = changed(actors=[{"role": "doctor", "scope": "host"}, {"role": "doctor", "scope": "sharing_org"}])
    step = load_spec(changed(actors=[{"role": "doctor", "scope": "host"}])).transition("approve", "waiting")
    verdict = one(document, organisation="9", step=step)
    assert (verdict.refusals, verdict.unasked) == ((), ())


def test_for_whoever_decided_for_a_colleague_the_colleagues_role_is_not_known():
    verdict = one(changed(actors=[{"role": "org_lead", "scope": "owner_org"}]), on_behalf_of="9")
    assert verdict.refusals == () and verdict.unasked == (Question("roles"),)


def test_what_an_author_decided_alone_would_be_refused_without_an_exemption():
    exempt = changed(guards=[{"name": "author_only_if_exempt"}], exemption="Alone.")
    assert one(exempt, alone=True).refusals == ()
    assert one(changed(guards=[{"name": "author_only_if_exempt"}]), alone=True).refusals == ("author",)
    assert one(letter(), alone=True).refusals == ("author",)
    assert one(changed(guards=[], effects=[], four_eyes=True), alone=True).refusals == ("author",)
    assert one(changed(guards=[], effects=[]), alone=True).refusals == ()
    only = changed(guards=[{"name": "author_only_if_exempt"}], effects=[])
    assert one(only, alone=True).refusals == ("no-exemption",)


def test_a_reason_is_missed_only_where_it_was_asked_for():
    assert one(changed(reason="required"), reason="").refusals == ("reason-missing",)
    assert one(changed(reason="required"), reason="Read it").refusals == ()
    none = load_spec(changed(reason="none")).transition("approve", "waiting")
    verdict = one(changed(reason="required"), step=none)
    assert verdict.refusals == () and verdict.unasked == (Question("reason"),)


def test_guards_on_that_day_are_named_and_not_asked():
    verdict = one(changed(guards=[{"name": "not_author"}, {"name": "consent_recorded"}], action="plan.approve"))
    assert verdict.refusals == ()
    assert verdict.unasked == (Question("gate", "plan.approve"), Question("guard", "consent_recorded"))


def test_a_guard_that_was_passed_then_with_the_same_parameters_stands():
    then = [{"name": "not_author"}, {"name": "reviewed_within", "params": {"days": 7}}]
    step = load_spec(changed(guards=then)).transition("approve", "waiting")
    assert one(changed(guards=then), step=step).unasked == ()
    then[1]["params"] = {"days": 3}
    assert one(changed(guards=then), step=step).unasked == (Question("guard", "reviewed_within"),)


def test_who_decided_before_and_what_changed_since_are_kept():
    again = letter()
    again["states"].insert(2, {"key": "second", "label": "Second", "kind": "work", "waits_for": []})
    again["transitions"].append(
        {
            "key": "pass",
            "label": "Pass",
            "from": "waiting",
            "to": "second",
            "actors": [{"role": "doctor", "scope": "owner_org"}],
        }
    )
    final = again["transitions"][1] | {"from": "second", "guards": [{"name": "not_earlier_decider"}]}
    again["transitions"].append(final)
    passed = past("pass", "waiting", "second")
    assert ask(again, passed, past("approve", "second", "approved"))[-1].refusals == ("earlier-decider",)
    assert ask(again, passed, past("approve", "second", "approved", user="9"))[-1].refusals == ()
    assert one(letter(), sha256="b", user="9").refusals == ("changed-since-sent",)


def test_too_few_people_are_noticed_and_several_are_heard():
    two = changed(quorum={"people": 2})
    assert one(two).refusals == ("too-few",)
    first = past("approve", "waiting", "waiting", awaits=1)
    assert [v.refusals for v in ask(two, first, past("approve", "waiting", "approved", user="9"))] == [(), (), ()]
    assert ask(two, first, past("approve", "waiting", "approved"))[-1].refusals == ("too-few",)


def test_a_case_whose_path_is_not_there_is_lost_from_there_on():
    document = letter()
    document["transitions"][1]["key"] = "agree"
    [_, lost] = ask(document, past("approve", "waiting", "approved"))
    assert (lost.lost, lost.stands_in) == (True, "waiting")
    detour = letter()
    detour["states"].insert(1, {"key": "triage", "label": "Triage", "kind": "work"})
    detour["transitions"][0]["to"] = "triage"
    [_, lost] = ask(detour, past("approve", "waiting", "approved"), past("return", "approved", "returned"))
    assert (lost.lost, lost.stands_in) == (True, "triage")


def test_a_case_that_was_moved_in_between_goes_on_from_where_it_was_put():
    verdicts = ask(letter(), past("approve", "waiting", "approved"), opened_by="7")
    assert not verdicts[-1].lost
    old = past("submit", "start", "elsewhere", user="7", role="clinician", opening=True)
    case = PastCase("case", "1", "7", (old, past("approve", "waiting", "approved")))
    assert [verdict.lost for verdict in replay(Rules(OLD), case)] == [False, False]


def test_only_what_is_wanted_is_answered_and_added_up():
    verdicts = ask(changed(reason="required"), past("approve", "waiting", "approved"))
    report = Report(most=0)
    for verdict in verdicts:
        report.add(verdict)
    assert (report.decisions, report.refused_decisions, report.sure, report.listed) == (2, 1, 1, [])
    assert report.refused == {(("waiting", "approve"), "reason-missing"): 1}
    assert not report.finds_nothing
    outside = past("approve", "waiting", "approved", counted=False)
    assert len(ask(letter(), outside)) == 1
