"""Deadlines over nights, weekends, holidays and the nights the clocks change. No database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.bank_holidays import Region
from workflows.engine.spec import Counts
from workflows.engine.working_time import LONDON, after, between

EW, SCOTLAND, NI = Region.ENGLAND_WALES, Region.SCOTLAND, Region.NORTHERN_IRELAND
EVERY_DAY, WORKING_DAYS = Counts.EVERY_DAY, Counts.WORKING_DAYS
HOUR = datetime.timedelta(hours=1)


def london(text, fold=0):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("start", "hours", "region", "due"),
    [
        pytest.param("2026-11-04 10:00", 24, EW, "2026-11-05 10:00", id="midweek"),
        pytest.param("2026-11-04 23:30", 1, EW, "2026-11-05 00:30", id="past midnight"),
        pytest.param("2026-11-06 17:00", 24, EW, "2026-11-09 17:00", id="over a weekend"),
        pytest.param("2026-11-06 23:30", 1, EW, "2026-11-09 00:30", id="past midnight into Monday"),
        pytest.param("2026-11-06 23:00", 1, EW, "2026-11-07 00:00", id="used up as the weekend begins"),
        pytest.param("2026-11-07 10:00", 24, EW, "2026-11-10 00:00", id="came on a Saturday"),
        pytest.param("2026-11-08 23:59", 72, EW, "2026-11-12 00:00", id="came late on a Sunday"),
        pytest.param("2026-12-24 12:00", 24, EW, "2026-12-29 12:00", id="Boxing Day kept on Monday"),
        pytest.param("2027-12-24 12:00", 24, EW, "2027-12-29 12:00", id="Christmas and Boxing Day both substituted"),
        pytest.param("2026-04-02 12:00", 24, EW, "2026-04-07 12:00", id="Easter in England"),
        pytest.param("2026-04-02 12:00", 24, SCOTLAND, "2026-04-06 12:00", id="Easter Monday is worked in Scotland"),
        pytest.param("2026-11-27 12:00", 24, EW, "2026-11-30 12:00", id="St Andrew is not kept in England"),
        pytest.param("2026-11-27 12:00", 24, SCOTLAND, "2026-12-01 12:00", id="St Andrew in Scotland"),
        pytest.param("2026-07-10 12:00", 24, NI, "2026-07-14 12:00", id="the Twelfth, kept on Monday"),
        pytest.param("2026-03-27 17:00", 24, EW, "2026-03-30 17:00", id="the clocks go forward on that Sunday"),
        pytest.param("2026-10-23 17:00", 24, EW, "2026-10-26 17:00", id="the clocks go back on that Sunday"),
        pytest.param("2026-10-25 01:30", 24, EW, "2026-10-27 00:00", id="came in the hour there is twice"),
        pytest.param("2026-12-31 12:00", 24, SCOTLAND, "2027-01-05 12:00", id="both days of the Scottish New Year"),
    ],
)
def test_working_days_pass_over_what_nobody_works(start, hours, region, due):
    assert after(london(start), hours * HOUR, WORKING_DAYS, region) == london(due)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("2026-03-28 20:00", 24, "2026-03-29 21:00", id="forward: the day has 23 hours"),
        pytest.param("2026-03-29 00:30", 1, "2026-03-29 02:30", id="forward: half past one does not exist"),
        pytest.param("2026-10-24 20:00", 24, "2026-10-25 19:00", id="back: the day has 25 hours"),
    ],
)
def test_over_every_day_an_hour_is_an_hour(start, hours, due):
    assert after(london(start), hours * HOUR, EVERY_DAY, EW) == london(due)


def test_the_hour_there_is_twice_is_two_hours():
    first, second = london("2026-10-25 01:30"), london("2026-10-25 01:30", fold=1)
    assert after(first, HOUR, EVERY_DAY, EW) == second.astimezone(datetime.UTC)
    assert between(first, second, EVERY_DAY, EW) == HOUR


def test_no_time_is_due_at_once_and_a_clock_set_back_counts_for_nothing():
    saturday = london("2026-11-07 10:00")
    for counts in Counts:
        assert after(saturday, datetime.timedelta(0), counts, EW) == saturday
        assert between(saturday, saturday - HOUR, counts, EW) == datetime.timedelta(0)


MOMENTS = st.datetimes(datetime.datetime(2024, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(datetime.UTC))


@given(start=MOMENTS, hours=st.integers(0, 400), counts=st.sampled_from(Counts), region=st.sampled_from(Region))
def test_what_was_given_is_what_is_left(start, hours, counts, region):
    given_time = hours * HOUR
    assert between(start, after(start, given_time, counts, region), counts, region) == given_time


@given(start=MOMENTS, middle=MOMENTS, end=MOMENTS, region=st.sampled_from(Region))
def test_time_stopped_and_resumed_adds_up(start, middle, end, region):
    start, middle, end = sorted((start, middle, end))
    whole = between(start, end, WORKING_DAYS, region)
    assert whole == between(start, middle, WORKING_DAYS, region) + between(middle, end, WORKING_DAYS, region)
