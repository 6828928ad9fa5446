"""The test cases that come with each form, against the form that comes with them."""

import pytest

from careplan_forms import seeds
from careplan_forms.schema.cases import read_cases
from careplan_forms.selectors.form_tests import run

CASES = {key: {case.key: case for case in read_cases(seeds.test_cases_of(key))} for key in seeds.form_keys()}


@pytest.mark.parametrize(("form", "key"), [(form, key) for form, cases in CASES.items() for key in cases])
def test_a_seeded_case_comes_out_as_expected(form, key):
    result = run(CASES[form][key], seeds.form(form))
    assert result.rows and result.passed, [row.sentence for row in result.failures]


def test_every_form_has_enough_cases_and_there_are_none_for_a_form_that_is_not_shipped():
    assert {form: len(cases) >= 12 for form, cases in CASES.items()} == dict.fromkeys(seeds.form_keys(), True)
    assert seeds.test_cases_of("no-such-form") == [] == seeds.test_cases_of("../test_cases/urgent-care-plan")
    with pytest.raises(KeyError):
        seeds.form("../forms/urgent-care-plan")


@pytest.mark.parametrize("form", seeds.form_keys())
def test_the_cases_notice_a_condition_that_is_lost(form):
    document = seeds.form(form)
    for section in document["sections"]:
        for item in section["items"]:
            if item["uid"] == "key-safe-code":
                item["show_if"] = None
    assert not run(CASES[form]["nothing-yet"], document).passed
