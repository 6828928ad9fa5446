"""Browsers of people who have signed in."""

import pytest
from django.test import Client

from governance.models import User
from tests.factories import governance as make
from tests.unit.governance.conftest import host, host_officer, lead  # noqa: F401


@pytest.fixture
def client_of(db):
    """A test client signed in as an actor, second factor given: `client_of(nurse)`."""
    return make.client_of


@pytest.fixture
def person(db) -> tuple[User, Client]:
    """An account on no list and its client, not signed in."""
    return make.user("someone@example.org"), Client()
