"""Small numbers stay hidden, also from arithmetic; missing is never achieved."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reporting import places
from reporting.figures import HIDDEN, WITHHELD, Proportion, Sum, publish
from reporting.reports import plans
from reporting.reports.place_of_death import _achieved, _by_place, _counts_and_sums, _where, judge

HOME, HOSPICE, DIED_AT_HOME, DIED_IN_HOSPITAL = "110481000000108", "108401000000102", "876879006", "183676005"


def column(parts):
    """Counts beside their total, as they are published: (the parts, the total)."""
    counts = {**dict(enumerate(parts)), "all": sum(parts)}
    texts = publish(counts, [Sum("all", tuple(range(len(parts))))])
    return [texts[index] for index in range(len(parts))], texts["all"]


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([10, 20, 30], ["10", "20", "30"], "60"),
        ([3, 20, 30], [HIDDEN, WITHHELD, "30"], "53"),
        ([3, 4, 30], [HIDDEN, HIDDEN, "30"], "37"),
        ([0, 3, 0], ["0", HIDDEN, "0"], HIDDEN),
        ([1, 1, 30], [HIDDEN, HIDDEN, WITHHELD], "32"),
        ([4, 4], [HIDDEN, HIDDEN], WITHHELD),
        ([1, 5], [HIDDEN, WITHHELD], WITHHELD),
        ([0, 0], ["0", "0"], "0"),
        ([], [], "0"),
        ([1200], ["1,200"], "1,200"),
    ],
)
def test_a_hidden_count_cannot_be_had_by_subtraction(counts, shown, total):
    assert column(counts) == (shown, total)


def may_be(text):
    """What somebody who knows the rule may take a published count for."""
    return {HIDDEN: range(1, 5), WITHHELD: range(5, 40)}.get(text) or [int(text)]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_nobody_can_reckon_what_a_small_count_is(parts):
    texts, total = column(parts)
    # Four counts of one under a total "under 5": there the words themselves say it.
    assume(not (total == HIDDEN and texts.count(HIDDEN) == 4))
    fitting = [each for each in product(*map(may_be, texts)) if sum(each) in may_be(total)]
    assert tuple(parts) in fitting
    for index, count in enumerate(parts):
        assert not 0 < count < 5 or len({each[index] for each in fitting}) > 1


def test_a_count_is_hidden_in_the_table_of_organisations_where_its_board_would_give_it_away():
    figures = {"A": {"n": 3}, "B": {"n": 20}, "C": {"n": 3}, "D": {"n": 7}}
    own, boards = plans._column("n", figures, {"East": ["A", "B"], "West": ["C", "D"]})
    assert own == {"A": HIDDEN, "B": WITHHELD, "C": HIDDEN, "D": WITHHELD}
    assert boards == {"East": "23", "West": "10"}


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_no_sum_of_rows_or_columns_has_a_single_hidden_count(values):
    rows, columns = "abc", "xyz"
    counts = {(r, c): values[3 * i + j] for i, r in enumerate(rows) for j, c in enumerate(columns)}
    sums = [Sum(r, tuple((r, c) for c in columns)) for r in rows]
    sums += [Sum(c, tuple((r, c) for r in rows)) for c in columns]
    sums += [Sum("all", tuple(rows)), Sum("all", tuple(columns))]
    for each in sums:
        counts[each.whole] = sum(counts[part] for part in each.parts)
    texts = publish(counts, sums)
    for each in sums:
        hidden = [texts[key] for key in (each.whole, *each.parts) if texts[key] in (HIDDEN, WITHHELD)]
        assert len(hidden) != 1


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
    judged = judge(counted)
    assert (judged["achieved"], judged["known"], judged["unknown"]) == (6, 9, 9)
    assert (judged["second"], judged["neither"], judged["without"]) == (1, 2, 3)


def test_what_is_known_of_deaths_is_in_no_two_tables_that_give_a_small_count_away():
    counted = Counter(
        {(1, HOME, "", DIED_AT_HOME): 20, (1, HOME, "", DIED_IN_HOSPITAL): 2, (2, HOME, "", DIED_AT_HOME): 30}
        | {(2, HOME, "", DIED_IN_HOSPITAL): 9, (2, HOME, "", ""): 3}
    )
    judged = {"East": judge(only(counted, 1)), "West": judge(only(counted, 2)), "All": judge(counted)}
    texts = publish(*_counts_and_sums(judged, _by_place(counted)))
    east, west, everybody = _achieved(judged, texts).rows
    # Two of twenty-two missed: with the numerator beside the denominator anybody could say so.
    assert east[1] == east[3] == WITHHELD
    # Three are not known: with the denominator beside the number of deaths in the other table, likewise.
    assert west[5] == everybody[5] == HIDDEN
    assert (everybody[2], dict(_where(_by_place(counted), texts).rows)["All"]) == (WITHHELD, "64")


def only(counted, owner):
    return Counter({key: count for key, count in counted.items() if key[0] == owner})


@pytest.mark.parametrize("key", list(places.PLACES))
def test_every_place_is_met_by_itself_and_never_by_an_unknown_place(key):
    _, preferred, actual = places.PLACES[key]
    for code in preferred:
        assert all(places.met(code, where) for where in actual)
        assert not places.met(code, "")
        assert not any(places.met(code, where) for where in places.ELSEWHERE)
