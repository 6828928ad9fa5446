"""The test cases that come with the urgent care plan, against the form that comes with them."""

import pytest

from careplan_forms.schema.cases import read_cases
from careplan_forms.seeds import test_cases_of as seeded_cases
from careplan_forms.seeds import urgent_care_plan
from careplan_forms.selectors.form_tests import run

CASES = {case.key: case for case in read_cases(seeded_cases("urgent-care-plan"))}


@pytest.mark.parametrize("key", CASES)
def test_a_seeded_case_comes_out_as_expected(key):
    result = run(CASES[key], urgent_care_plan())
    assert result.rows and result.passed, [row.sentence for row in result.failures]


def test_there_are_enough_cases_and_none_for_a_form_that_is_not_shipped():
    assert len(CASES) >= 12 and seeded_cases("no-such-form") == [] == seeded_cases("../test_cases/urgent-care-plan")


def test_the_cases_notice_a_condition_that_is_lost():
    form = urgent_care_plan()
    for section in form["sections"]:
        for item in section["items"]:
            if item["uid"] == "key-safe-code":
                item["show_if"] = None
    assert not run(CASES["nothing-yet"], form).passed
