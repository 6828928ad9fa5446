"""A hundred and twenty made-up people with numbers of the test range; the same every time."""

import datetime
import random
from dataclasses import asdict, dataclass, field
from typing import Any

from core.nhs_number import check_digit

FAMILY = [
    "Black",
    "Okonkwo",
    "Wójcik",
    "O'Neill",
    "Siânwen",
    "Begum",
    "Chatterjee",
    "Featherstonehaugh",
    "Novák",
    "Lee",
    "Ferreira",
    "Abdi",
    "Thompson-Reyes",
    "Kowalczyk",
    "Osei",
    "Murphy",
    "Yılmaz",
    "Green",
    "Hassan",
    "Davies",
    "Łęcka",
    "Petrov",
    "Singh",
    "Achebe",
    "Larsen",
]
FEMALE = [
    "Margaret",
    "Amina",
    "Zofia",
    "Bridget",
    "Siân",
    "Nasreen",
    "Sunita",
    "Winifred",
    "Eva",
    "Mei",
    "Lucia",
    "Hodan",
    "Celia",
    "Agnes",
    "Abena",
]
MALE = [
    "Arthur",
    "Emeka",
    "Jan",
    "Patrick",
    "Rhys",
    "Kamal",
    "Arun",
    "Reginald",
    "Karel",
    "Wei",
    "Paulo",
    "Yusuf",
    "Marcus",
    "Piotr",
    "Kwame",
]
STREETS = [
    "Larch Road",
    "Canal Street",
    "Old Mill Lane",
    "Station Approach",
    "Hill View",
    "Orchard Close",
    "Quay Side",
    "Park Avenue",
]
POSTCODES = ["ZZ1 1AA", "ZZ2 4BD", "ZZ3 7FG", "ZZ4 9HJ", "ZZ5 2LN", "ZZ6 5PQ"]
REFERENCE_NUMBER = "9434765919"


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic person."""

    nhs_number: str
    family_name: str
    given_names: str
    title: str
    preferred_name: str
    sex: str
    date_of_birth: datetime.date
    address_lines: tuple[str, ...]
    postcode: str
    restricted: bool = False
    extras: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"date_of_birth": self.date_of_birth.isoformat()}


def people(count: int = 120) -> list[Person]:
    """The first is the reference person of the walk: Margaret Black, 943 476 5919."""
    chance = random.Random(20_260_401)  # noqa: S311  (made-up people, not secrets)
    made = [_reference()]
    for number, nhs_number in zip(range(1, count), _numbers(), strict=False):
        made.append(_person(chance, number, nhs_number))
    return made


def _reference() -> Person:
    return Person(
        REFERENCE_NUMBER,
        "Black",
        "Margaret",
        "Mrs",
        "Peggy",
        "female",
        datetime.date(1938, 3, 12),
        ("12 Larch Road", "Sampletown"),
        "ZZ1 1AA",
    )


def _person(chance: random.Random, number: int, nhs_number: str) -> Person:
    sex = chance.choice(("female", "male"))
    given = chance.choice(FEMALE if sex == "female" else MALE)
    born = datetime.date(1926, 1, 1) + datetime.timedelta(days=chance.randrange(365 * 55))
    return Person(
        nhs_number=nhs_number,
        family_name=FAMILY[number % len(FAMILY)],
        given_names=given,
        title=chance.choice(("Mrs", "Ms", "Dr") if sex == "female" else ("Mr", "Dr")),
        preferred_name="",
        sex=sex,
        date_of_birth=born,
        address_lines=(f"{chance.randrange(1, 90)} {chance.choice(STREETS)}", "Sampletown"),
        postcode=chance.choice(POSTCODES),
        restricted=number == 60,
    )


def _numbers():
    """Valid numbers of the test range, in order."""
    for serial in range(1_000_000):
        nine = f"999{serial * 37 % 1_000_000:06d}"
        digit = check_digit(nine)
        if digit is not None and nine + digit != "9999999999":
            yield nine + digit
