"""Areas: whatever day is asked for, the boards of that day."""

import datetime

import pytest

from governance.actors import Actor
from governance.models import Area
from governance.selectors import areas
from governance.services import geography, organisations
from tests.worlds import shared


@shared
def london():
    geography.load(by=Actor.job("test"))


def boards_of_places(on):
    """The board of each place of London and its neighbour, None where it has none."""
    parents = areas.parents_on(on)
    found = {place.code: areas.board_above(place, parents) for place in Area.objects.filter(kind="place")}
    return {code: board and board.code for code, board in found.items()}


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (datetime.date(2025, 6, 1), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 3, 31), {"QMJ", "QRV", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 4, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
        (datetime.date(2026, 5, 1), {"Z9B2Z", "QMF", "QKK", "QWE"}),
    ],
)
def test_every_place_of_london_lies_in_one_of_the_boards_of_the_day(london, on, codes):
    found = boards_of_places(on)
    assert len(found) == 33
    assert set(found.values()) == {*codes, None}


def test_surrey_downs_is_served_and_lies_outside_london(london):
    assert [code for code, board in boards_of_places(datetime.date(2025, 1, 1)).items() if board is None] == ["99H"]


def test_loading_the_geography_again_adds_nothing(london, job_actor):
    assert geography.load(by=job_actor) == {"areas": 0, "memberships": 0}


def test_an_organisation_is_in_the_board_its_place_lies_in_on_the_day(london, practice, host_officer):
    camden = Area.objects.get(code="07R")
    organisations.place(organisation=practice, area=camden, starts_on=datetime.date(2024, 1, 1), by=host_officer)

    def board(on):
        return areas.boards(on).get(practice.pk, ("", ""))[0]

    assert board(datetime.date(2025, 1, 1)) == "QMJ"
    assert board(datetime.date(2026, 5, 1)) == "Z9B2Z"
    assert board(datetime.date(2023, 12, 31)) == ""
