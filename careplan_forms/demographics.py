"""What the plan asks of a national demographics service, whoever provides it.

`interop` fills the registry; a service that does not answer raises `Unavailable`, and the caller goes on with
an unverified person: nothing in the care of somebody waits for a register.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.exceptions import Unavailable
from core.registry import Registry


class Outcome(StrEnum):
    """What the service said of one number or one set of details."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    INVALIDATED = "invalidated"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, repr=False)
class TracedPerson:
    """A person as the service knows them. Its `repr` is Python's own, so that no log line names anybody.

    `date_of_birth` is as exact as the service has it (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or empty). Of a
    `restricted` person address, telephone and practice are empty and may never be filled from elsewhere.
    """

    nhs_number: str
    version: str
    family_name: str = ""
    given_names: str = ""
    preferred_name: str = ""
    title: str = ""
    date_of_birth: str = ""
    sex: str = "not_known"
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    phone: str = ""
    gp_ods_code: str = ""
    communication_need: str = ""
    died_on: datetime.date | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Trace:
    """The answer to one question. A superseded number comes back as a person with another number."""

    outcome: Outcome
    person: TracedPerson | None = None

    def supersedes(self, asked_for: str) -> bool:
        """Whether the number asked for has been replaced by the one that came back."""
        return self.person is not None and self.person.nhs_number != asked_for


class DemographicsDown(Unavailable):
    """The service did not answer in time, or not in a way we understand."""

    def __init__(self) -> None:
        super().__init__(
            "The national demographics service cannot be reached. "
            "You can go on: the person will be marked as not verified."
        )


class DemographicsService(Protocol):
    """A national index of people, asked for one person at a time."""

    def trace(self, nhs_number: str, *, ods_code: str = "", correlation: str = "") -> Trace:
        """The person of one NHS number. `ods_code` is the organisation asking. Raises DemographicsDown."""

    def search(
        self,
        *,
        family_name: str,
        date_of_birth: datetime.date,
        postcode: str = "",
        ods_code: str = "",
        correlation: str = "",
    ) -> Trace:
        """The one person these details belong to, if there is exactly one. Raises DemographicsDown."""


#: One provider; `interop.apps` fills it.
services: Registry[DemographicsService] = Registry("demographics service", required=True)


def service() -> DemographicsService:
    """The service this deployment is connected to."""
    return services.only()
