"""London's places and boards with the dates on which they held, in our own words.

The places are the 32 clinical commissioning areas of 2016, which outlived the boards above them. Five boards stood
from 2022-07-01; on 2026-04-01 two of them, North Central and North West London, became one. Surrey Downs lies
outside London and is served all the same.
"""

import datetime

BOARDS_BEGAN = datetime.date(2022, 7, 1)
MERGER = datetime.date(2026, 4, 1)

#: Region: code, name.
REGION = ("Y56", "London")
#: Boards: code, name, first day, first day no more, places by code and name.
BOARDS: tuple[tuple[str, str, datetime.date, datetime.date | None, dict[str, str]], ...] = (
    (
        "QMJ",
        "North Central London",
        BOARDS_BEGAN,
        MERGER,
        {"07M": "Barnet", "07R": "Camden", "07X": "Enfield", "08D": "Haringey", "08H": "Islington"},
    ),
    (
        "QRV",
        "North West London",
        BOARDS_BEGAN,
        MERGER,
        {
            "07P": "Brent",
            "09A": "Central London (Westminster)",
            "07W": "Ealing",
            "08C": "Hammersmith and Fulham",
            "08E": "Harrow",
            "08G": "Hillingdon",
            "07Y": "Hounslow",
            "08Y": "West London",
        },
    ),
    (
        "QMF",
        "North East London",
        BOARDS_BEGAN,
        None,
        {
            "07L": "Barking and Dagenham",
            "07T": "City and Hackney",
            "08F": "Havering",
            "08M": "Newham",
            "08N": "Redbridge",
            "08V": "Tower Hamlets",
            "08W": "Waltham Forest",
        },
    ),
    (
        "QKK",
        "South East London",
        BOARDS_BEGAN,
        None,
        {
            "07N": "Bexley",
            "07Q": "Bromley",
            "08A": "Greenwich",
            "08K": "Lambeth",
            "08L": "Lewisham",
            "08Q": "Southwark",
        },
    ),
    (
        "QWE",
        "South West London",
        BOARDS_BEGAN,
        None,
        {
            "07V": "Croydon",
            "08J": "Kingston",
            "08R": "Merton",
            "08P": "Richmond",
            "08T": "Sutton",
            "08X": "Wandsworth",
        },
    ),
)
#: The board the merger made; its places are those of the boards that ended that day.
MERGED = ("Z9B2Z", "North Central and North West London")
#: Places outside London that are served as well.
OUTSIDE = {"99H": "Surrey Downs"}
