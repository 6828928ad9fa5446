"""Random flows, walked at random by random people: whatever is signed and however it is used, nothing gets lost.

Flows are drawn until the linter has nothing to say, so these are exactly the ones that two people could sign.
"""

import itertools
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.models import StaffListEntry
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows import catalogue
from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.loading import load_spec
from workflows.models import FlowCase, FlowTask
from workflows.selectors.chains import verify_case_chain
from workflows.services import cases, tasks
from workflows.services.stuck import stuck

ROLES = ("doctor", "clinician", "org_lead")
PLACES = ("owner_org", "sharing_org")
SENDER = st.just({"role": "any", "scope": "submitter"})
EXAMPLES, STEPS = (400, 60) if os.environ.get("SOAK") else (8, 12)


def rule_for(*scopes):
    """Somebody a step may be for."""
    named = st.builds(
        lambda role, scope: {"role": role, "scope": scope}, st.sampled_from(ROLES), st.sampled_from(scopes)
    )
    return named if "submitter" not in scopes else st.one_of(named.filter(lambda rule: rule["scope"] in PLACES), SENDER)


@st.composite
def steps(draw, key, source, target):
    """One step, as free as the language is."""
    quorum = draw(st.sampled_from([None, None, {"people": 2}, {"people": 2, "organisations": True}, {"each": True}]))
    people_of = rule_for(*PLACES) if quorum == {"each": True} else rule_for(*PLACES, "submitter")
    rules = draw(st.lists(people_of, min_size=1, max_size=3, unique_by=lambda rule: tuple(rule.values())))
    if quorum is None and draw(st.booleans()):
        rules = [{"role": draw(st.sampled_from(ROLES)), "scope": "named_user"}]
    way = draw(st.sampled_from(["none", "four_eyes", "not_author", "not_earlier_decider", EXEMPTION_GUARD]))
    barred = way not in ("none", "not_earlier_decider")
    return {
        "key": key,
        "label": key,
        "from": source,
        "to": target,
        "actors": rules,
        "quorum": quorum,
        "four_eyes": way == "four_eyes",
        "guards": flows.guards(way) if way not in ("none", "four_eyes") else [],
        "effects": flows.guards("send_letter") if barred and draw(st.booleans()) else [],
    }


def asked_in(state, rows):
    """Whom a state has to ask so that nobody with a part in one of its steps is forgotten."""
    rules = [rule for row in rows if row["from"] == state for rule in row["actors"]]
    named = [rule | {"scope": "owner_org"} for rule in rules if rule["scope"] == "named_user"]
    asked = [rule for rule in rules if rule["scope"] in PLACES] + named
    return [rule for number, rule in enumerate(asked) if rule not in asked[:number]] or [flows.DOCTOR]


@st.composite
def documents(draw):
    """A flow with up to three states in between, and steps between any of them."""
    middle = [f"s{number}" for number in range(draw(st.integers(1, 3)))]
    moves = [*itertools.pairwise(["start", *middle, "end"])]
    moves += draw(st.lists(st.tuples(st.sampled_from(middle), st.sampled_from([*middle, "end"])), max_size=4))
    rows = [draw(steps(f"t{number}", source, target)) for number, (source, target) in enumerate(moves)]
    rows[0] = {"key": "t0", "label": "t0", "from": "start", "to": middle[0], "actors": [flows.NURSE], "on_open": True}
    asked = {key: asked_in(key, rows) for key in middle}
    for key in middle:  # a doctor who is asked because nobody else is has something to do
        row = next(row for row in rows if row["from"] == key)
        if not any(
            lets(rule, each)
            for each in asked[key]
            for other in rows
            if other["from"] == key
            for rule in other["actors"]
        ):
            row["actors"].append(flows.DOCTOR)
    document = {
        "spec_version": 1,
        "title": "Any",
        "states": [
            {"key": "start", "label": "start", "kind": "start"},
            *({"key": key, "label": key, "kind": "work", "waits_for": asked[key]} for key in middle),
            {"key": "end", "label": "end", "kind": "final", "outcome": "end"},
        ],
        "transitions": rows,
    }
    exempting = any({"name": EXEMPTION_GUARD} in row.get("guards", []) for row in rows)
    return document | ({"exemption": flows.EXEMPTION} if exempting else {})


def lets(rule, asked):
    return rule == asked or (rule["scope"] == "named_user" and rule["role"] == asked["role"])


def sound(document):
    """Whether it could be signed."""
    return not catalogue.lint(load_spec(document))


class Walk(RuleBasedStateMachine):
    """One letter on one flow, and everybody who may have a hand in it."""

    kind: flows.LetterKind

    @initialize(document=documents().filter(sound), exempt=st.booleans(), author=st.integers(0, 5))
    def begin(self, document, exempt, author):
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.spec, self.exempt = load_spec(document), exempt
        practice, hospice = people.organisation(), people.organisation()
        self.people = [people.staff(place, role=role) for place in (practice, hospice) for role in ROLES]
        sender = people.staff(practice)
        self.people.append(sender)
        self.letter = self.kind.write(practice, self.people[author], sharing_organisation_ids=frozenset({hospice.pk}))
        flows.live_flow(document, exempt=exempt)
        self.case = flows.open_case(self.letter, sender)
        self.kind.sent.clear()
        self.decided = 1

    def teardown(self):
        """Leave nothing for the next walk."""
        if hasattr(self, "undone"):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def is_open(self):
        return self.case.closed_at is None

    @precondition(is_open)
    @rule(who=st.integers(0, 6), which=st.integers(0, 9), stale=st.booleans())
    def decide(self, who, which, stale):
        by, steps = self._chosen(who, which > 2)
        step, before = steps[which % len(steps)], self.case.state
        shown = {"shown_sha256": "0" * 64} if stale and which == 9 else {}
        sent = len(self.kind.sent)
        try:
            decision = flows.fire(self.case, step.key, by, **shown)
        except (NotAllowed, Conflict, Refused):
            assert self.case.state == before and len(self.kind.sent) == sent
            return
        self.decided += 1
        assert not shown
        assert self.case.state == (step.target if decision.completed else before)
        if len(self.kind.sent) > sent:
            self._published(step, by, decision)

    def _chosen(self, who, lucky):
        """Somebody with all steps out of the state; a lucky one only with those that are theirs to take."""
        steps = self.spec.out_of(self.case.state)
        case = FlowCase.objects.select_related("version", "owner").get(pk=self.case.pk)
        for by in [*self.people[who:], *self.people[:who]] if lucky else []:
            allowed = {view.key for view in cases.explain(case, by) if view.allowed}
            if allowed:
                return by, [step for step in steps if step.key in allowed]
        return self.people[who], steps

    @precondition(lambda self: not self.is_open())
    @rule(who=st.integers(0, 6), which=st.integers(0, 9))
    def decide_after_the_end(self, who, which):
        step = self.spec.transitions[which % len(self.spec.transitions)]
        with pytest.raises(Conflict):
            flows.fire(self.case, step.key, self.people[who], expected_state=step.source)

    def _published(self, step, by, decision):
        assert decision.completed
        if by.user_id in self.letter.author_ids:
            assert step.uses_guard(EXEMPTION_GUARD) and self.exempt
            assert decision.evidence["exemption"] == flows.EXEMPTION

    @precondition(is_open)
    @rule(who=st.integers(0, 6))
    def take_the_task(self, who):
        by = self.people[who]
        for task in FlowTask.objects.filter(
            case=self.case, closed_at=None, role=by.role, organisation_id=by.organisation_id
        ):
            try:
                tasks.claim(by=by, task=task, now=clock.now())
            except Conflict:
                assert task.claimed_by_id not in (None, by.user_id)

    @precondition(is_open)
    @rule(words=st.text("ab", min_size=1, max_size=2))
    def rewrite(self, words):
        self.letter = self.kind.rewrite(self.letter, words)

    @precondition(is_open)
    @rule(who=st.integers(0, 6))
    def leave(self, who):
        rows = StaffListEntry.objects.filter(pk=self.people[who].entry_id)
        long_ago = clock.today().replace(year=2020)
        rows.update(starts_on=long_ago, ends_on=long_ago)
        self.people[who] = people.staff(rows.get().organisation, role=self.people[who].role)

    @invariant()
    def it_stands_where_its_flow_and_its_history_say(self):
        case = FlowCase.objects.get(pk=self.case.pk)
        assert case.state in {state.key for state in self.spec.states}
        assert (case.closed_at is not None) == (self.spec.state(case.state).kind == "final")
        assert case.decisions.count() == self.decided
        assert verify_case_chain(case) == []

    @invariant()
    def somebody_is_asked_until_it_is_over(self):
        asking = FlowTask.objects.filter(case=self.case, closed_at=None)
        assert all(task.state == self.case.state for task in asking)
        if not self.is_open() or asking:
            assert self.is_open() or not asking
            return
        # Only whoever sent it is left to decide: they have no task of a role. Once they are gone, it is said.
        rules = [rule for step in self.spec.out_of(self.case.state) for rule in step.actors]
        assert any(rule.scope == "submitter" for rule in rules)
        case = FlowCase.objects.select_related("version", "owner").get(pk=self.case.pk)
        can_move = any(view.allowed for by in self.people for view in cases.explain(case, by))
        assert can_move or [problem.code for problem in stuck(clock.now())] == ["no_task"]


@pytest.mark.soak
@pytest.mark.django_db
def test_no_walk_through_any_sound_flow_loses_a_case_a_task_or_four_eyes(letters):
    Walk.kind = letters
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            # A failing walk is printed whole; looking for a shorter one would take longer than reading it.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
