"""Whatever the forms, the mapping and the answers: nothing vanishes unnamed, and the same gives the same."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.mapping import mover_between
from careplan_forms.schema.mapping_check import mapping_faults
from careplan_forms.schema.mapping_proposal import propose_mapping
from careplan_forms.schema.mapping_shape import read_steps, row_of
from tests.unit.careplan_forms.schema.documents import coded
from tests.unit.careplan_forms.schema.generated import documents

VALUES = {
    "text": st.sampled_from(["", "a", "words"]),
    "long_text": st.sampled_from(["a", "two\nlines"]),
    "yes_no": st.booleans(),
    "choice": st.sampled_from([coded("x"), coded("y"), {"absent": "not-known", "reason": "r"}]),
    "choices": st.sampled_from([[coded("x")], [coded("x"), coded("y")], []]),
    "date": st.sampled_from(["2026", "2026-03-04"]),
    "number": st.sampled_from([{"value": "3", "unit": ""}]),
    "repeat": st.lists(st.sampled_from(["k", "", None]), max_size=3).map(
        lambda said: [{"id": str(n), "inside": each} for n, each in enumerate(said)]
    ),
}


@st.composite
def answers_for(draw, content):
    asked = content["sections"][0]["items"]
    found = {each["uid"]: draw(VALUES[each["type"]]) for each in asked if draw(st.integers(0, 4))}
    if draw(st.integers(0, 5)) == 0:
        found["stray"] = "never asked"
    return found


@st.composite
def cases(draw):
    old, new = draw(documents()), draw(documents())
    mapping = propose_mapping(old, new)
    for n, row in enumerate(mapping["items"]):
        targets = [each["uid"] for each in new["sections"][0]["items"]]
        if targets and draw(st.integers(0, 2)) == 0:
            action = draw(st.sampled_from(["drop", "rename", "split", "merge"]))
            picked = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=2, unique=True))
            edited = row_of(row["uid"], action, [] if action == "drop" else picked)
            tried = {**mapping, "items": [*mapping["items"][:n], edited, *mapping["items"][n + 1 :]]}
            mapping = tried if not mapping_faults(tried, old, new) else mapping
    return old, new, mapping, draw(answers_for(old))


@given(documents(), documents())
def test_what_is_proposed_has_no_faults(old, new):
    assert mapping_faults(propose_mapping(old, new), old, new) == []


@given(cases())
def test_no_answer_vanishes_without_being_named(case):
    old, new, mapping, answers = case
    result = mover_between(old, new, mapping).move(answers)
    named = {reason.uid for reason in result.reasons}
    arrived = {uid for target, sources in result.sources.items() for uid in sources if target in _uids(result.answers)}
    # An entry goes with its repeat: as a whole into a text, or by the name of the repeat.
    whole = {step.uid for step in read_steps(mapping) if step.uid in named | arrived and not step.steps}
    kept = {uid: value for uid, value in answers.items() if uid not in whole}
    assert _uids(kept) | whole.intersection(_uids(answers)) <= named | arrived


@given(cases())
def test_no_shown_answer_is_lost_under_a_plan_that_carries_over(case):
    old, new, mapping, answers = case
    result = mover_between(old, new, mapping).move(answers)
    if result.outcome == "carries_over":
        before, after = compile_form(old).complete(answers), compile_form(new).complete(result.answers)
        arrived = {uid for target, sources in result.sources.items() for uid in sources if target in _uids(after)}
        assert set(before) <= arrived


@given(documents().flatmap(lambda content: st.tuples(st.just(content), answers_for(content))))
def test_a_form_carried_over_to_itself_changes_nothing(case):
    content, answers = case
    answers = compile_form(content).complete(answers)
    result = mover_between(content, content).move(answers)
    assert (result.answers, result.outcome, result.reasons) == (answers, "carries_over", ())


@given(cases())
def test_the_same_gives_the_same_and_what_was_given_stays_as_it_was(case):
    old, new, mapping, answers = case
    kept = copy.deepcopy((mapping, answers))
    first, second = (mover_between(old, new, mapping).move(answers) for _ in range(2))
    assert first == second
    assert (mapping, answers) == kept


def _uids(answers):
    """Every question with an answer, those inside entries too."""
    found = {uid for uid, value in answers.items() if not is_blank(value) and uid != "id"}
    for value in answers.values():
        if isinstance(value, list):
            for entry in value:
                found |= _uids(entry) if "id" in entry else set()
    return found
