"""Dates in three boxes, whole and partial; NHS numbers."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from core.form_fields import DateBoxes, DateField, NHSNumberField, PartialDateField


def boxes(day="", month="", year=""):
    return {"day": day, "month": month, "year": year}


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        (boxes("12", "3", "1938"), datetime.date(1938, 3, 12)),
        (boxes("01", "Mar", "1938"), datetime.date(1938, 3, 1)),
        (boxes("29", "february", "2024"), datetime.date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_from_its_boxes(typed, date):
    assert DateField().clean(typed) == date


@pytest.mark.parametrize(
    ("typed", "words", "at_fault"),
    [
        (boxes("", "3", "1938"), "must include a day", ["day"]),
        (boxes("12", "", ""), "must include a month and year", ["month", "year"]),
        (boxes("30", "2", "2024"), "must be a real date", ["day"]),
        (boxes("1", "13", "2024"), "must have a month from 1 to 12", ["month"]),
        (boxes("1", "0", "2024"), "must have a month from 1 to 12", ["month"]),
        (boxes("1", "Ma", "2024"), "must have a month in numbers", ["month"]),
        (boxes("1", "1", "24"), "must have a year with 4 numbers", ["year"]),
        (boxes("x", "1", "2024"), "must have a day in numbers", ["day"]),
        (boxes("١", "1", "2024"), "must have a day in numbers", ["day"]),
        (boxes("9" * 5000, "1", "2024"), "must be a real date", ["day"]),
        (boxes("1", "1", "0000"), "must be a real date", ["day", "month", "year"]),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(typed, words, at_fault):
    with pytest.raises(ValidationError) as caught:
        DateField(subject="date of birth").clean(typed)
    assert caught.value.messages == [f"Date of birth {words}"]
    assert caught.value.params["boxes"] == at_fault


def test_a_date_outside_its_limits_is_refused_with_the_limit():
    field = DateField(subject="review date", earliest=datetime.date(2026, 1, 1), latest=datetime.date(2027, 1, 1))
    with pytest.raises(ValidationError, match="Review date must be on or after 1 January 2026"):
        field.clean(boxes("31", "12", "2025"))
    with pytest.raises(ValidationError, match="Review date must be on or before 1 January 2027"):
        field.clean(boxes("2", "1", "2027"))


@pytest.mark.parametrize(
    ("typed", "precision", "iso"),
    [
        (boxes("12", "3", "1938"), ["D", "M", "Y"], "1938-03-12"),
        (boxes("", "3", "1938"), ["D", "M", "Y"], "1938-03"),
        (boxes("", "", "1938"), ["Y"], "1938"),
        (boxes("", "", ""), ["D"], ""),
    ],
)
def test_a_partial_date_is_kept_as_far_as_it_is_known(typed, precision, iso):
    assert PartialDateField(precision=precision, required=False).clean(typed) == iso


@pytest.mark.parametrize(
    ("typed", "precision", "words"),
    [
        (boxes("12", "", "1938"), ["D", "M", "Y"], "must include a month"),
        (boxes("", "", "1938"), ["D"], "must include a day and month"),
        (boxes("", "", "1938"), ["M"], "must include a month"),
        (boxes("", "3", ""), ["D", "M", "Y"], "must include a year"),
    ],
)
def test_a_partial_date_has_no_holes(typed, precision, words):
    with pytest.raises(ValidationError, match=words):
        PartialDateField(precision=precision).clean(typed)


@pytest.mark.parametrize("value", [datetime.date(1938, 3, 12), "1938-03-12"])
def test_boxes_show_a_stored_date(value):
    assert DateBoxes().boxes(value) == boxes("12", "3", "1938")


def test_boxes_show_a_stored_partial_date():
    assert DateBoxes().boxes("1938-03") == boxes("", "3", "1938")


def test_nothing_typed_is_no_change():
    field = DateField(required=False)
    assert not field.has_changed(None, boxes())
    assert field.has_changed(datetime.date(1938, 3, 12), boxes("13", "3", "1938"))


def test_an_nhs_number_is_read_however_it_was_pasted():
    assert NHSNumberField().clean(" 999\u00a0000 0018 ") == "9990000018"


def test_an_nhs_number_nobody_was_issued_is_refused():
    with pytest.raises(ValidationError):
        NHSNumberField().clean("9990000019")
