"""Fixtures every test may use: people in their roles, and the actors they act as."""

import pytest

from governance.actors import Actor
from tests.factories import governance as make


@pytest.fixture
def job_actor() -> Actor:
    return Actor.job("test")


@pytest.fixture
def practice(db):
    """A GP practice in the service: agreement in force."""
    return make.organisation(ods_code="A81001", care_setting="gp_practice", agreement="in_force")


@pytest.fixture
def ambulance_service(db):
    return make.organisation(ods_code="RRU01", care_setting="ambulance", agreement="in_force")


@pytest.fixture
def nurse(practice):
    """A clinician of the practice, listed and trained: an Actor."""
    return make.staff(practice, role="clinician")


@pytest.fixture
def doctor(practice):
    return make.staff(practice, role="doctor")


@pytest.fixture
def other_doctor(practice):
    return make.staff(practice, role="doctor")


@pytest.fixture
def paramedic(ambulance_service):
    return make.staff(ambulance_service, role="urgent_reader")
