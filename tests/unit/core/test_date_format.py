"""The shapes of dates."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from core.date_format import age_on, clock_time, long_date, long_moment, staff_date, staff_moment


@pytest.mark.parametrize(
    ("value", "staff", "patient"),
    [
        (datetime.date(1938, 3, 2), "02-Mar-1938", "2 March 1938"),
        ("1938-03", "Mar-1938", "March 1938"),
        ("1938", "1938", "1938"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_dates_as_far_as_they_are_known(value, staff, patient):
    assert (staff_date(value), long_date(value)) == (staff, patient)


def test_a_moment_is_told_in_london_time():
    late = datetime.datetime(2026, 7, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert staff_moment(late) == "01-Aug-2026 00:30"
    assert long_moment(late) == "1 August 2026 at 00:30"
    assert clock_time(late) == "00:30"


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [("1938-03-12", (2026, 3, 11), 87), ("1938-03-12", (2026, 3, 12), 88), ("1938", (2026, 3, 12), None)],
)
def test_an_age_is_whole_years_and_never_a_guess(born, on, age):
    assert age_on(born, datetime.date(*on)) == age
