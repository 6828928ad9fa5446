"""Small numbers stay hidden, also from arithmetic; missing is never achieved."""

from collections import Counter

import pytest

from reporting import places
from reporting.figures import HIDDEN, Proportion, suppress
from reporting.reports.place_of_death import judge

HOME, HOSPICE, DIED_AT_HOME, DIED_IN_HOSPITAL = "110481000000108", "108401000000102", "876879006", "183676005"


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([10, 20, 30], ["10", "20", "30"]),
        ([3, 20, 30], [HIDDEN, HIDDEN, "30"]),
        ([3, 4, 30], [HIDDEN, HIDDEN, "30"]),
        ([0, 3, 0], ["0", HIDDEN, "0"]),
        ([0, 0], ["0", "0"]),
        ([], []),
        ([1200], ["1,200"]),
    ],
)
def test_a_hidden_count_cannot_be_had_by_subtraction(counts, shown):
    assert suppress(counts) == shown


@pytest.mark.parametrize(
    ("proportion", "percent"),
    [
        (Proportion(0, 0), "–"),
        (Proportion(3, 40), HIDDEN),
        (Proportion(38, 40), HIDDEN),
        (Proportion(30, 40), "75%"),
        (Proportion(40, 40), "100%"),
        (Proportion(0, 40), "0%"),
    ],
)
def test_a_percentage_does_not_give_a_small_count_away(proportion, percent):
    assert proportion.percent == percent


def test_achieved_needs_both_places_and_missing_is_shown_apart():
    counted = Counter(
        {
            (1, HOME, "", DIED_AT_HOME): 6,
            (1, HOME, HOSPICE, DIED_IN_HOSPITAL): 2,
            (1, HOSPICE, HOME, DIED_AT_HOME): 1,
            (1, HOME, "", ""): 5,
            (1, "", "", DIED_AT_HOME): 4,
            (1, "1060941000000102", "", DIED_AT_HOME): 3,
        }
    )
    proportion, either, without = judge(counted)
    assert proportion == Proportion(numerator=6, denominator=9, unknown=9)
    assert either == 7
    assert without == 3


@pytest.mark.parametrize("key", list(places.PLACES))
def test_every_place_is_met_by_itself_and_never_by_an_unknown_place(key):
    _, preferred, actual = places.PLACES[key]
    for code in preferred:
        assert all(places.met(code, where) for where in actual)
        assert not places.met(code, "")
        assert not any(places.met(code, where) for where in places.ELSEWHERE)
