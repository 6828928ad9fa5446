"""Areas: whatever day is asked for, the boards of that day."""

import datetime

import pytest

from governance.actors import Actor
from governance.models import Area
from governance.selectors import areas
from governance.selectors import organisations as organisation_selectors
from governance.services import geography, organisations
from tests.worlds import shared


@shared
def london():
    geography.load(by=Actor.job("test"))


def boards(on):
    return set(areas.at(on, "board").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (datetime.date(2025, 6, 1), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 3, 31), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 4, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 5, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
    ],
)
def test_a_figure_uses_the_boards_of_its_day(london, on, codes):
    assert boards(on) == codes


@pytest.mark.parametrize("on", [datetime.date(2025, 6, 1), datetime.date(2026, 5, 1)])
def test_every_place_of_london_has_one_board_on_every_day(london, on):
    region = Area.objects.get(code="Y56")
    places = Area.objects.filter(pk__in=areas.within(region, on), kind="place")
    assert places.count() == 32
    assert {areas.above(place, on, "board").code for place in places} == boards(on)


def test_surrey_downs_is_served_and_lies_outside_london(london):
    surrey = Area.objects.get(code="99H")
    assert surrey.pk not in areas.within(Area.objects.get(code="Y56"), datetime.date(2025, 1, 1))
    assert areas.above(surrey, datetime.date(2025, 1, 1), "board") is None


def test_loading_the_geography_again_adds_nothing(london, job_actor):
    assert geography.load(by=job_actor) == {"areas": 0, "memberships": 0}


def test_an_organisation_is_in_the_board_its_place_lies_in_on_the_day(london, practice, host_officer):
    camden = Area.objects.get(code="07R")
    organisations.place(organisation=practice, area=camden, starts_on=datetime.date(2024, 1, 1), by=host_officer)

    def found(code, on):
        return practice in organisation_selectors.in_area(Area.objects.get(code=code), on)

    assert found("QMJ", datetime.date(2025, 1, 1))
    assert not found("QMJ", datetime.date(2026, 5, 1))
    assert found("Z9B2Z", datetime.date(2026, 5, 1))
    assert not found("QMJ", datetime.date(2023, 12, 31))
