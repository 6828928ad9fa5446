import pytest

from careplan_forms import demographics
from interop.demographics.client import PersonalDemographicsService
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared


@shared
def flows():
    """The seeded flows, live and signed."""
    make.flows()


@shared
def form():
    return make.form_version()


@shared
def plan(nurse, form):
    """A plan the nurse has just started, consent given."""
    return make.plan(nurse)


@shared
def outsider():
    """A doctor of a practice that has nothing to do with the plan."""
    return people.staff(people.organisation(name="Elsewhere Practice"), role="doctor")


@pytest.fixture
def national_service(monkeypatch):
    """Connects the product to a service: `national_service(transport)`."""

    def connect(transport):
        service = PersonalDemographicsService(
            "http://demographics.test/personal-demographics/FHIR/R4", transport=transport
        )
        monkeypatch.setattr(demographics.services, "_entries", {"pds": service})
        return service

    return connect
