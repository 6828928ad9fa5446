"""The host of the service and its officers, for governance's own tests."""

import pytest

from tests.factories import governance as make


@pytest.fixture
def host(db):
    return make.organisation(ods_code="HOST1", care_setting="host", agreement="none", name="Host of the service")


@pytest.fixture
def host_officer(host):
    """An information governance officer of the host: an Actor."""
    return make.staff(host, role="ig_officer")


@pytest.fixture
def lead(practice):
    """The lead of the practice: an Actor."""
    return make.staff(practice, role="org_lead")
