"""Bank holidays against the years people know, and where each counts."""

import datetime

import pytest

from workflows.engine.bank_holidays import Region, bank_holidays, is_working_day, region_of

EW, SCOTLAND, NI = Region.ENGLAND_WALES, Region.SCOTLAND, Region.NORTHERN_IRELAND

#: As published on GOV.UK, substitute days included.
PUBLISHED = {
    (2020, EW): "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    (2021, EW): "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    (2022, EW): "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    (2023, EW): "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    (2026, EW): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    (2027, EW): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    (2021, SCOTLAND): "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
    (2022, SCOTLAND): "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    (2023, SCOTLAND): "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    (2025, SCOTLAND): "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    (2026, SCOTLAND): "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
    (2024, NI): "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    (2026, NI): "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
}


@pytest.mark.parametrize(("year", "region"), PUBLISHED)
def test_a_year_has_the_holidays_that_were_published(year, region):
    found = sorted(f"{day:%m-%d}" for day in bank_holidays(year, region))
    assert " ".join(found) == PUBLISHED[year, region]


def test_no_holiday_falls_on_a_weekend_and_none_is_lost():
    for year in range(2024, 2100):
        for region, count in ((EW, 8), (SCOTLAND, 9), (NI, 10)):
            found = bank_holidays(year, region)
            assert all(day.weekday() < 5 for day in found), (year, region)
            assert len(found) == count + ((year, region) == (2026, SCOTLAND)), (year, region)


def test_saint_andrew_is_kept_in_scotland_only():
    day = datetime.date(2026, 11, 30)
    assert [is_working_day(day, region) for region in (EW, SCOTLAND, NI)] == [True, False, True]


@pytest.mark.parametrize(
    ("postcode", "region"),
    [
        *[("BT7 1NN", NI), ("EH8 9YL", SCOTLAND), ("g12 8qq", SCOTLAND), ("TD1 1AA", SCOTLAND), ("ZE1 0LL", SCOTLAND)],
        *[("TD15 1XX", EW), ("SE1 7EH", EW), ("GL1 1AA", EW), ("CF10 3AT", EW), ("DL1 1AA", EW), ("IP1 1AA", EW)],
        *[("", EW), ("?", EW), ("12", EW)],
    ],
)
def test_a_postcode_tells_the_region(postcode, region):
    assert region_of(postcode) is region
