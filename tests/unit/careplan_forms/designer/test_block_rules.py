import pytest

from careplan_forms.block_rules import rows_of, rule_of

TYPES = {"yes": "yes_no", "many": "number", "pick": "choice", "day": "date", "words": "text"}


def type_of(uid):
    return TYPES.get(uid, "")


@pytest.mark.parametrize(
    "rule",
    [
        {"item": "yes", "op": "=", "value": True},
        {"item": "yes", "op": "!=", "value": False},
        {"item": "many", "op": ">=", "value": 3},
        {"item": "many", "op": "<", "value": 2.5},
        {"item": "many", "op": "=", "value": 0},
        {"item": "pick", "op": "=", "value": "A"},
        {"item": "pick", "op": "=", "value": {"code": "A", "system": "http://snomed.info/sct"}},
        {"item": "pick", "op": "in", "value": ["A", {"absent": "not-known"}]},
        {"item": "day", "op": "<=", "value": "2027-03"},
        {"item": "words", "op": "exists", "value": False},
        {"item": "words", "op": "=", "value": {"absent": "declined"}},
        {"any": [{"item": "yes", "op": "=", "value": True}]},
        {"all": [{"item": "yes", "op": "=", "value": True}, {"item": "many", "op": ">", "value": 1}]},
        None,
    ],
)
def test_rows_say_exactly_the_same(rule):
    match, rows = rows_of(rule, type_of)
    assert rule_of(match, rows, type_of) == rule


@pytest.mark.parametrize(
    "rule",
    [
        {"not": {"item": "yes", "op": "=", "value": True}},
        {"all": [{"any": [{"item": "yes", "op": "=", "value": True}]}]},
        {"item": "many", "op": "=", "value": {"value": "3", "unit": "mg"}},
        {"item": "pick", "op": "in", "value": ["one, two"]},
        {"item": "yes", "op": "=", "value": "yes"},
        {"all": "nonsense"},
        "nonsense",
    ],
)
def test_what_rows_would_say_differently_is_not_turned_into_rows(rule):
    assert rows_of(rule, type_of) is None


def test_an_empty_row_says_nothing():
    assert rule_of("all", [{"item": "", "op": "=", "value": ""}], type_of) is None
