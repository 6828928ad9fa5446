"""How many voices there are, whoever lent theirs to whom."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.quorum import Ballot, Vote, adds, heard, last_words, needed
from workflows.engine.spec import Quorum

TWO, TWO_PLACES, EACH = Quorum(people=2), Quorum(people=2, organisations=True), Quorum(each=True)


def vote(*people, at="", parts=()):
    return Vote(frozenset(people), at, frozenset(parts))


def cast(step, *people, sha256="now"):
    return Ballot(step, sha256, vote(*people))


@pytest.mark.parametrize(
    ("need", "votes", "voices"),
    [
        (TWO, [], 0),
        (TWO, [vote("ann"), vote("bob")], 2),
        (TWO_PLACES, [vote("ann", at="x"), vote("bob", at="x")], 1),
        (TWO_PLACES, [vote("ann", at="x"), vote("bob", at="y")], 2),
        (TWO_PLACES, [vote("ann"), vote("bob", at="y")], 1),
        (EACH, [vote("ann", parts=[0]), vote("bob", parts=[0])], 1),
        (EACH, [vote("ann", parts=[0]), vote("bob", parts=[1])], 2),
        (EACH, [vote("ann", parts=[0, 1]), vote("bob", parts=[0])], 2),
        (EACH, [vote("ann", parts=[0, 1]), vote("bob", parts=[0, 1]), vote("cem", parts=[0, 1])], 2),
        (EACH, [vote("ann", parts=[0, 1]), vote("bob", parts=[0, 2]), vote("cem", parts=[0])], 3),
        (EACH, [vote("ann")], 0),
    ],
)
def test_voices_are_counted(need, votes, voices):
    assert heard(need, votes) == voices


def test_a_number_of_people_or_as_many_as_there_are_parts_are_needed():
    assert (needed(TWO, 5), needed(EACH, 3)) == (2, 3)


@pytest.mark.parametrize(
    ("before", "new", "counts"),
    [
        ([], vote("ann"), True),
        ([vote("ann")], vote("ann"), False),
        ([vote("ann")], vote("bob"), True),
        ([vote("ann", "bob")], vote("bob"), False),
        ([vote("ann", "bob")], vote("ann"), False),
        ([vote("ann", "bob")], vote("cem", "bob"), False),
        ([vote("ann", "bob")], vote("ann", "cem"), False),
        ([vote("ann", "bob")], vote("cem", "dan"), True),
    ],
)
def test_nobody_is_heard_twice_in_their_own_name_or_anothers(before, new, counts):
    assert adds(TWO, before, new) is counts


def test_a_second_voice_from_one_organisation_adds_nothing_where_organisations_count():
    assert not adds(TWO_PLACES, [vote("ann", at="x")], vote("bob", at="x"))
    assert adds(TWO_PLACES, [vote("ann", at="x")], vote("bob", at="y"))


def test_a_part_is_decided_once():
    assert not adds(EACH, [vote("ann", parts=[0])], vote("bob", parts=[0]))
    assert adds(EACH, [vote("ann", parts=[0, 1])], vote("bob", parts=[0]))


def test_who_decides_otherwise_takes_back_what_they_decided_before():
    kept = last_words([cast("approve", "ann"), cast("approve", "bob"), cast("refuse", "ann")])
    assert kept == [cast("approve", "bob"), cast("refuse", "ann")]


def test_a_colleague_who_decides_for_somebody_takes_back_that_person_s_word():
    assert last_words([cast("approve", "ann"), cast("refuse", "bob", "ann")]) == [cast("refuse", "bob", "ann")]


def test_a_decision_on_a_newer_text_replaces_that_on_the_older():
    assert last_words([cast("approve", "ann", sha256="old"), cast("approve", "ann")]) == [cast("approve", "ann")]


votes = st.builds(
    Vote,
    st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=2),
    st.sampled_from(["", "x", "y"]),
    st.frozensets(st.integers(0, 3), max_size=3),
)


@given(st.lists(votes, max_size=6), st.sampled_from([TWO, TWO_PLACES, EACH]))
def test_however_they_come_no_person_is_two_voices_and_order_does_not_matter(offered, need):
    taken = []
    for each in offered:
        if adds(need, taken, each):
            before = heard(need, taken)
            taken.append(each)
            assert heard(need, taken) == before + 1
    assert sum(len(each.people) for each in taken) == len(frozenset().union(*(each.people for each in taken), []))
    assert heard(need, taken) == heard(need, taken[::-1]) <= len(taken)


@given(st.lists(votes, max_size=5))
def test_the_parts_filled_are_the_most_there_can_be(offered):
    sides = [sorted(each.parts | {None}, key=str) for each in offered]
    choices = ([part for part in choice if part is not None] for choice in itertools.product(*sides))
    assert heard(EACH, offered) == max(len(set(choice)) for choice in choices if len(set(choice)) == len(choice))
