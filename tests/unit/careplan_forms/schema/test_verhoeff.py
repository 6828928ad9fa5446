"""SNOMED identifiers carry a check digit."""

import pytest

from careplan_forms.schema.verhoeff import is_snomed_id


@pytest.mark.parametrize("code", ["450475007", "450476008", "876879006", "110481000000108", "1060941000000102"])
def test_snomed_codes_with_the_right_check_digit(code):
    assert is_snomed_id(code)
    assert not is_snomed_id(code[:-1] + str((int(code[-1]) + 1) % 10))
    assert not is_snomed_id(code[:-3] + code[-2] + code[-3] + code[-1]) or code[-2] == code[-3]


@pytest.mark.parametrize("code", ["", "12345", "0450475007", "45047500x", "٤٥٠٤٧٥٠٠٧", "1" * 19])
def test_what_is_no_snomed_identifier(code):
    assert not is_snomed_id(code)
