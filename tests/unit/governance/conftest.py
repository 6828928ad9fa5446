"""The host of the service and its officers, for governance's own tests."""

from tests.factories import governance as make
from tests.worlds import shared


@shared
def host():
    return make.organisation(ods_code="HOST1", care_setting="host", agreement="none", name="Host of the service")


@shared
def host_officer(host):
    """An information governance officer of the host: an Actor."""
    return make.staff(host, role="ig_officer")


@shared
def lead(practice):
    """The lead of the practice: an Actor."""
    return make.staff(practice, role="org_lead")
