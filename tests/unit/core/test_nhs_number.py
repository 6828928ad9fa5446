"""The number rules: check digit, ranges, and the numbers that pass the check but were never issued."""

import pytest

from core import nhs_number


@pytest.mark.parametrize(
    "text",
    ["9434765919", "943 476 5919", "943-476-5919", " 9434765919\u00a0", "\u202d943 476 5919\u202c", "9434765919\u200b"],
)
def test_a_valid_number_is_accepted_however_it_is_typed(text):
    assert nhs_number.validate(text) == "9434765919"


@pytest.mark.parametrize("text", ["0000000000", "1111111111", "9999999999"])
@pytest.mark.parametrize("ranges", ["live", "test"])
def test_repeated_digits_are_refused_although_their_check_digit_is_right(text, ranges):
    assert nhs_number.check_digit(text[:9]) == text[9]
    assert not nhs_number.is_valid(text, ranges)


@pytest.mark.parametrize(
    ("text", "ranges", "valid"),
    [
        ("4857773457", "live", True),
        ("4857773457", "test", False),
        ("4857773456", "live", False),
        ("9000000009", "test", True),
        ("9000000009", "live", False),
        ("9000000000", "test", False),
        ("٩٤٣٤٧٦٥٩١٩", "test", False),
        ("94347659190", "test", False),
        ("", "test", False),
    ],
)
def test_only_numbers_that_could_have_been_issued_are_valid(text, ranges, valid):
    assert nhs_number.is_valid(text, ranges) is valid


def test_a_number_is_read_three_three_four():
    assert nhs_number.spaced("9434765919") == "943 476 5919"
